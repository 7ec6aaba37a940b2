"""BIFF8 workbooks (.xls; .et has the same inside), with xlwt."""

from __future__ import annotations

import datetime as dt
import io
import struct
from typing import Any

import xlwt
from xlwt.BIFFRecords import FormulaRecord
from xlwt.Cell import FormulaCell

from tests.returns.layout import Sheet
from tests.returns.spec import ErrorValue, Formula, Marked, Percent, Styled, Value

RESULT = slice(10, 18)
"""Where a FORMULA record keeps its result, its header of 4 bytes included."""
ERROR_CODES = {"#NULL!": 0x00, "#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#NAME?": 0x1D, "#NUM!": 0x24, "#N/A": 0x2A}


class CachedFormulaCell(FormulaCell):  # type: ignore[misc]  # xlwt is untyped
    """A formula with a stored result; xlwt alone writes none."""

    __slots__ = ("result",)

    def get_biff_data(self) -> bytes:
        record = bytearray(FormulaRecord(self.rowx, self.colx, self.xf_idx, self.frmla.rpn(), self.calc_flags).get())
        record[RESULT] = self.result
        return bytes(record)


def write(sheets: list[Sheet]) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    for sheet in sheets:
        _fill(book.add_sheet(sheet.name), sheet)
    book.active_sheet = next(index for index, sheet in enumerate(sheets) if not sheet.hidden)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill(target: Any, sheet: Sheet) -> None:
    target.visibility = int(sheet.hidden)
    styles: dict[tuple[str, str], Any] = {}
    for (row, column), value in sheet.cells.items():
        code, font = look = _style_of(value)
        style = styles.setdefault(look, xlwt.easyxf(font, num_format_str=code))
        _set(target, row - 1, column - 1, value, style)
    for top, left, bottom, right in sheet.merges:
        target.merge(top - 1, bottom - 1, left - 1, right - 1)
    for row in sheet.hidden_rows:
        target.row(row - 1).hidden = True
    for _, column in sheet.places.values():
        target.col(column - 1).width = 16 * 256
    for column in sheet.hidden_columns:
        target.col(column - 1).hidden = True


def _number_format(value: Value) -> str:
    if isinstance(value, Percent):
        return "0%"
    if isinstance(value, dt.time):
        return "h:mm:ss"
    return "yyyy-mm-dd" if isinstance(value, dt.date) else "General"


def _style_of(value: Value) -> tuple[str, str]:
    """A number format, and what xlwt is told of the font."""
    if isinstance(value, Styled):
        if value.how == "conditional":
            raise ValueError("xlwt writes no conditional formats")
        return value.code, {"struck": "font: struck_out on", "white": "font: colour white"}.get(value.how, "")
    return _number_format(value), ""


def _font(mark: str) -> Any:
    if mark in ("ruby", "hidden"):
        raise ValueError("no such run in a workbook")
    font = xlwt.Font()
    font.struck_out = mark == "struck"
    font.escapement = {"superscript": font.ESCAPEMENT_SUPERSCRIPT, "subscript": font.ESCAPEMENT_SUBSCRIPT}.get(mark, 0)
    return font


def _plain(value: Value) -> Any:
    if isinstance(value, Percent):
        return value.share
    return value.value if isinstance(value, Styled) else value


def _set(target: Any, row: int, column: int, value: Value, style: Any) -> None:
    if isinstance(value, Formula):
        _set_formula(target, row, column, value, style)
    elif isinstance(value, Marked):
        target.write_rich_text(row, column, [(text, _font(mark)) for text, mark in value.runs], style)
    elif isinstance(value, ErrorValue):
        target.row(row).set_cell_error(column, ERROR_CODES[value.code], style)
    else:
        target.write(row, column, _plain(value), style)


def _set_formula(target: Any, row: int, column: int, formula: Formula, style: Any) -> None:
    """Without a stored result xlwt writes the kind "empty", as spreadsheet programs do for the empty text."""
    target.write(row, column, xlwt.Formula(formula.text), style)
    if formula.cached in (None, ""):
        return
    cells = target.row(row)._Row__cells
    plain = cells[column]
    cell = CachedFormulaCell(plain.rowx, plain.colx, plain.xf_idx, plain.frmla, plain.calc_flags)
    cell.result = _result(formula.cached)
    cells[column] = cell


def _result(cached: float | int | str | ErrorValue) -> bytes:
    if isinstance(cached, ErrorValue):
        return struct.pack("<BxBxxxH", 2, ERROR_CODES[cached.code], 0xFFFF)
    if isinstance(cached, str):
        raise ValueError("a stored text result needs a record of its own, which is not written here")
    return struct.pack("<d", cached)
