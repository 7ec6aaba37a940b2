"""Returns of formats that openpyxl cannot write, copied cell by cell: whatever stands in them, there is a copy."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.model import Area, Cell, Grid, Kind
from pipeline.products.return_copy.grid_copy import copy_grids
from tests.support.judging import PROGRAMME, grid


def copied(sent: Grid) -> Worksheet:
    """The only sheet of the copy, written and opened again."""
    workbook, names = copy_grids((sent,), "鹿城区.xls", PROGRAMME)
    stream = io.BytesIO()
    workbook.save(stream)
    return load_workbook(stream)[names[sent.name]]


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        (Kind.DATE, "2024-06-30", dt.datetime(2024, 6, 30)),
        (Kind.DATE, "2024-06-30 09:30:00", dt.datetime(2024, 6, 30, 9, 30)),
        (Kind.DATE, "2024-06-30T09:30:00", dt.datetime(2024, 6, 30, 9, 30)),
        (Kind.DATE, "1900-01-01 09:30:00", "1900-01-01 09:30:00"),
        (Kind.DATE, "1899-12-31", "1899-12-31"),
        (Kind.DATE, "2024-06-30T09:30:00+08:00", "2024-06-30T09:30:00+08:00"),
        (Kind.DATE, "2024-06-30T09:30:00Z", "2024-06-30T09:30:00Z"),
        (Kind.DATE, "9999-12-31 23:59:59", dt.datetime(9999, 12, 31, 23, 59, 59)),
        (Kind.TIME, "09:30:00", dt.time(9, 30)),
        (Kind.TIME, "09:30:00+08:00", "09:30:00+08:00"),
        (Kind.TIME, "25:30:00", "25:30:00"),
    ],
)
def test_moments(kind: Kind, text: str, shown: object) -> None:
    assert copied(grid(("填报日期", Cell(kind, text)))).cell(1, 2).value == shown


def test_of_merged_ranges_that_overlap_the_first_counts() -> None:
    merges = (Area(1, 1, 1, 3), Area(1, 2, 2, 4), Area(3, 1, 3, 2))
    sheet = copied(grid(("标题", None, None, 1), (None, 2, None, 3), ("表注", None), merges=merges))
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A1:C1", "A3:B3"}
    assert (sheet["D1"].value, sheet["B2"].value, sheet["D2"].value) == (1, 2, 3)
