"""The sheet writer: how much room a text needs, and what a cell, a row and a header come out as."""

from __future__ import annotations

import datetime as dt

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.products.figures.neutral_table import Head, Sheet, Written
from pipeline.products.workbook.sheets import Book
from pipeline.products.workbook.styles import MAX_ROW_HEIGHT, TEXT, Column, Page, Style, columns_of, height_of, lines_of
from tests.support.workbooks import opened, rows

TIME = dt.datetime(2024, 7, 8, 8, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(("text", "columns"), [("", 0), ("abc", 3), ("鹿城区", 6), ("“a”", 5), ("比序时（%）", 11), ("－８", 4)])
def test_a_chinese_character_is_two_wide(text: str, columns: int) -> None:
    assert columns_of(text) == columns


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("", 10, 1),
        ("鹿城区", 6, 1),
        ("鹿城区", 5, 2),
        ("abcdefgh", 8, 2),  # a little slack for fonts that stand in
        ("鹿城区龙湾区", 8, 2),
        ("a\nb", 10, 2),
        ("a\n\n鹿城区龙湾区", 8, 4),
        ("鹿城区abcdef", 8, 2),  # a Latin word goes down whole
        ("0123456789", 5, 3),
    ],
)
def test_lines_of_a_text(text: str, room: int, lines: int) -> None:
    assert lines_of(text, room) == lines


def test_no_row_is_higher_than_a_spreadsheet_allows() -> None:
    assert height_of(1000, 12) == MAX_ROW_HEIGHT


def _written(write: list[object], *columns: Column) -> Worksheet:
    with Book("t", "a", TIME) as book:
        sheet = book.sheet("s", columns or [Column(10, TEXT)], Page())
        _rows(sheet, write)
    return opened(book.content)["s"]


def _rows(sheet: Sheet, values: list[object]) -> None:
    for value in values:
        assert value is None or isinstance(value, str | int | float | Written)
        sheet.row([value])


@pytest.mark.parametrize(
    "text", ["=1+1", "{=A1}", "https://x", "internal:s!A1", "007", "1e5", "TRUE", " 3", "_x0041_", "a&<>\"'"]
)
def test_text_stays_the_text_it_is(text: str) -> None:
    cell = _written([text])["A1"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


@pytest.mark.parametrize("number", [0, 42, 0.703, -1.4])
def test_a_number_is_a_number(number: float) -> None:
    assert _written([number])["A1"].value == number


def test_nothing_is_a_blank_cell_with_its_border() -> None:
    sheet = _written([None, ""])
    assert [(sheet[place].value, sheet[place].border.left.style) for place in ("A1", "A2")] == [(None, "thin")] * 2


def test_a_row_is_as_high_as_its_longest_text_and_no_higher() -> None:
    sheet = _written(["短", "长" * 40])
    low, high = sheet.row_dimensions[1].height, sheet.row_dimensions[2].height
    assert low == 24
    assert high is not None
    assert high > 10 * 12


def test_a_text_for_which_no_row_is_high_enough_ends_with_an_ellipsis() -> None:
    sheet = _written(["长" * 5000])
    assert str(sheet["A1"].value).endswith("长…")
    height = sheet.row_dimensions[1].height
    assert height is not None
    assert 380 < height <= MAX_ROW_HEIGHT


def test_cells_under_a_head_that_spans_rows_are_left_out() -> None:
    with Book("t", "a", TIME) as book:
        sheet = book.sheet("s", [Column(10)] * 4, Page())
        sheet.header([Head("区域", down=2), Head("累计", across=2), Head("备注", down=2)], ["目标", "完成"])
        sheet.row(["a", 1, 2, ""])
    found = opened(book.content)["s"]
    assert rows(found) == [["区域", "累计", None, "备注"], [None, "目标", "完成"], ["a", 1, 2]]
    assert {str(area) for area in found.merged_cells.ranges} == {"A1:A2", "B1:C1", "D1:D2"}
    assert (found.print_title_rows, found.freeze_panes) == ("$1:$2", "A3")


def test_fill_and_bold_go_over_the_style_of_a_cell() -> None:
    with Book("t", "a", TIME) as book:
        sheet = book.sheet("s", [Column(10)] * 2, Page())
        sheet.row([1, Written(0.5, Style(number="0.0%"))], fill="FFC7CE", bold=True)
    cells = opened(book.content)["s"][1]
    assert [(cell.fill.fgColor.rgb, cell.font.b, cell.number_format) for cell in cells] == [
        ("FFFFC7CE", True, "General"),
        ("FFFFC7CE", True, "0.0%"),
    ]


def test_a_row_of_another_length_is_refused() -> None:
    with Book("t", "a", TIME) as book:
        sheet = book.sheet("s", [Column(10)] * 2, Page())
        with pytest.raises(ValueError, match="zip"):
            sheet.row([1])


def test_a_workbook_left_by_an_exception_has_no_content() -> None:
    book = Book("t", "a", TIME)
    with pytest.raises(LookupError), book:
        raise LookupError
    assert book.content == b""
