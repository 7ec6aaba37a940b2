"""One worksheet of an OOXML workbook, read as a stream: blank cells, however many and however far, leave nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.model import Area, Cell, Kind, UnreadableFile
from pipeline.reading.formats.colours import seen
from pipeline.reading.formats.conditions import hide
from pipeline.reading.formats.draft import (
    MAX_COLUMNS,
    MAX_ROWS,
    Budget,
    Draft,
    Sheet,
    area,
    has_digit,
    merged,
    place,
    uncalculated,
)
from pipeline.reading.formats.number_formats import letters_by_format
from pipeline.reading.formats.package import Package
from pipeline.reading.formats.stored_numbers import cell_of, shown_again, shown_text, stored_number
from pipeline.reading.formats.xlsx_conditions import ConditionalFormats
from pipeline.reading.formats.xlsx_styles import Colours, Styles, colour_as_written
from pipeline.reading.formats.xlsx_texts import RichText, TextReader, unescape
from pipeline.reading.formats.xml_parts import Attributes, whole_number, xml_parser

NAMESPACES = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
_NEWER, _EXCEL = (
    "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main",
    "http://schemas.microsoft.com/office/excel/2006/main",
)
"""Of the conditional formats that Excel 2010 added: rules about other sheets, with their formats beside them."""
_ENDS = ("c", "v", "f", "t", "rPh", "rPr", "formula")
_LOCAL = {f"{namespace} {tag}": tag for namespace in NAMESPACES for tag in _ENDS}
_LOCAL |= {f"{_EXCEL} f": "formula", f"{_EXCEL} sqref": "sqref"}
_TRUE = {"1", "true"}
_PICTURE = "DISPIMG("
"""WPS shows a picture in a cell by a formula; its result is no value."""
_NOWHERE = "nowhere"
_MAX_ARRAY = 10_000
"""Cells of one array formula that are looked at; larger ones are no form's."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """What the cells of all sheets refer to."""

    texts: list[str | RichText]
    styles: Styles
    colours: Colours
    since_1904: bool
    calculates_on_load: bool
    """A zero result is then no result: writers without a calculator store 0 and ask for it."""
    units: frozenset[str]


