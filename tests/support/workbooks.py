"""Workbooks read back with openpyxl, for the tests of products."""

from __future__ import annotations

import io

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def rows(sheet: Worksheet) -> list[list[object]]:
    """All rows, empty cells at the end left out."""
    found: list[list[object]] = [[*(cell.value for cell in row)] for row in sheet.iter_rows()]
    return [row[: max((place for place, value in enumerate(row, 1) if value is not None), default=0)] for row in found]


def table(sheet: Worksheet, first_head: str) -> list[dict[str, object]]:
    """The rows under the header that begins with ``first_head``, by head, up to the first merged row."""
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    top = next(place for place, row in enumerate(cells) if row[0] == first_head)
    heads = [str(head) for head in cells[top]]
    merged = {area.min_row for area in sheet.merged_cells.ranges if area.min_row > top + 1}
    end = min(merged, default=len(cells) + 1) - 1
    return [dict(zip(heads, row, strict=True)) for row in cells[top + 1 : end]]


def texts(sheet: Worksheet) -> list[str]:
    return [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


def printed_around(sheet: Worksheet) -> tuple[str | None, str | None]:
    """The middle of the page's header and of its footer."""
    assert sheet.oddHeader is not None
    assert sheet.oddFooter is not None
    return sheet.oddHeader.center.text, sheet.oddFooter.center.text


def one_page_wide(sheet: Worksheet) -> bool:
    """Fitted to one page across and as many down as it takes."""
    properties, setup = sheet.sheet_properties.pageSetUpPr, sheet.page_setup
    return bool(properties and properties.fitToPage and setup.fitToWidth in (None, 1) and setup.fitToHeight == 0)
