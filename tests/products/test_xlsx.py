"""The quick worksheet writes what xlsxwriter's own writes."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import pytest
import xlsxwriter
from xlsxwriter.format import Format

from pipeline.products.workbook.writer import Worksheet, WriteRefused
from tests.support.golden import differences

Fill = Callable[[xlsxwriter.worksheet.Worksheet, Format], object]


def _plain(sheet: xlsxwriter.worksheet.Worksheet, form: Format) -> None:
    for row in range(40):
        sheet.write_string(row, row % 3, f"鹿城区&<{row}>", form)
        sheet.write_number(row, 30, row / 7, form)
        sheet.write_blank(row, 27, None, form)


def _without_formats(sheet: xlsxwriter.worksheet.Worksheet, form: Format) -> None:
    sheet.set_column(0, 0, 9, form)
    sheet.set_row(1, 30, form)
    for row in range(3):
        sheet.write_string(row, 0, "a")
        sheet.write_number(row, 1, 3)


def _of_other_kinds(sheet: xlsxwriter.worksheet.Worksheet, form: Format) -> None:
    sheet.write_formula(0, 0, "=1+1", form, 2)
    sheet.write_boolean(1, 1, True)
    sheet.write_rich_string(2, 2, "a", form, "b")


def _with_gaps(sheet: xlsxwriter.worksheet.Worksheet, form: Format) -> None:
    sheet.set_row(3, 40)
    sheet.write_comment(9, 1, "说明")
    sheet.write_number(20, 5, 1, form)
    sheet.write_number(20, 2, 1, form)
    sheet.write_number(50, 1, 1, form)


def _nothing(sheet: xlsxwriter.worksheet.Worksheet, form: Format) -> None:
    """An empty sheet."""


@pytest.mark.parametrize("fill", [_plain, _without_formats, _of_other_kinds, _with_gaps, _nothing])
def test_the_parts_are_those_of_xlsxwriter(fill: Fill) -> None:
    assert differences(_package(xlsxwriter.worksheet.Worksheet, fill), _package(Worksheet, fill)) == ""


def _package(kind: type[xlsxwriter.worksheet.Worksheet], fill: Fill) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": dt.datetime(2024, 7, 8)})
        fill(book.add_worksheet("s", worksheet_class=kind), book.add_format({"bold": True}))
    return stream.getvalue()


def test_a_row_put_at_once_is_the_row_xlsxwriter_writes() -> None:
    values: list[str | float | None] = ["鹿城区", 3, 0.7, None, "", "长" * 20_000, "鹿城区", -1]

    def one_by_one(sheet: xlsxwriter.worksheet.Worksheet, form: Format) -> None:
        for row in (2, 20):
            for column, value in enumerate(values):
                sheet.write(row, column, value, form)

    def at_once(sheet: xlsxwriter.worksheet.Worksheet, form: Format) -> None:
        assert isinstance(sheet, Worksheet)
        for row in (2, 20):
            sheet.put_row(row, [(value, form) for value in values])

    assert differences(_package(xlsxwriter.worksheet.Worksheet, one_by_one), _package(Worksheet, at_once)) == ""


@pytest.mark.parametrize(("row", "text"), [(0, "\U0001f33e" * 16_500), (0, "a" * 40_000), (2**20, "a")])
def test_what_does_not_fit_a_cell_or_a_sheet_is_refused(row: int, text: str) -> None:
    def too_much(sheet: xlsxwriter.worksheet.Worksheet, form: Format) -> None:
        assert isinstance(sheet, Worksheet)
        sheet.put_row(row, [(text, form)])

    with pytest.raises(WriteRefused):
        _package(Worksheet, too_much)
