"""One cell of an XML Spreadsheet 2003: its typed value, and the runs of other looks within its text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.model import Cell, Kind, Mark, Run, UnreadableFile
from pipeline.reading.formats.colours import PLAIN, Colour, alike, from_hex, seen
from pipeline.reading.formats.draft import has_digit, without_result
from pipeline.reading.formats.number_formats import letters_by_format
from pipeline.reading.formats.runs import text_of_runs
from pipeline.reading.formats.stored_numbers import cell_of, shown_again, shown_text, stored_number
from pipeline.reading.formats.xml_parts import Attributes
from pipeline.reading.formats.xml_spreadsheet_styles import Resolved

_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?Z?)?")
_NO_DAY = {"1899-12-31", "1899-12-30", "1904-01-01"}
"""The day that a time of day is written with."""
_MARKS = {"s": Mark.STRUCK, "strike": Mark.STRUCK, "del": Mark.STRUCK, "sup": Mark.SUPERSCRIPT, "sub": Mark.SUBSCRIPT}


@dataclass(slots=True)
class OpenCell:
    """A cell being read: its place and style, its value as written, the elements of HTML around the text that comes next."""

    row: int
    column: int
    style: str
    formula: str | None
    type: str | None = None
    pieces: list[tuple[str, tuple[tuple[str, Attributes], ...]]] = field(default_factory=list)
    around: list[tuple[str, Attributes]] = field(default_factory=list)
    ruby: str = ""

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.pieces)


def made_cell(cell: OpenCell, style: Resolved, units: frozenset[str], *, since_1904: bool) -> Cell | None:
    """None for a blank. Raises UnreadableFile (damaged): a value that is not of its type, or of no known type."""
    formula = cell.formula is not None
    if cell.type is None or (formula and cell.type != "String" and not cell.text.strip()):
        return without_result(cell.formula) if cell.formula is not None else None
    text = cell.text
    match cell.type:
        case "Number":
            number = stored_number(text.strip())
            made = cell_of(number, style.code, formula=formula, units=units, since_1904=since_1904)
            if style.look is PLAIN and "[" not in style.code:
                return made
            return seen(made, style.look, letters_by_format(style.code, number))
        case "String":
            return _string(cell, text, style, formula=formula)
        case "DateTime":
            return _moment(text.strip(), formula=formula)
        case "Boolean" if text.strip() in ("0", "1"):
            return Cell(Kind.BOOLEAN, "TRUE" if text.strip() == "1" else "FALSE", None, formula)
        case "Error":
            return Cell(Kind.ERROR, text.strip(), None, formula)
    raise UnreadableFile("damaged")


def _string(cell: OpenCell, text: str, style: Resolved, *, formula: bool) -> Cell | None:
    """A text; only one with a digit in it may be a number, and its looks are looked at."""
    if not text:
        return None
    if not has_digit(text + cell.ruby):
        return Cell(Kind.TEXT, text, None, formula)
    if not cell.ruby and not any(around for _, around in cell.pieces):
        return seen(shown_text(text, style.code, formula=formula), style.look)
    runs = [Run(piece, _mark(around, style)) for piece, around in cell.pieces]
    made = text_of_runs((*runs, Run(cell.ruby, Mark.RUBY)), formula=formula)
    return made and seen(shown_again(made, style.code), style.look)


def _mark(around: tuple[tuple[str, Attributes], ...], style: Resolved) -> Mark | None:
    """How a run is set apart: what strikes it out comes first, then what hides it, then its place."""
    marks = [mark for tag, _ in around if (mark := _MARKS.get(tag))]
    letters: Colour | None = style.look.letters
    for tag, attributes in around:
        if tag == "font" and (written := attributes.get("Color")):
            letters = from_hex(written)
    if style.look.struck or Mark.STRUCK in marks:
        return Mark.STRUCK
    if alike(letters, style.look.ground):
        return Mark.COLOURED
    return marks[-1] if marks else style.align


def _moment(text: str, *, formula: bool) -> Cell:
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise UnreadableFile("damaged")
    day, time = found[1], found[2] or "00:00:00"
    if day in _NO_DAY:
        return Cell(Kind.TIME, time, None, formula)
    return Cell(Kind.DATE, day if time == "00:00:00" else f"{day} {time}", None, formula)
