"""One OpenDocument cell: its stored value beside the text it shows."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from pipeline.intake.numbers import number_text, percent_text
from pipeline.intake.package import Attributes
from pipeline.intake.sheets import uncalculated
from pipeline.model import Cell, Kind, UnreadableFile

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_ERROR = re.compile(r"#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A)|Err:[0-9]{3}|#[A-Z][A-Z/0-9]*[!?]")
_DURATION = re.compile(r"(-?)P(?:([0-9]+)D)?T?(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:[.,][0-9]+)?S)?")
_SHOWN = re.compile(r"[+(（]?([-−－]?)[(（]?\s*([0-9][0-9.,\s]*(?:E[+-]?[0-9]+)?)\s*[)）]?", re.IGNORECASE)
_DASHES = frozenset("-–—―－ ")
_MIDNIGHT = "00:00:00"


@dataclass(slots=True)
class ValueCell:
    """A cell as written, and the ``repeats`` columns it stands for; ``paragraphs`` are what it shows."""

    column: int
    repeats: int
    attributes: Attributes
    paragraphs: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether it holds neither value nor formula nor text (a formatted blank)."""
        attributes = self.attributes
        typed = "office:value-type" in attributes or "table:formula" in attributes or "calcext:value-type" in attributes
        return not typed and not any(self.paragraphs)


def make_cell(cell: ValueCell, units: frozenset[str]) -> Cell | None:
    """None for nothing. Raises UnreadableFile (damaged): a value that is not of its type."""
    attributes = cell.attributes
    shown = "\n".join(cell.paragraphs)
    formula = "table:formula" in attributes
    kind = attributes.get("office:value-type", "")
    if attributes.get("calcext:value-type") == "error" or (formula and _ERROR.fullmatch(shown)):
        return Cell(Kind.ERROR, shown or attributes.get("office:string-value", ""), None, formula)
    if kind in ("float", "currency"):
        return _number(attributes.get("office:value", ""), shown if cell.paragraphs else None, formula, units)
    if kind == "percentage":
        number = _parse(attributes.get("office:value", ""))
        return Cell(Kind.PERCENT, percent_text(number), number, formula)
    if kind == "boolean":
        return Cell(Kind.BOOLEAN, "TRUE" if attributes.get("office:boolean-value") == "true" else "FALSE", None, formula)
    if kind == "date":
        stored = attributes.get("office:date-value", shown).replace("T", " ").removesuffix("Z")
        return Cell(Kind.DATE, stored.removesuffix(f" {_MIDNIGHT}"), None, formula)
    if kind == "time":
        return Cell(Kind.TIME, _time(attributes.get("office:time-value", ""), shown), None, formula)
    text = shown or attributes.get("office:string-value", "")
    if formula and not text:
        return uncalculated(attributes["table:formula"].partition(":")[2])
    return Cell(Kind.TEXT, text, None, formula) if text else None


def _parse(value: str) -> float:
    if not _NUMBER.fullmatch(value):
        raise UnreadableFile("damaged")
    return float(value)


def _number(value: str, shown: str | None, formula: bool, units: frozenset[str]) -> Cell:
    """A stored number; TEXT where the cell shows something that does not mean it (another magnitude, a word, a sign, nothing).

    ``shown`` is None where the writer left it to the reader to show the value.
    """
    number = _parse(value)
    held: float | int = int(number) if number.is_integer() and abs(number) < 1e15 else number
    if shown is None:
        return Cell(Kind.NUMBER, number_text(held), held, formula)
    text = shown.strip()
    unit = next((unit for unit in units if unit and text.endswith(unit)), "")
    bare = text.removesuffix(unit).strip()
    match = _SHOWN.fullmatch(bare)
    if (number == 0 and set(bare) <= _DASHES) or (match and _means(match, number)):
        return Cell(Kind.NUMBER, number_text(held) + unit, held, formula)
    return Cell(Kind.TEXT, f"{text}≠{number_text(held)}" if match or not bare else text, None, formula)


def _means(match: re.Match[str], number: float) -> bool:
    """Whether the digits shown are the number as far as they go; comma and point may each be the decimal sign."""
    if (match[1] or "(" in match[0] or "（" in match[0]) and number > 0:
        return False
    digits = re.sub(r"\s", "", match[2])
    for point, group in ((".", ","), (",", ".")):
        plain = digits.replace(group, "").replace(point, ".")
        if plain.count(".") < 2 and _NUMBER.fullmatch(plain):
            mantissa, _, exponent = plain.upper().partition("E")
            step = 10.0 ** (int(exponent or "0") - len(mantissa.partition(".")[2]))
            if math.isclose(float(plain), abs(number), rel_tol=1e-12, abs_tol=step / 2 * (1 + 1e-9)):
                return True
    return False


def _time(value: str, shown: str) -> str:
    match = _DURATION.fullmatch(value)
    if not match:
        return shown or value
    days, hours, minutes, seconds = (int(part or "0") for part in match.groups()[1:])
    return f"{match[1]}{days * 24 + hours:02d}:{minutes:02d}:{seconds:02d}"