class SheetParser:
    """Reads one sheet; not to be used twice."""

    def __init__(self, workbook: Workbook, budget: Budget) -> None:
        self.workbook = workbook
        self.budget = budget
        self.row = self.offset = self.last_row = self.last_column = 0
        self.reference = ""
        self.cell: Attributes = {}
        self.rows_hidden = False
        self.pieces: dict[str, list[str]] = {}
        self.inline = TextReader()
        self.codes: dict[str, str] = {}
        """Format codes by style as cells write it."""
        self.arrays: list[Area] = []
        self.shared: set[str] = set()
        self.followers: list[tuple[tuple[int, int], str]] = []
        """Cells whose formula is another cell's, and the number of that formula; _NOWHERE where nothing can be its result."""
        self.follows: str | None = None
        self.own_formula = False
        self.in_runs = False
        """The cell's text has runs with looks of their own."""
        self.looks: dict[tuple[int, int], int] = {}
        """Cells whose style is none of the usual, for conditional formats."""
        self.conditions = ConditionalFormats()

    def read(self, package: Package, part: str, name: str, *, hidden: bool) -> Sheet:
        """Raises UnreadableFile (damaged, too_many_cells)."""
        self.draft = Draft(name, hidden)
        self.parser = xml_parser(self._start)
        package.parse(part, self.parser)
        del self.parser  # the two hold each other, and with them all cells, until the garbage is collected
        for array in self.arrays:
            self._mark_array(array)
        for key, formula in self.followers:
            if formula not in self.shared and key in self.draft.cells:
                self.draft.cells[key] = uncalculated()
        if self.conditions.rules:
            self._hide()
        self.budget.spend(0, len({row for row, _ in self.draft.cells}))
        return Sheet(self.draft.grid(), self.last_row * self.last_column)

    def _start(self, tag: str, attributes: Attributes) -> None:
        handler = _STARTS.get(tag)
        if handler:
            handler(self, attributes)

    def _end(self, tag: str) -> None:
        local = _LOCAL.get(tag)
        if local is None:
            return
        if local == "c":
            self.parser.EndElementHandler = None
            self._finish_cell()
        elif local in ("v", "f", "t"):
            self.parser.CharacterDataHandler = None
        elif local == "rPh":
            self.inline.phonetic = False
        elif local == "rPr":
            self.inline.font = None
        elif local == "formula":
            self.parser.CharacterDataHandler = None
            self.parser.EndElementHandler = None
            self.conditions.rules[-1].formulas.append("".join(self.pieces.pop("formula", ())))
        elif local == "sqref":
            self.parser.CharacterDataHandler = None
            self.parser.EndElementHandler = None
            self.conditions.end_newer("".join(self.pieces.pop("sqref", ())))
            self.inline.font = None

    def _start_row(self, attributes: Attributes) -> None:
        self.row = int(attributes["r"]) if attributes.get("r") else self.row + 1
        self.reference, self.offset = "", 0
        height = _measure(attributes, "ht")
        unseen = self.rows_hidden and height is None and "hidden" not in attributes
        if attributes.get("hidden") in _TRUE or unseen or height == 0:
            self.draft.hidden_rows.append((self.row, self.row))

    def _start_cell(self, attributes: Attributes) -> None:
        if self.pieces:  # of no cell
            raise UnreadableFile("damaged")
        self.cell = attributes
        if "r" in attributes:
            self.reference, self.offset = attributes["r"], 0
        else:
            self.offset += 1  # a cell without an address stands right of the one before

    def _collect_value(self, _: Attributes) -> None:
        self._collect("v")

    def _start_inline(self, _: Attributes) -> None:
        self._only("is")
        self.inline.clear()

    def _collect_text(self, _: Attributes) -> None:
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = (self.inline.ruby if self.inline.phonetic else self.inline.pieces).append

    def _start_formula(self, attributes: Attributes) -> None:
        self._collect("f")
        kind = attributes.get("t", "normal")
        self.own_formula = kind == "normal"
        if kind in ("array", "dataTable") and "ref" in attributes:
            self.arrays.append(area(attributes["ref"]))
            if self._place() not in self.arrays[-1]:
                self.follows = _NOWHERE
        elif kind == "shared":
            number = attributes.get("si", "")
            if "ref" in attributes:
                self.shared.add(number)
            else:
                self.follows = number

    def _collect(self, name: str) -> None:
        """Ends are listened to from here to the end of the cell: a million blank cells need not be heard twice."""
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._only(name).append

    def _only(self, name: str) -> list[str]:
        """For the pieces of a part that a cell has once: of two values nobody knows which one counts."""
        if name in self.pieces:
            raise UnreadableFile("damaged")
        self.pieces[name] = []
        return self.pieces[name]

    def _start_run(self, _: Attributes) -> None:
        self.inline.start("r", _)

    def _start_look(self, _: Attributes) -> None:
        self.inline.start("rPr", _)
        self.parser.EndElementHandler = self._end

    def _start_phonetic(self, _: Attributes) -> None:
        self.inline.start("rPh", _)
        self.parser.EndElementHandler = self._end

    def _column(self, attributes: Attributes) -> None:
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if (attributes.get("hidden") in _TRUE or _measure(attributes, "width") == 0) and first.isdecimal() and last.isdecimal():
            self.draft.hidden_columns.append((int(first), int(last)))

    def _merge(self, attributes: Attributes) -> None:
        if (area := merged(attributes.get("ref", ""))) is not None:
            self.draft.merge(area)

    def _rule_formula(self, _: Attributes) -> None:
        if self.conditions.rules:
            self._collect("formula")

    def _newer_formula(self, _: Attributes) -> None:
        if self.conditions.newer:
            self._collect("formula")

    def _newer_areas(self, _: Attributes) -> None:
        if self.conditions.newer is not None:
            self._collect("sqref")

    def _rule_font(self, _: Attributes) -> None:
        if (font := self.conditions.own_font()) is not None:
            self.inline.font = font

    def _rule_border(self, _: Attributes) -> None:
        self.inline.font = None

    def _rule_ground(self, name: str, value: str) -> None:
        self.inline.font = None
        self.conditions.ground(name, value)

    def _rule_pattern(self, attributes: Attributes) -> None:
        self._rule_ground("pattern", attributes.get("patternType", ""))

    def _hide(self) -> None:
        """What conditional formats hide. Their fonts and grounds are among the workbook's differential styles."""
        styles, colours = self.workbook.styles, self.workbook.colours
        conditions = self.conditions.said(styles, colours)
        hide(self.draft.cells, conditions, lambda place: colours.look_of(styles.unusual.get(self.looks.get(place, -1))))

    def _defaults(self, attributes: Attributes) -> None:
        self.rows_hidden = attributes.get("zeroHeight") in _TRUE

    def _place(self) -> tuple[int, int]:
        row, column = place(self.reference) if self.reference else (self.row, 0)
        column += self.offset
        if not (1 <= row <= MAX_ROWS and 1 <= column <= MAX_COLUMNS):
            raise UnreadableFile("damaged")
        return row, column

    def _finish_cell(self) -> None:
        pieces, self.pieces = self.pieces, {}
        self.in_runs = False
        if "f" in pieces or "is" in pieces:
            cell = self._held(pieces)
        else:
            cell = self._calculated(self.cell.get("t", "n"), "".join(pieces.get("v", ())), None)
        row, column = self._place()
        if row > self.last_row:
            self.last_row = row
        if column > self.last_column:
            self.last_column = column
        if self.follows is not None:
            self.followers.append(((row, column), self.follows))
            self.follows = None
        if cell is not None:
            self.budget.spend(1, 0)
            self.draft.put(row, column, self._seen(cell) if self.workbook.styles.unusual else cell)

    def _held(self, pieces: dict[str, list[str]]) -> Cell | None:
        """What the cell's own type says it holds: beside an inline text a value of another type may stand."""
        kind = self.cell.get("t", "n")
        value = "".join(pieces.get("v", ()))
        formula = "".join(pieces["f"]) if "f" in pieces else None
        if formula == "" and self.own_formula:
            self.follows = _NOWHERE
        if "is" in pieces and (kind == "inlineStr" or not value.strip()):
            return self._text(self.inline.text(), formula is not None)
        if formula is not None and _PICTURE in formula:
            return uncalculated(formula)
        return self._calculated(kind, value, formula)

    def _calculated(self, kind: str, value: str, formula: str | None) -> Cell | None:
        """A formula's result, a stored value, or None for nothing: also a result that is an empty text."""
        if not value.strip():
            return None if formula is None or kind == "str" else uncalculated(formula)
        cell = self._value(kind, value, formula is not None)
        if formula is not None and cell is not None and cell.number == 0 and self.workbook.calculates_on_load:
            return uncalculated(formula)
        return cell

    def _value(self, kind: str, value: str, formula: bool) -> Cell | None:
        if kind == "s":
            return self._text(self._shared(value.strip()), formula)
        if kind == "n":
            return self._number(value.strip(), formula)
        if kind == "str":
            return self._text(value, formula)
        if kind == "inlineStr":
            return None  # an inline text stands in a part of its own: office programs show nothing
        if kind == "b":
            return Cell(Kind.BOOLEAN, "TRUE" if value.strip() in _TRUE else "FALSE", None, formula)
        if kind == "e":
            return Cell(Kind.ERROR, value.strip(), None, formula)
        if kind == "d":
            shown = value.strip().replace("T", " ").removesuffix("Z").removesuffix(" 00:00:00")
            return Cell(Kind.DATE if "-" in shown else Kind.TIME, shown, None, formula)
        raise UnreadableFile("damaged")

    def _text(self, text: str | RichText, formula: bool) -> Cell | None:
        code = self._code()
        if isinstance(text, str):
            return text_cell(text, code, formula)
        font = self.workbook.styles.unusual.get(self._style())
        look = self.workbook.colours.look_of(font)
        cell = text.cell(look, font[0].align if font else "", self.workbook.colours, formula=formula)
        self.in_runs = True
        return cell and shown_again(cell, code)

    def _seen(self, cell: Cell) -> Cell:
        """The cell, with why it is not seen where its style says so. Only what may be a number is looked at."""
        style = self.workbook.styles.unusual.get(self._style())
        if style:
            self.looks[self._place()] = self._style()
        if style is None or cell.unseen or self.in_runs or not has_digit(cell.text):
            return cell
        by_format = letters_by_format(self._code(), float(cell.number)) if cell.number is not None else None
        return seen(cell, self.workbook.colours.look_of(style), by_format)

    def _shared(self, index: str) -> str | RichText:
        if not (index.isascii() and index.isdecimal() and int(index) < len(self.workbook.texts)):
            raise UnreadableFile("damaged")
        return self.workbook.texts[int(index)]

    def _style(self) -> int:
        return whole_number(self.cell.get("s", ""))

    def _code(self) -> str:
        written = self.cell.get("s", "")
        code = self.codes.get(written)
        if code is None:
            code = self.codes[written] = self._format(whole_number(written))
        return code

    def _format(self, style: int) -> str:
        """Of a style that is nowhere office programs take the plainest."""
        formats = self.workbook.styles.formats
        return formats[style] if style < len(formats) else "General"

    def _number(self, value: str, formula: bool) -> Cell:
        return number_cell(value, self._code(), formula, self.workbook.units, self.workbook.since_1904)

    def _mark_array(self, array: Area) -> None:
        """The cells of an array formula carry no formula of their own; those without a result were never calculated."""
        if (array.bottom - array.top + 1) * (array.right - array.left + 1) > _MAX_ARRAY:
            raise UnreadableFile("too_many_cells")
        for key in ((r, c) for r in range(array.top, array.bottom + 1) for c in range(array.left, array.right + 1)):
            cell = self.draft.cells.get(key)
            self.draft.cells[key] = replace(cell, formula=True) if cell else uncalculated()


