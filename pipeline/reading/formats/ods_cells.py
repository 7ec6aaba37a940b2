"""One OpenDocument cell: its stored value beside the text it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pipeline.model import MASK, Cell, Kind, Mark, Run, UnreadableFile
from pipeline.reading.formats.colours import seen
from pipeline.reading.formats.draft import has_digit, without_result
from pipeline.reading.formats.ods_styles import Styles
from pipeline.reading.formats.runs import text_of_runs
from pipeline.reading.formats.stored_numbers import is_error, number_text, percent_text, stored_number, weigh
from pipeline.reading.formats.xml_parts import Attributes

_DURATION = re.compile(r"(-?)P(?:([0-9]+)D)?T?(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:[.,][0-9]+)?S)?")
_EXACT = 15
"""Digits of a number that is stored as it is written."""
_MIDNIGHT = "00:00:00"


@dataclass(slots=True)
class ValueCell:
    """A cell as written, and the ``repeats`` columns it stands for; ``paragraphs`` are what it shows."""

    column: int
    repeats: int
    attributes: Attributes
    paragraphs: list[str] = field(default_factory=list)
    apart: list[tuple[int, int, str, tuple[str, ...]]] = field(default_factory=list)
    """Texts in spans: paragraph, place in it, the text, and the styles around it (``family:name``), the outermost first."""
    ruby: str = ""

    @property
    def empty(self) -> bool:
        """Whether it holds neither value nor formula nor text (a formatted blank)."""
        attributes = self.attributes
        typed = "office:value-type" in attributes or "table:formula" in attributes or "calcext:value-type" in attributes
        return not typed and not any(self.paragraphs)


def plain_number(cell: ValueCell) -> Cell | None:
    """The cell of a whole number that is shown as it is stored, as most are; None for everything else."""
    attributes = cell.attributes
    value = attributes.get("office:value", "")
    if (
        cell.paragraphs != [value]
        or not (value.isascii() and value.isdecimal())
        or len(value) > _EXACT
        or cell.apart
        or cell.ruby
    ):
        return None
    if value[0] == "0" != value or attributes.get("office:value-type") != "float" or "table:formula" in attributes:
        return None
    return Cell(Kind.NUMBER, value, int(value)) if attributes.get("calcext:value-type", "float") == "float" else None


def with_look(cell: ValueCell, made: Cell, styles: Styles, style: str) -> Cell | None:
    """A cell that may be a number, with what is set apart in it and what its style hides."""
    if made.kind is Kind.TEXT and (cell.apart or cell.ruby):
        runs = text_of_runs(_runs(cell, styles, style), formula=made.formula)
        return runs and seen(runs, styles.look(style))
    if made.kind is Kind.NUMBER and made.number is not None and styles.formats:
        made = _of_format(made, styles.kind_by_format(style, float(made.number)))
    if made.kind is Kind.NUMBER and made.number and not cell.paragraphs:
        made = _as_shown(made, styles.shown_by_format(style, float(made.number)))
    by_format = styles.letters_by_format(style, float(made.number)) if made.number is not None and styles.formats else None
    return made if by_format is None and styles.is_usual(style) else seen(made, styles.look(style), by_format)


def _of_format(made: Cell, kind: Kind) -> Cell:
    """A stored number whose format shows it as a percentage, a date, a time or a truth value."""
    if kind is Kind.NUMBER:
        return made
    return replace(made, kind=kind, text=percent_text(float(made.number or 0)) if kind is Kind.PERCENT else made.text)


def _as_shown(made: Cell, shown: float | None) -> Cell:
    """The cell of a number whose text the writer left to the format."""
    if shown is not None and shown == made.number:
        return made
    return replace(made, kind=Kind.MASKED, text=f"{'' if shown is None else number_text(shown)}{MASK}{made.text}")


def make_cell(cell: ValueCell, units: frozenset[str]) -> Cell | None:
    """None for nothing. Raises UnreadableFile (damaged): a value that is not of its type."""
    attributes = cell.attributes
    shown = "\n".join(cell.paragraphs)
    formula = "table:formula" in attributes
    kind = attributes.get("office:value-type") or attributes.get("calcext:value-type", "")
    if attributes.get("calcext:value-type") == "error" or (formula and is_error(shown)):
        return Cell(Kind.ERROR, shown or attributes.get("office:string-value", ""), None, formula)
    if kind in ("float", "currency"):
        number = stored_number(attributes.get("office:value", ""))
        return weigh(number, shown if cell.paragraphs else None, formula=formula, units=units)
    if kind == "percentage":
        number = stored_number(attributes.get("office:value", ""))
        return Cell(Kind.PERCENT, percent_text(number), number, formula)
    if kind == "boolean":
        return Cell(Kind.BOOLEAN, "TRUE" if attributes.get("office:boolean-value") == "true" else "FALSE", None, formula)
    if kind == "date":
        stored = attributes.get("office:date-value", shown).replace("T", " ").removesuffix("Z")
        return Cell(Kind.DATE, stored.removesuffix(f" {_MIDNIGHT}"), None, formula)
    if kind == "time":
        return Cell(Kind.TIME, _time(attributes.get("office:time-value", ""), shown), None, formula)
    if kind == "void":
        return None
    if kind not in ("", "string"):
        raise UnreadableFile("damaged")
    stored = attributes.get("office:string-value", "")
    if cell.paragraphs and stored and _is_other(stored, shown):
        return Cell(Kind.MASKED, f"{shown}{MASK}{stored}", None, formula)
    text = shown or stored
    if formula and not text and kind != "string":
        return without_result(attributes["table:formula"].partition(":")[2])
    return Cell(Kind.TEXT, text, None, formula) if text else None


def _is_other(stored: str, shown: str) -> bool:
    """Whether a format hides a text that may be a number, or shows another."""
    return has_digit(stored) and "".join(stored.split()) not in "".join(shown.split())


def _runs(cell: ValueCell, styles: Styles, style: str) -> Iterator[Run]:
    look = styles.look(style)
    own = Mark.STRUCK if look.struck else None
    for number, paragraph in enumerate(cell.paragraphs):
        at = 0
        if number:
            yield Run("\n")
        for _, start, text, spans in (part for part in cell.apart if part[0] == number):
            yield Run(paragraph[at:start], own)
            yield Run(text, styles.mark(spans, look.ground) or own)
            at = start + len(text)
        yield Run(paragraph[at:], own)
    yield Run(cell.ruby.strip(), Mark.RUBY)


def _time(value: str, shown: str) -> str:
    match = _DURATION.fullmatch(value)
    if not match:
        return shown or value
    days, hours, minutes, seconds = (int(part or "0") for part in match.groups()[1:])
    return f"{match[1]}{days * 24 + hours:02d}:{minutes:02d}:{seconds:02d}"
