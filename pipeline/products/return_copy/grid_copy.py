"""A return in a format that openpyxl cannot write, as an .xlsx of the same grids: same places, merges and hidden parts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from openpyxl import Workbook
from openpyxl.cell import Cell as BookCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.model import Area, Cell, Grid, Kind, Table, Unseen
from pipeline.products.return_copy.canvas import cell_at, dress, on_a4, strike
from pipeline.products.return_copy.sent_workbook import MAX_CELLS, NotOpened, tells_marks, write_text
from pipeline.products.workbook import styles as styles
from pipeline.products.workbook.styles import Style
from pipeline.reading.layout import find_tables
from pipeline.reading.values import written_with_marks
from schemas.programme import Programme

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
NARROWEST, WIDEST = 6.0, 20.0
USUAL_HEIGHT = 20.0
NAME_LIMIT = 31

INSIDE, OUTSIDE = Style(styles.SONG, 12), Style(styles.SONG, 12, align="left", border=0, wrap=False)
TITLE = Style(styles.SONG, 18, bold=True, border=0, wrap=False)

_FORBIDDEN = re.compile(r"[\[\]:*?/\\]|^'|'$")
_COUNT = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]*[1-9])?")
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})


def copy_grids(grids: tuple[Grid, ...], file: str, programme: Programme) -> tuple[Workbook, dict[str, str]]:
    """The workbook, and the name that each grid's sheet has in it. Raises NotOpened where a workbook cannot hold the grids.

    A sheet that only has its name from the ``file`` is called after the form: the name may be what was wrong with the file.
    """
    outside = any(row > LAST_ROW or column > LAST_COLUMN for grid in grids for row, column in grid.cells)
    if outside or sum(len(grid.cells) for grid in grids) > MAX_CELLS:
        raise NotOpened
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    names: dict[str, str] = {}
    stem = PurePosixPath(file).stem
    for grid in grids:
        wanted = programme.terms.get("form", "") if grid.name == stem else grid.name
        sheet = workbook.create_sheet(_sheet_name(wanted, {each.title.lower() for each in workbook.worksheets}))
        names.setdefault(grid.name, sheet.title)
        _fill(sheet, grid, programme)
    return workbook, names


def _sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that a workbook takes, once."""
    name = _FORBIDDEN.sub("_", "".join(c for c in wanted if c.isprintable()))[:NAME_LIMIT].strip() or "Sheet"
    number, unique = 1, name
    while unique.lower() in taken:
        number += 1
        ending = f"_{number}"
        unique = name[: NAME_LIMIT - len(ending)] + ending
    return unique


def _fill(sheet: Worksheet, grid: Grid, programme: Programme) -> None:
    tables = [_extent(grid, table) for table in find_tables(grid, programme)]
    merges = tuple(_within(grid, tables))
    covered = {place for area in merges for place in _places(area)} - {(area.top, area.left) for area in merges}
    for (row, column), value in grid.cells.items():
        if (row, column) not in covered:
            _write(cell_at(sheet, row, column), value, programme, all_text=grid.all_text)
            dress(cell_at(sheet, row, column), OUTSIDE)
    for area in tables:
        for place in _places(area):
            dress(cell_at(sheet, *place), INSIDE)
    for place, value in grid.cells.items():
        if value.unseen is Unseen.STRUCK and place not in covered:
            strike(cell_at(sheet, *place))
    for area in merges:
        if not any((area.top, area.left) in table for table in tables):
            dress(cell_at(sheet, area.top, area.left), TITLE)
            sheet.row_dimensions[area.top].height = styles.height_of(1, TITLE.size)
        sheet.merge_cells(start_row=area.top, end_row=area.bottom, start_column=area.left, end_column=area.right)
    _measure(sheet, tables)
    _set_up(sheet, grid)


def _extent(grid: Grid, table: Table) -> Area:
    """The table from its header to its last row, as wide as its headings."""
    rows = [table.header_row, *(row.number for row in table.rows), *((table.total.number,) if table.total else ())]
    columns = {*grid.rows[table.header_row], *(column for _, column in table.columns), *(row.region_column for row in table.rows)}
    return Area(table.header_row, min(columns), max(rows), max(columns))