def _property(tag: str) -> Callable[[SheetParser, Attributes], object]:
    return lambda parser, attributes: parser.inline.start(tag, attributes)


def _colour(tag: str) -> Callable[[SheetParser, Attributes], object]:
    return lambda parser, attributes: parser._rule_ground(tag, colour_as_written(attributes))


def _of_conditions(take: Callable[[ConditionalFormats, Attributes], object]) -> Callable[[SheetParser, Attributes], object]:
    return lambda parser, attributes: take(parser.conditions, attributes)


_IN_PLACE = _of_conditions(ConditionalFormats.in_place)
_LOOKS = {tag: _property(tag) for tag in ("strike", "vertAlign", "color", "vanish")}
_HANDLERS: dict[str, Callable[[SheetParser, Attributes], object]] = {
    "row": SheetParser._start_row, "c": SheetParser._start_cell, "v": SheetParser._collect_value, "f": SheetParser._start_formula,
    "t": SheetParser._collect_text, "rPh": SheetParser._start_phonetic, "col": SheetParser._column,
    "conditionalFormatting": _of_conditions(ConditionalFormats.begin), "cfRule": _of_conditions(ConditionalFormats.rule),
    "formula": SheetParser._rule_formula, "dataBar": _IN_PLACE, "iconSet": _IN_PLACE,
    "is": SheetParser._start_inline, "r": SheetParser._start_run, "rPr": SheetParser._start_look, **_LOOKS,
    "mergeCell": SheetParser._merge, "sheetFormatPr": SheetParser._defaults,
    "font": SheetParser._rule_font, "border": SheetParser._rule_border, "patternFill": SheetParser._rule_pattern,
    "bgColor": _colour("bgColor"), "fgColor": _colour("fgColor"), "numFmt": _of_conditions(ConditionalFormats.own_code),
}  # fmt: skip
_STARTS = {f"{namespace} {tag}": handler for namespace in NAMESPACES for tag, handler in _HANDLERS.items()}
_STARTS |= {
    f"{_NEWER} conditionalFormatting": _of_conditions(ConditionalFormats.begin_newer),
    f"{_NEWER} cfRule": _of_conditions(ConditionalFormats.newer_rule),
    f"{_NEWER} dataBar": _IN_PLACE, f"{_NEWER} iconSet": _IN_PLACE,
    f"{_EXCEL} f": SheetParser._newer_formula, f"{_EXCEL} sqref": SheetParser._newer_areas,
}  # fmt: skip


def _measure(attributes: Attributes, name: str) -> float | None:
    """A height or a width; None for none, or what is no number."""
    written = attributes.get(name)
    try:
        return None if written is None else float(written)
    except ValueError:
        return None


@lru_cache(maxsize=1024)  # offices copy the form: the same texts and small numbers come again in file after file
def text_cell(text: str, code: str, formula: bool) -> Cell | None:
    return shown_text(unescape(text), code, formula=formula) if text else None


@lru_cache(maxsize=1024)
def number_cell(value: str, code: str, formula: bool, units: frozenset[str], since_1904: bool) -> Cell:
    return cell_of(stored_number(value), code, formula=formula, units=units, since_1904=since_1904)
