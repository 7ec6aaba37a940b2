"""A second opinion: every number made use of must be the one that python-calamine sees too, and the other way round."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pipeline.model import BLANK, Cell, Grid, Kind, UnreadableFile, address
from pipeline.reading.formats.draft import MAX_EXTENT, Sheet

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_NUMBERS = (int, float)

Plain = Callable[[bytes, bool], bytes | None]
"""A file as another reader takes it, laid out anew where the second argument says that it must be; None where it must not be
shown to one."""


def as_sent(content: bytes, _: bool) -> bytes:
    return content


def confirm(content: bytes, plain: Plain, sheets: Sequence[Sheet], rows: Sequence[Collection[int]]) -> None:
    """Raises UnreadableFile (disagreement, ``cell``) when the two readers see different numbers in ``rows`` of a sheet.

    Where calamine cannot read the file or the sheet at all there is no second opinion; what it gives as empty, as a date or as a
    float for errors, truth values, dates, percentages and uncalculated formulas is no number of ours.
    """
    used = {id(sheet.grid): numbers for sheet, numbers in zip(sheets, rows, strict=True) if numbers}
    if not used or any(sheet.extent > MAX_EXTENT for sheet in sheets):
        return
    laid_out = plain(content, any(sheet.odd for sheet in sheets))
    if laid_out is None:
        return
    for grid, other in _opinions(laid_out, [sheet.grid for sheet in sheets if id(sheet.grid) in used]):
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
