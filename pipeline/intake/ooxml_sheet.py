"""One worksheet of an OOXML workbook, read as a stream: blank cells, however many and however far, leave nothing behind."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.intake.numbers import cell_of, stored_number
from pipeline.intake.package import Attributes, Package, xml_parser
from pipeline.intake.sheets import MAX_COLUMNS, MAX_ROWS, Budget, Draft, Sheet, area, place, uncalculated
from pipeline.model import Area, Cell, Kind, UnreadableFile

_NAMESPACES = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
_ENDS = ("c", "v", "f", "t", "rPh")
_LOCAL = {f"{namespace} {tag}": tag for namespace in _NAMESPACES for tag in _ENDS}
_TRUE = {"1", "true"}
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MAX_ARRAY = 10_000
"""Cells of one array formula that are looked at; larger ones are no form's."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """What the cells of all sheets refer to. ``formats`` are the format codes of the cell styles, in order."""

    texts: list[str]
    formats: list[str]
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
        self.phonetic = self.rows_hidden = False
        self.pieces: dict[str, list[str]] = {}
        self.arrays: list[Area] = []

    def read(self, package: Package, part: str, name: str, *, hidden: bool) -> Sheet:
        """Raises UnreadableFile (damaged, too_many_cells)."""
        self.draft = Draft(name, hidden)
        self.parser = xml_parser(self._start)
        package.parse(part, self.parser)
        del self.parser  # the two hold each other, and with them all cells, until the garbage is collected
        for array in self.arrays:
            self._mark_array(array)
        self.budget.spend(0, len({row for row, _ in self.draft.cells}))
        return Sheet(self.draft.grid(), self.last_row * self.last_column)

    def _start(self, tag: str, attributes: Attributes) -> None:
        handler = _STARTS.get(tag)
        if handler:
            handler(self, attributes)

    def _end(self, tag: str) -> None:
        local = _LOCAL.get(tag)
        if local == "c":
            self.parser.EndElementHandler = None
            self._finish_cell()
        elif local in ("v", "f", "t"):
            self.parser.CharacterDataHandler = None
        elif local == "rPh":
            self.phonetic = False

    def _start_row(self, attributes: Attributes) -> None:
        self.row = int(attributes["r"]) if "r" in attributes else self.row + 1
        self.reference, self.offset = "", 0
        height = attributes.get("ht")
        unseen = self.rows_hidden and height is None and "hidden" not in attributes
        if attributes.get("hidden") in _TRUE or unseen or (height is not None and float(height) == 0):
            self.draft.hidden_rows.append((self.row, self.row))

    def _start_cell(self, attributes: Attributes) -> None:
        self.cell = attributes
        if "r" in attributes:
            self.reference, self.offset = attributes["r"], 0
        else:
            self.offset += 1  # a cell without an address stands right of the one before

    def _collect_value(self, _: Attributes) -> None:
        self._collect("v")

    def _collect_text(self, _: Attributes) -> None:
        if not self.phonetic:
            self._collect("t")

    def _start_formula(self, attributes: Attributes) -> None:
        self._collect("f")
        if attributes.get("t") in ("array", "dataTable") and "ref" in attributes:
            self.arrays.append(area(attributes["ref"]))

    def _collect(self, name: str) -> None:
        """Ends are listened to from here to the end of the cell: a million blank cells need not be heard twice."""
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self.pieces.setdefault(name, []).append

    def _start_phonetic(self, _: Attributes) -> None:
        self.phonetic = True
        self.parser.EndElementHandler = self._end

    def _column(self, attributes: Attributes) -> None:
        width = attributes.get("width")
        if attributes.get("hidden") in _TRUE or (width is not None and float(width) == 0):
            self.draft.hidden_columns.append((int(attributes["min"]), int(attributes["max"])))

    def _merge(self, attributes: Attributes) -> None:
        self.draft.merge(area(attributes["ref"]))

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
        formula = "".join(pieces["f"]) if "f" in pieces else None
        value = "".join(pieces.get("v", ()))
        cell = self._calculated(value, formula) if "t" not in pieces else text_cell("".join(pieces["t"]), formula is not None)
        row, column = self._place()
        if row > self.last_row:
            self.last_row = row
        if column > self.last_column:
            self.last_column = column
        if cell is not None:
            self.budget.spend(1, 0)
            self.draft.put(row, column, cell)

    def _calculated(self, value: str, formula: str | None) -> Cell | None:
        """A formula's result, a stored value, or None for nothing."""
        if not value.strip():
            return None if formula is None else uncalculated(formula)
        cell = self._value(self.cell.get("t", "n"), value, formula is not None)
        if formula is not None and cell is not None and cell.number == 0 and self.workbook.calculates_on_load:
            return uncalculated(formula)
        return cell

    def _value(self, kind: str, value: str, formula: bool) -> Cell | None:
        if kind == "s":
            return text_cell(self._shared(value.strip()), formula)
        if kind == "n":
            return self._number(value.strip(), formula)
        if kind in ("str", "inlineStr"):
            return text_cell(value, formula)
        if kind == "b":
            return Cell(Kind.BOOLEAN, "TRUE" if value.strip() in _TRUE else "FALSE", None, formula)
        if kind == "e":
            return Cell(Kind.ERROR, value.strip(), None, formula)
        if kind == "d":
            shown = value.strip().replace("T", " ").removesuffix("Z").removesuffix(" 00:00:00")
            return Cell(Kind.DATE if "-" in shown else Kind.TIME, shown, None, formula)
        raise UnreadableFile("damaged")

    def _shared(self, index: str) -> str:
        if not (index.isascii() and index.isdecimal() and int(index) < len(self.workbook.texts)):
            raise UnreadableFile("damaged")
        return self.workbook.texts[int(index)]

    def _number(self, value: str, formula: bool) -> Cell:
        style = int(self.cell.get("s", "0"))
        formats = self.workbook.formats
        if formats and not 0 <= style < len(formats):
            raise UnreadableFile("damaged")
        code = formats[style] if formats else "General"
        return number_cell(value, code, formula, self.workbook.units, self.workbook.since_1904)

    def _mark_array(self, array: Area) -> None:
        """The cells of an array formula carry no formula of their own; those without a result were never calculated."""
        if (array.bottom - array.top + 1) * (array.right - array.left + 1) > _MAX_ARRAY:
            raise UnreadableFile("too_many_cells")
        for key in ((r, c) for r in range(array.top, array.bottom + 1) for c in range(array.left, array.right + 1)):
            cell = self.draft.cells.get(key)
            self.draft.cells[key] = replace(cell, formula=True) if cell else uncalculated()


_HANDLERS: dict[str, Callable[[SheetParser, Attributes], object]] = {
    "row": SheetParser._start_row, "c": SheetParser._start_cell, "v": SheetParser._collect_value, "f": SheetParser._start_formula,
    "t": SheetParser._collect_text, "rPh": SheetParser._start_phonetic, "col": SheetParser._column,
    "mergeCell": SheetParser._merge, "sheetFormatPr": SheetParser._defaults,
}  # fmt: skip
_STARTS = {f"{namespace} {tag}": handler for namespace in _NAMESPACES for tag, handler in _HANDLERS.items()}


@lru_cache(maxsize=1024)  # offices copy the form: the same texts and small numbers come again in file after file
def text_cell(text: str, formula: bool) -> Cell | None:
    return Cell(Kind.TEXT, unescape(text), None, formula) if text else None


@lru_cache(maxsize=1024)
def number_cell(value: str, code: str, formula: bool, units: frozenset[str], since_1904: bool) -> Cell:
    return cell_of(stored_number(value), code, formula=formula, units=units, since_1904=since_1904)


def unescape(text: str) -> str:
    """``_x000D_`` is how a character stands that XML cannot hold."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