def _within(grid: Grid, tables: list[Area]) -> Iterator[Area]:
    """The merged ranges, cut to where the sheet holds something: a range may reach to the end of the sheet. Of ranges that
    overlap the first counts."""
    bottom = max((row for row, _ in grid.cells), default=1)
    right = max((*(column for _, column in grid.cells), *(area.right for area in tables)), default=1)
    left_over, taken = MAX_CELLS, set[tuple[int, int]]()
    for area in grid.merges:
        cut = Area(area.top, area.left, min(area.bottom, bottom), min(area.right, right))
        size = (cut.bottom - cut.top + 1) * (cut.right - cut.left + 1)
        if cut.top <= cut.bottom and cut.left <= cut.right and 1 < size <= left_over and taken.isdisjoint(_places(cut)):
            left_over -= size
            taken.update(_places(cut))
            yield cut


def _places(area: Area) -> Iterator[tuple[int, int]]:
    return ((row, column) for row in range(area.top, area.bottom + 1) for column in range(area.left, area.right + 1))


def _write(cell: BookCell, found: Cell, programme: Programme, *, all_text: bool) -> None:
    """Numbers as numbers, dates and percentages as they showed, everything else as the text that the reader saw."""
    text = found.text
    if tells_marks(found):
        write_text(cell, written_with_marks(found, programme))
    elif found.kind in (Kind.NUMBER, Kind.PERCENT) and found.number is not None:
        cell.value, cell.number_format = found.number, _number_format(found)
    elif found.kind is Kind.TEXT and all_text and _COUNT.fullmatch(text):
        cell.value = float(text) if "." in text else int(text)
    elif found.kind is Kind.BOOLEAN:
        cell.value = text == "TRUE"
    elif found.kind is Kind.ERROR and text in _ERRORS:
        cell.value = text
    elif found.kind in (Kind.DATE, Kind.TIME) and (moment := _moment(text)) is not None:
        cell.value = moment
    else:
        write_text(cell, text)


def _number_format(cell: Cell) -> str:
    """``25.5%`` as 0.0%, ``8家`` as a number with its unit behind it."""
    if cell.kind is Kind.PERCENT:
        decimals = len(cell.text.rstrip("%").partition(".")[2])
        return f"0.{'0' * decimals}%" if decimals else "0%"
    unit = cell.text.lstrip("-0123456789.eE+")
    return f'General"{unit}"' if unit and '"' not in unit else "General"


def _moment(text: str) -> dt.datetime | dt.date | dt.time | None:
    """The date or time that a text shows, where a sheet can count it."""
    for read in (dt.date.fromisoformat, dt.datetime.fromisoformat, dt.time.fromisoformat):
        try:
            moment = read(text)
        except ValueError:
            continue
        return moment if _is_counted(moment) else None
    return None


def _is_counted(moment: dt.datetime | dt.date | dt.time) -> bool:
    """Whether a sheet can: it knows no zones, and Excel counts the first days of 1900 in its own way."""
    zoned = isinstance(moment, dt.datetime | dt.time) and moment.tzinfo is not None
    return not zoned and (isinstance(moment, dt.time) or moment.year > 1900)


def _measure(sheet: Worksheet, tables: list[Area]) -> None:
    """Columns as wide as the tables' texts need, up to a limit; rows as high as texts that wrap need."""
    widths: dict[int, float] = {}
    for area in tables:
        for row, column in _places(area):
            needed = styles.columns_of(str(sheet.cell(row, column).value or "")) * INSIDE.size / 10.5 + 2
            widths[column] = max(widths.get(column, NARROWEST), min(needed, WIDEST))
    for column, width in widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = width + 5 / 7
    for area in tables:
        for row in range(area.top, area.bottom + 1):
            rooms = ((sheet.cell(row, column).value, widths[column]) for column in range(area.left, area.right + 1))
            lines = [styles.lines_of(str(value or ""), styles.capacity(width, INSIDE.size)) for value, width in rooms]
            sheet.row_dimensions[row].height = styles.height_of(max(lines), INSIDE.size)


def _set_up(sheet: Worksheet, grid: Grid) -> None:
    """Hidden parts stay hidden; A4 landscape, one page wide."""
    sheet.sheet_state = "hidden" if grid.hidden else "visible"
    for row in grid.hidden_rows:
        sheet.row_dimensions[row].hidden = True
    for column in grid.hidden_columns:
        sheet.column_dimensions[get_column_letter(column)].hidden = True
    sheet.sheet_format.defaultRowHeight, sheet.sheet_format.customHeight = USUAL_HEIGHT, True
    on_a4(sheet)
