"""An OOXML return opened with openpyxl, with nothing left in it that could compute, link, load or run.

Its values become what the reader saw, formats, widths, merges and heights stay. What could make openpyxl hang is not opened.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from itertools import chain
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell as BookCell
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.packaging.custom import CustomPropertyList
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.scenario import ScenarioList
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.model import Area, Cell, Grid, Kind, Unseen
from pipeline.products.return_copy.canvas import cell_at, strike, write
from pipeline.products.workbook import styles as styles
from pipeline.products.workbook.showable import showable
from pipeline.reading.values import written_with_marks
from schemas.programme import Programme

MAX_UNPACKED = 16 * 1024 * 1024
MAX_CELLS = 100_000
"""Cells, blank ones that carry a format too, rows, and places under merges and links: what openpyxl makes an object of."""

EMPTY_RESULT = "str"
"""The type openpyxl leaves a formula's result with when that is the empty text."""

_CELLS = re.compile(rb"<(?:\w+:)?(?:c|row)[\s/>]")
_SPANS = re.compile(
    rb"<(?:\w+:)?(?:mergeCell|hyperlink|comment)\s[^<>]*?\bref\s*=\s*[\"']\$?([A-Z]{1,3})\$?(\d+):\$?([A-Z]{1,3})\$?(\d+)"
)
_CONSTANT = re.compile(r'-?[0-9.]+|"[^"]*"')
_LIKE_A_FORMULA = re.compile(r"[=@]|[+-](?![0-9.,]+$)")


USUAL_WIDTH, USUAL_HEIGHT = 8.43, 15.0
LARGE = 13.0
"""Points: a larger font does not fit a row of the usual height."""


class NotOpened(Exception):
    """The workbook is shown by its grids instead."""


def open_sent(content: bytes, grids: tuple[Grid, ...], programme: Programme) -> Workbook:
    """The workbook with the values of ``grids``. Raises NotOpened where openpyxl cannot take it, or sees other cells."""
    if not _is_light(content):
        raise NotOpened
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about what it leaves out, which is wanted
            workbook = load_workbook(io.BytesIO(content), keep_vba=False, keep_links=False, data_only=True)
    except Exception as error:  # openpyxl raises whatever it stumbles over, and the grids are there all the same
        raise NotOpened from error
    _clear_workbook(workbook)
    if [sheet.title for sheet in workbook.worksheets] != [grid.name for grid in grids]:
        raise NotOpened
    for sheet, grid in zip(workbook.worksheets, grids, strict=True):
        _clear_sheet(sheet)
        _set_values(sheet, grid, programme)
        _give_room(sheet, grid)
    return workbook


def _is_light(content: bytes) -> bool:
    """Whether openpyxl can be given the file: its time and memory go by cells, formatted blanks and spans."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(part.file_size for part in package.infolist()) > MAX_UNPACKED:
                return False
            parts = [package.read(part) for part in package.infolist() if part.filename.lower().endswith(".xml")]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    cells = sum(1 for part in parts for _ in _CELLS.finditer(part))
    return cells + sum(chain.from_iterable(map(_spans, parts))) <= MAX_CELLS


def _spans(part: bytes) -> Iterator[int]:
    for left, top, right, bottom in _SPANS.findall(part):
        yield (abs(_number(right) - _number(left)) + 1) * (abs(int(bottom) - int(top)) + 1)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _clear_workbook(workbook: Any) -> None:
    """No defined names, links, own properties or charts; a theme that is more than elements is left out."""
    for chart in list(workbook.chartsheets):
        workbook.remove(chart)
    workbook.defined_names.clear()
    workbook._external_links = []
    workbook._pivots = []
    workbook.custom_doc_props = CustomPropertyList()
    workbook.template = False
    if workbook.loaded_theme and b"<!" in workbook.loaded_theme:
        workbook.loaded_theme = None


def _clear_sheet(sheet: Any) -> None:
    """No names, tables, pivots, drawings, scenarios or conditional formats; of the validations those by constants stay."""
    sheet.defined_names.clear()
    sheet._tables.clear()
    sheet._pivots, sheet._charts, sheet._images, sheet._hyperlinks = [], [], [], []
    sheet.legacy_drawing = None
    sheet.scenarios = ScenarioList()
    sheet.conditional_formatting = ConditionalFormattingList()
    validations = sheet.data_validations
    validations.dataValidation = [each for each in validations.dataValidation if _is_constant(each)]
    sheet.sheet_view.tabSelected = False


def _is_constant(validation: DataValidation) -> bool:
    formulas = [formula for formula in (validation.formula1, validation.formula2) if formula]
    return all(_CONSTANT.fullmatch(formula.strip()) for formula in formulas)


def tells_marks(cell: Cell) -> bool:
    """Whether what is set apart in a cell's text must be written out: copies keep no runs, and 24 with a raised 1 is not 241."""
    return any(character.isdecimal() for run in cell.runs for character in run.text)


