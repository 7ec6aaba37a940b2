"""The marks of a return copy: cells in question filled by the gravest grade and commented (wording.md 8)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils import coordinate_to_tuple
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.model import Finding, Grade
from pipeline.model.catalogue import weight
from pipeline.products.return_copy.canvas import cell_at
from pipeline.products.return_copy.copy_words import FILLS, CopyWords
from pipeline.products.workbook import styles as styles
from pipeline.products.workbook.showable import showable

WIDTH, ROOM = 320, 40
"""Of a comment: pixels, and the half-width columns of a line in it."""
LINE_HEIGHT, PADDING = 20, 16
TALLEST = 600
TEXT_LIMIT = 8_000
MARKED_AT_MOST = 200
"""Cells of one finding's range."""

_AREA = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?")


def mark(sheet: Worksheet, findings: Sequence[Finding], phrases: CopyWords) -> None:
    """Fill and comment the cells of these findings; those without a cell leave no mark."""
    filled: set[str] = set()
    said: dict[str, list[str]] = {}
    for finding in sorted(findings, key=weight):
        for number, cell in enumerate(_cells(sheet, finding.cell)):
            if cell.coordinate not in filled:
                cell.fill = PatternFill("solid", fgColor=FILLS[Grade(finding.grade)])
                filled.add(cell.coordinate)
            if number == 0:
                said.setdefault(cell.coordinate, []).append(phrases.comment(finding))
    for place, texts in said.items():
        _comment(sheet[place], texts, phrases.text("author"))


def _cells(sheet: Worksheet, address: str | None) -> Iterator[Cell]:
    """The cells of an address that show something: of a merged range the first."""
    found = _AREA.fullmatch(address or "")
    if found is None:
        return
    first = f"{found[1]}{found[2]}"
    last = f"{found[3]}{found[4]}" if found[3] else first
    seen: set[str] = set()
    rows = sheet[f"{first}:{last}"] if _size(first, last) <= MARKED_AT_MOST else ((sheet[first],),)
    for cell in (cell for row in rows for cell in row):
        shown = _shown(sheet, cell)
        if shown.coordinate not in seen:
            seen.add(shown.coordinate)
            yield shown


def _size(first: str, last: str) -> int:
    (top, left), (bottom, right) = coordinate_to_tuple(first), coordinate_to_tuple(last)
    return (bottom - top + 1) * (right - left + 1)


def _shown(sheet: Worksheet, cell: Cell | MergedCell) -> Cell:
    if isinstance(cell, Cell):
        return cell
    area = next(area for area in sheet.merged_cells.ranges if cell.coordinate in area)
    return cell_at(sheet, area.min_row, area.min_col)


def _comment(cell: Cell, texts: list[str], author: str) -> None:
    """Our words first, then what the district itself had noted there."""
    if cell.comment is not None:
        texts = [*texts, cell.comment.text]
    text = showable("\n".join(texts), TEXT_LIMIT)
    height = min(styles.lines_of(text, ROOM) * LINE_HEIGHT + PADDING, TALLEST)
    cell.comment = Comment(text, author, height=height, width=WIDTH)


def has_marks(workbook: Workbook, phrases: CopyWords) -> bool:
    """Whether a workbook bears comments of an earlier return copy."""
    return any(cell.comment is not None and phrases.is_comment(cell.comment.text) for cell in _every_cell(workbook))


def clear_marks(workbook: Workbook, phrases: CopyWords) -> None:
    """Take away fills and comments of the copy that this return was filled in."""
    for cell in _every_cell(workbook):
        colour = cell.fill.fgColor
        if cell.fill.fill_type == "solid" and colour.type == "rgb" and str(colour.rgb)[2:] in FILLS.values():
            cell.fill = PatternFill()
        if cell.comment is not None and phrases.is_comment(cell.comment.text):
            cell.comment = None


def _every_cell(workbook: Workbook) -> Iterator[Cell]:
    return (cell for sheet in workbook.worksheets for cell in sheet._cells.values() if isinstance(cell, Cell))
