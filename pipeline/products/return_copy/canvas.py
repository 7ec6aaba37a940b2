"""A sheet of openpyxl written from top to bottom, every text as a text, rows as high as their texts need."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any
from weakref import WeakKeyDictionary

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.model import address
from pipeline.products.figures.neutral_table import TEXT_LIMIT
from pipeline.products.workbook import styles as styles
from pipeline.products.workbook.showable import showable
from pipeline.products.workbook.styles import Style

_WARDROBES: WeakKeyDictionary[Any, dict[tuple[Style, bool], StyleArray]] = WeakKeyDictionary()
"""Looks of each workbook: openpyxl would compare every new one with all it has."""

MARGINS = (0.5, 0.7)
"""Of a page on A4: at the sides, above and below. Inches."""


class Canvas:
    """A sheet written from top to bottom with openpyxl; ``at`` is the next row, counted from 1."""

    def __init__(self, sheet: Worksheet, widths: Sequence[float]) -> None:
        self.sheet, self.widths, self.at = sheet, tuple(widths), 1
        for column, width in enumerate(self.widths, 1):
            sheet.column_dimensions[get_column_letter(column)].width = width + 5 / 7

    def put(self, column: int, value: str | int, style: Style, across: int = 1, *, unlocked: bool = False) -> float:
        """Write a value over ``across`` columns; the height it needs."""
        width = sum(each + 5 / 7 for each in self.widths[column - 1 : column - 1 + across]) - 5 / 7
        if isinstance(value, str):
            value, height = styles.fitted(showable(value, TEXT_LIMIT), styles.capacity(width, style.size), style.size)
        else:
            height = styles.height_of(1, style.size)
        for place in range(column, column + across):
            dress(cell_at(self.sheet, self.at, place), style, unlocked=unlocked)
        write(cell_at(self.sheet, self.at, column), value)
        if across > 1:  # merge_cells would make all but the first anew, border by border
            self.sheet.merged_cells.add(f"{address(self.at, column)}:{address(self.at, column + across - 1)}")
        return height

    def band(self, text: str, style: Style, least: float = 20) -> None:
        """A text over all columns."""
        self.end_row(max(self.put(1, text, style, len(self.widths)), least))

    def end_row(self, height: float) -> None:
        self.sheet.row_dimensions[self.at].height = height
        self.at += 1


def cell_at(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell, made where there is none. Raises TypeError under a merged range, where nothing can be written."""
    cell = sheet.cell(row, column)
    if not isinstance(cell, Cell):
        raise TypeError(f"{cell.coordinate} is merged")
    return cell


def on_a4(sheet: Worksheet) -> None:
    """Landscape, one page wide."""
    margins = sheet.page_margins
    margins.left = margins.right = MARGINS[0]
    margins.top = margins.bottom = MARGINS[1]
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0


def write(cell: Cell, value: str | int) -> None:
    """A text stays a text, whatever it looks like: openpyxl takes =… for a formula. An empty one leaves the cell blank."""
    if isinstance(value, str) and value:
        cell.value = None
        cell.value, cell.data_type = value, "s"
    elif not isinstance(value, str):
        cell.value = value


def dress(cell: Cell, style: Style, *, unlocked: bool = False) -> None:
    """Give a cell the look of a style; its number format stays."""
    worn = _WARDROBES.setdefault(cell.parent.parent, {})
    bare: Any = cell
    kept = (bare._style.numFmtId, bare._style.quotePrefix) if cell.has_style else (0, 0)
    if (style, unlocked) not in worn:
        _put_on(cell, style, unlocked)
        worn[style, unlocked] = bare._style
    bare._style = copy(worn[style, unlocked])
    bare._style.numFmtId, bare._style.quotePrefix = kept


def strike(cell: Cell) -> None:
    """Strike out what a cell shows; the rest of its font stays."""
    font: Any = copy(cell.font)
    font.strike = True
    cell.font = font


def _put_on(cell: Cell, style: Style, unlocked: bool) -> None:
    side = Side("thin") if style.border else None
    cell.font = Font(name=style.font, size=style.size, bold=style.bold, color=style.colour)
    cell.alignment = Alignment(style.align, "center" if style.valign == "vcenter" else style.valign, wrap_text=style.wrap)
    cell.border = Border(left=side, right=side, top=side, bottom=side)
    cell.protection = Protection(locked=not unlocked)
    cell.fill = PatternFill("solid", fgColor=style.fill) if style.fill else PatternFill()