def _set_values(sheet: Worksheet, grid: Grid, programme: Programme) -> None:
    """What the reader saw, and nothing else: a text as a text, a formula's result, a formula without one as its text."""
    cells: list[Any] = [cell for cell in sheet._cells.values() if isinstance(cell, BookCell)]
    seen = {(cell.row, cell.column) for cell in cells if cell.value is not None or cell.data_type == EMPTY_RESULT}
    for cell in cells:
        cell._hyperlink = None
        found = grid.cells.get((cell.row, cell.column))
        if found is None or (cell.data_type == EMPTY_RESULT and cell.value is None):
            cell._value, cell.data_type = None, "n"
        elif found.kind is Kind.UNCALCULATED or cell.data_type == "f":
            write_text(cell, found.text)
        elif isinstance(cell.value, str) and cell.data_type != "e":
            write_text(cell, written_with_marks(found, programme) if tells_marks(found) else cell.value)
        elif found.kind in (Kind.DATE, Kind.TIME) and cell.data_type == "e":  # a day that openpyxl cannot count
            write_text(cell, found.text)
        if found is not None and found.unseen is Unseen.STRUCK:
            strike(cell)
    for place in grid.cells.keys() - seen:
        if not _is_covered(grid, place):
            if grid.cells[place].kind is not Kind.UNCALCULATED:
                raise NotOpened
            write_text(cell_at(sheet, *place), grid.cells[place].text)


def _give_room(sheet: Worksheet, grid: Grid) -> None:
    """Rows that state no height get the one their texts need: not every program finds it out by itself."""
    widths = dict.fromkeys((column for _, column in grid.cells), USUAL_WIDTH)
    for dimension in sheet.column_dimensions.values():
        if dimension.width and dimension.min and dimension.max:
            widths |= {column: dimension.width for column in widths if dimension.min <= column <= dimension.max}
    spread = {(area.top, area.left) for area in grid.merges}
    for row, cells in grid.rows.items():
        if sheet.row_dimensions[row].height is None:
            needed = [_height(sheet.cell(row, column), widths[column], (row, column) in spread) for column in cells]
            if max(needed) > USUAL_HEIGHT:
                sheet.row_dimensions[row].height = max(needed)


def _height(cell: Any, width: float, is_spread: bool) -> float:
    """What the cell needs; a text that runs over several columns takes one line here."""
    size = float(cell.font.size or styles.DEFAULT_SIZE)
    wraps = bool(cell.alignment.wrap_text) and not is_spread and isinstance(cell.value, str)
    lines = styles.lines_of(cell.value, styles.capacity(width, size)) if wraps else 1
    return styles.height_of(lines, size) if lines > 1 or size > LARGE else 0.0


def _is_covered(grid: Grid, place: tuple[int, int]) -> bool:
    """Under a merged range, whose first cell alone shows anything."""
    areas: tuple[Area, ...] = grid.merges
    return any(place in area and place != (area.top, area.left) for area in areas)


def write_text(cell: BookCell, text: str) -> None:
    """A district's text: never a formula, not even when somebody goes into the cell and leaves it again."""
    write(cell, showable_in_xml(text))
    if _LIKE_A_FORMULA.match(text):
        cell.quotePrefix = True


_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def showable_in_xml(text: str) -> str:
    """Exactly the text where a workbook can hold it."""
    return showable(text, len(text)) if _NOT_IN_XML.search(text) else text
