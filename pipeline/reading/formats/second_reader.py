"""A second opinion: every number made use of must be the one that python-calamine sees too, and the other way round."""

from __future__ import annotations

import io
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pipeline.model import BLANK, Cell, Grid, Kind, UnreadableFile, address
from pipeline.reading.formats.draft import Sheet
from pipeline.reading.formats.kinds import Kind as Format
from pipeline.reading.formats.ole import as_compound, workbook_stream
from pipeline.reading.formats.package import zip_of
from pipeline.reading.formats.plain_package import plain_package
from pipeline.reading.formats.xls_records import is_modest
from pipeline.reading.formats.xls_texts import with_counted_texts

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_NUMBERS = (int, float)
_MAX_EXTENT = 1_000_000
"""calamine lays a sheet out in full, and ends the process when memory does not suffice: larger ones are not shown to it."""


def confirm(content: bytes, kind: Format, sheets: Sequence[Sheet], rows: Sequence[Collection[int]]) -> None:
    """Raises UnreadableFile (disagreement, ``cell``) when the two readers see different numbers in ``rows`` of a sheet.

    Where calamine cannot read the file or the sheet at all there is no second opinion; what it gives as empty, as a date or as a
    float for errors, truth values, dates, percentages and uncalculated formulas is no number of ours.
    """
    used = {id(sheet.grid): numbers for sheet, numbers in zip(sheets, rows, strict=True) if numbers}
    if not used or any(sheet.extent > _MAX_EXTENT for sheet in sheets):
        return
    odd = any(sheet.odd for sheet in sheets)
    if kind is Format.BIFF:
        stream = with_counted_texts(workbook_stream(content)) if odd else workbook_stream(content)
        if not is_modest(stream, _MAX_EXTENT):
            return
        content = as_compound(stream)
    elif kind is Format.OOXML:
        content = plain_package(content) if odd else zip_of(content)
    for grid, other in _opinions(content, [sheet.grid for sheet in sheets if id(sheet.grid) in used]):
        lines = used[id(grid)]
        places = other.keys() | {place for place, cell in grid.cells.items() if cell.kind is Kind.NUMBER}
        for place in sorted(place for place in places if place[0] in lines):
            if not _agree(grid.cells.get(place, BLANK), other.get(place)):
                raise UnreadableFile("disagreement", cell=address(*place))


def _agree(cell: Cell, other: float | None) -> bool:
    if cell.kind is Kind.NUMBER:
        return other is not None and cell.number is not None and math.isclose(cell.number, other, rel_tol=1e-12, abs_tol=0.0)
    if cell.kind is Kind.BOOLEAN:
        return other is None or other in (0.0, 1.0)  # in .ods calamine gives TRUE as 1.0
    return other is None or cell.kind is not Kind.BLANK


def _opinions(content: bytes, grids: Sequence[Grid]) -> Iterator[tuple[Grid, Mapping[tuple[int, int], float]]]:
    """(grid, the numbers that calamine sees by row and column) for every sheet it can read."""
    from python_calamine import CalamineError, load_workbook

    try:
        workbook = load_workbook(io.BytesIO(content))
        names = set(workbook.sheet_names)
        for grid in grids:
            if grid.name in names:
                yield grid, _numbers(workbook.get_sheet_by_name(grid.name))
    except (CalamineError, OSError, ValueError):
        return
    except BaseException as error:
        # calamine's panics derive from BaseException, and their class cannot be imported
        if type(error).__name__ != "PanicException":
            raise


def _numbers(sheet: CalamineSheet) -> dict[tuple[int, int], float]:
    """The numbers of a sheet by row and column, counted from 1."""
    if sheet.start is None:
        return {}
    top, left = sheet.start
    return {
        (row, column): value
        for row, values in enumerate(sheet.to_python(skip_empty_area=True), start=top + 1)
        for column, value in enumerate(values, start=left + 1)
        if isinstance(value, _NUMBERS) and not isinstance(value, bool)
    }
