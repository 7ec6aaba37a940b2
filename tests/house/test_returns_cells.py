"""Every kind of cell that the writers can put in a return, format by format."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import xlrd

from schemas.programme import Programme
from tests.returns import LAYOUTS, ONE_SHEET, ErrorValue, Formula, Percent, Value, write_return
from tests.returns.readback import from_xlsx, place, read_calamine, reader_of, spec_of

TYPED: dict[str, Value] = {
    "text": "约30",
    "formula-like text": "=见附表",
    "error-like text": "#N/A",
    "decimal": 35.5,
    "negative": -3,
    "boolean": True,
    "date": dt.date(2024, 6, 30),
    "time": dt.time(12, 30),
    "percent": Percent(0.25),
    "error": ErrorValue("#REF!"),
    "formula": Formula("A1+1", cached=12),
    "formula without result": Formula("A1+1"),
    "formula with an error": Formula("A1+1", cached=ErrorValue("#DIV/0!")),
}


@pytest.mark.parametrize(
    ("kind", "value", "data_type", "number_format"),
    [
        ("text", "约30", "s", "General"),
        ("formula-like text", "=见附表", "s", "General"),
        ("error-like text", "#N/A", "s", "General"),
        ("decimal", 35.5, "n", "General"),
        ("negative", -3, "n", "General"),
        ("boolean", True, "b", "General"),
        ("date", dt.datetime(2024, 6, 30), "d", "yyyy-mm-dd"),
        ("time", dt.time(12, 30), "d", "h:mm:ss"),
        ("percent", 0.25, "n", "0%"),
        ("error", "#REF!", "e", "General"),
        ("formula", 12, "n", "General"),
        ("formula without result", None, "n", "General"),
        ("formula with an error", "#DIV/0!", "e", "General"),
    ],
)
def test_xlsx_holds_every_kind_of_cell(programme: Programme, kind: str, value: Any, data_type: str, number_format: str) -> None:
    indicator = programme.indicator_ids[1]
    spec = spec_of(programme, second=TYPED[kind])
    cell = from_xlsx(write_return(spec), 0).cell(*place(spec, indicator))
    assert (cell.value, cell.data_type, cell.number_format) == (value, data_type, number_format)


@pytest.mark.parametrize(
    ("kind", "value", "ctype"),
    [
        ("text", "约30", xlrd.XL_CELL_TEXT),
        ("formula-like text", "=见附表", xlrd.XL_CELL_TEXT),
        ("decimal", 35.5, xlrd.XL_CELL_NUMBER),
        ("boolean", 1, xlrd.XL_CELL_BOOLEAN),
        ("date", 45473, xlrd.XL_CELL_DATE),
        ("time", 0.520833, xlrd.XL_CELL_DATE),
        ("percent", 0.25, xlrd.XL_CELL_NUMBER),
        ("error", 0x17, xlrd.XL_CELL_ERROR),
        ("formula", 12, xlrd.XL_CELL_NUMBER),
        ("formula without result", "", xlrd.XL_CELL_TEXT),
        ("formula with an error", 0x07, xlrd.XL_CELL_ERROR),
    ],
)
@pytest.mark.parametrize("fmt", ["xls", "et"])
def test_xls_holds_every_kind_of_cell(programme: Programme, fmt: str, kind: str, value: Any, ctype: int) -> None:
    indicator = programme.indicator_ids[1]
    spec = spec_of(programme, fmt=fmt, second=TYPED[kind])
    row, column = place(spec, indicator)
    cell = xlrd.open_workbook(file_contents=write_return(spec)).sheet_by_index(0).cell(row - 1, column - 1)
    assert cell.ctype == ctype
    assert cell.value == (pytest.approx(value, abs=1e-5) if isinstance(value, float) else value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", "约30"),
        ("decimal", 35.5),
        ("boolean", True),
        ("date", dt.date(2024, 6, 30)),
        ("percent", 0.25),
        ("formula", 12),
        ("formula without result", ""),
        ("error", ""),  # calamine shows no error cells of .ods
    ],
)
def test_ods_holds_every_kind_of_cell(programme: Programme, kind: str, value: Any) -> None:
    indicator = programme.indicator_ids[1]
    spec = spec_of(programme, fmt="ods", second=TYPED[kind])
    assert read_calamine(write_return(spec), 0, *place(spec, indicator)) == value


@pytest.mark.parametrize(
    ("kind", "shown"), [("percent", "25%"), ("boolean", "TRUE"), ("error", "#REF!"), ("formula", "12"), ("date", "2024-06-30")]
)
@pytest.mark.parametrize("fmt", ["csv-gbk", "html-utf8"])
def test_text_tables_show_what_a_program_exports(programme: Programme, fmt: str, kind: str, shown: str) -> None:
    indicator = programme.indicator_ids[1]
    spec = spec_of(programme, fmt=fmt, second=TYPED[kind])
    assert reader_of(fmt)(write_return(spec), 0, *place(spec, indicator)) == shown


@pytest.mark.parametrize("layout", sorted(set(LAYOUTS) - set(ONE_SHEET)))
def test_a_text_table_holds_one_sheet(programme: Programme, layout: str) -> None:
    with pytest.raises(ValueError, match="one sheet"):
        write_return(spec_of(programme, layout, "csv-gbk"))


def test_a_text_table_holds_no_formula_without_result(programme: Programme) -> None:
    spec = spec_of(programme, fmt="csv-utf8", second=Formula("A1+1"))
    with pytest.raises(ValueError, match="without a result"):
        write_return(spec)
