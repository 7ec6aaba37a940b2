"""Sheets with rows and columns put in between: what an office does to a form before it fills it in."""

from __future__ import annotations

from collections.abc import Callable

from bench.detection.scenes import Scene
from bench.detection.traps import Edit, form_sheet
from tests.returns import GOOD, LAYOUTS, Layout
from tests.returns.layout import Place, Sheet

Move = Callable[[int, int], Place]
"""Where a cell goes."""


def edited(scene: Scene, edit: Edit) -> Sheet:
    """The sheet of the district's values after the edit: where things stand then."""
    sheet = form_sheet(scene)
    edit(sheet)
    return sheet


def insert_column(sheet: Sheet, column: int) -> None:
    """A blank one; what stood there goes to the right, and a merged range over it grows."""
    _shift(sheet, lambda row, col: (row, col + (col >= column)))
    sheet.hidden_columns = {col + (col >= column) for col in sheet.hidden_columns}


def insert_row(sheet: Sheet, row: int) -> None:
    """A blank one; what stood there goes down."""
    _shift(sheet, lambda r, column: (r + (r >= row), column))
    sheet.hidden_rows = {r + (r >= row) for r in sheet.hidden_rows}
    top, bottom = sheet.header
    sheet.header = (top + (top >= row), bottom + (bottom >= row))


def _shift(sheet: Sheet, moved: Move) -> None:
    sheet.cells = {moved(*place): value for place, value in sheet.cells.items()}
    sheet.places = {indicator: moved(*place) for indicator, place in sheet.places.items()}
    sheet.merges = [(*moved(top, left), *moved(bottom, right)) for top, left, bottom, right in sheet.merges]


def title_place(sheet: Sheet) -> Place:
    """Where the form's title stands: the merged line above the header."""
    return next((top, left) for top, left, _, right in sheet.merges if top < sheet.header[0] and right > left)


def plain_header(layout: Layout) -> bool:
    """One line of headings over one table, alone in its sheet's file."""
    return layout.header == "one" and layout.units != "row" and not layout.extra


SIMPLE = tuple(name for name in GOOD if plain_header(LAYOUTS[name]))
