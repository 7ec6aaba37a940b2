"""The writers, judged by libraries that know nothing of them: what they wrote stands where they say."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
import xlrd

from schemas.programme import Programme
from tests.returns import FORMATS, LAYOUTS, ONE_SHEET, ReturnSpec, cell_of, sheets_of, write_return
from tests.returns.readback import from_xlsx, place, reader_of, spec_of

EVERY_LAYOUT = ("xlsx", "xls", "ods", "csv-utf8", "html-utf8", "xml")
COMBINATIONS = [
    (fmt, layout)
    for fmt in FORMATS
    for layout in (LAYOUTS if fmt in EVERY_LAYOUT else ["plan", "offset", "grouped"])
    if layout in ONE_SHEET or not fmt.startswith(("csv", "html"))
]


@pytest.mark.parametrize(("fmt", "layout"), COMBINATIONS)
def test_values_stand_where_the_writer_says(programme: Programme, fmt: str, layout: str) -> None:
    spec = spec_of(programme, layout, fmt)
    content = write_return(spec)
    own = spec.form.own_sheet
    covered = set(spec.values) - {name for name in spec.values if place(spec, name) in sheets_of(spec)[own].cells}
    for indicator, value in spec.values.items():
        read = reader_of(fmt)(content, own, *place(spec, indicator))
        assert read in (None, "") if indicator in covered else float(read) == value, indicator


@pytest.mark.parametrize("layout", ONE_SHEET)
def test_the_second_programme_is_written_by_the_same_code(second_programme: Programme, layout: str) -> None:
    spec = spec_of(second_programme, layout)
    sheet = from_xlsx(write_return(spec), 0)
    row, column = place(spec, second_programme.indicator_ids[0])
    assert sheet.cell(row, column).value == 21
    texts = {cell.value for line in sheet.iter_rows() for cell in line}
    assert not any(indicator in text for text in texts if isinstance(text, str) for indicator in ("科技副总", "鹿城"))


@pytest.mark.parametrize("layout", [name for name, form in LAYOUTS.items() if form.region_as == "standard"])
def test_the_row_and_the_header_beside_a_value_are_its_own(programme: Programme, layout: str) -> None:
    spec = spec_of(programme, layout)
    sheet = from_xlsx(write_return(spec), spec.form.own_sheet)
    row, column = place(spec, programme.indicator_ids[1])
    assert spec.district in [cell.value for cell in sheet[row][:column]]
    above = [sheet.cell(line, column).value for line in range(1, row)]
    assert any(str(text).startswith(programme.indicators[1].name) for text in above)


@pytest.mark.parametrize("fmt", ["xlsx", "xls", "ods", "csv-gbk", "html-gbk"])
def test_the_same_specification_gives_the_same_bytes(programme: Programme, fmt: str) -> None:
    assert write_return(spec_of(programme, "plan", fmt)) == write_return(spec_of(programme, "plan", fmt))


def test_a_macro_workbook_says_so(programme: Programme) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_return(spec_of(programme, fmt="xlsm"))), keep_vba=True)
    assert "macroEnabled" in book.mime_type


def test_a_wps_workbook_states_a_dimension_that_is_not_true(programme: Programme) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_return(spec_of(programme, fmt="xlsx-wps"))), read_only=True)
    assert book.worksheets[0].calculate_dimension() == "A1:A1"


def test_hidden_rows_columns_and_sheets_are_hidden_in_xlsx(programme: Programme) -> None:
    row = spec_of(programme, "hidden_row")
    assert from_xlsx(write_return(row), 0).row_dimensions[place(row, programme.headline)[0]].hidden
    column = spec_of(programme, "hidden_column")
    letter = cell_of(column, programme.indicator_ids[1]).rstrip("0123456789")
    assert from_xlsx(write_return(column), 0).column_dimensions[letter].hidden
    assert from_xlsx(write_return(spec_of(programme, "hidden_sheet")), 0).sheet_state == "hidden"


def test_hidden_rows_columns_and_sheets_are_hidden_in_xls(programme: Programme) -> None:
    def first(spec: ReturnSpec) -> Any:
        return xlrd.open_workbook(file_contents=write_return(spec), formatting_info=True).sheet_by_index(0)

    row, column = spec_of(programme, "hidden_row", "xls"), spec_of(programme, "hidden_column", "xls")
    assert first(row).rowinfo_map[place(row, programme.headline)[0] - 1].hidden
    assert first(column).colinfo_map[place(column, programme.indicator_ids[1])[1] - 1].hidden
    assert first(spec_of(programme, "hidden_sheet", "xls")).visibility == 1


def test_merged_values_are_merged_and_the_second_is_gone(programme: Programme) -> None:
    spec = spec_of(programme, "merged_values")
    sheet = from_xlsx(write_return(spec), 0)
    first, second = (cell_of(spec, indicator) for indicator in programme.indicator_ids[:2])
    assert f"{first}:{second}" in [str(area) for area in sheet.merged_cells.ranges]
    assert sheet[second].value is None


@pytest.mark.parametrize(
    ("layout", "expected"),
    [("plan", [21, 22]), ("total_zero", [0, 0]), ("total_blank", [None, None])],
    ids=lambda value: str(value),
)
def test_the_total_row_holds_what_the_layout_says(programme: Programme, layout: str, expected: list[int | None]) -> None:
    spec = spec_of(programme, layout)
    sheet = from_xlsx(write_return(spec), 0)
    row = place(spec, programme.headline)[0] + len(programme.districts) - 1
    columns = [place(spec, indicator)[1] for indicator in programme.indicator_ids[:2]]
    assert [sheet.cell(row, column).value for column in columns] == expected


def test_a_specification_may_contradict_itself(programme: Programme) -> None:
    indicator = programme.indicator_ids[1]
    other = programme.district_names[0]
    spec = replace(
        spec_of(programme),
        stated=dt.date(2023, 12, 31),
        filler=other,
        region="无此地",
        headers={indicator: "备注"},
        others={other: {indicator: 5}},
        total={indicator: 999},
    )
    texts = [cell.value for line in from_xlsx(write_return(spec), 0).iter_rows() for cell in line]
    assert {"截至2023年12月31日", f"填报单位：{other}", "无此地", "备注", 5, 999} <= set(texts)


def test_an_earlier_sheet_holds_its_own_period_and_values(programme: Programme) -> None:
    earlier = (dt.date(2024, 3, 31), dict.fromkeys(programme.indicator_ids, 7))
    spec = replace(spec_of(programme, "earlier_beside"), earlier=earlier)
    book = openpyxl.load_workbook(io.BytesIO(write_return(spec)))
    assert book.sheetnames == ["2024-03-31", programme.terms["form"]]
    assert book.worksheets[0][cell_of(spec, programme.headline)].value == 7
    assert book.worksheets[1][cell_of(spec, programme.headline)].value == 21
