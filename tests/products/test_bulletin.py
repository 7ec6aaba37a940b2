"""The bulletin workbook: as committed, and cell by cell what wording.md 5 asks."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import replace

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.model.view import EXCUSED, PeriodView
from pipeline.products import bulletin
from schemas.programme import Programme
from tests.support import golden, views
from tests.support.views import SAMPLES, make_view, without

JUNE, MARCH, YEAR_END = dt.date(2025, 6, 30), dt.date(2025, 3, 31), dt.date(2024, 12, 31)


def _book(programme: Programme, view: PeriodView) -> Workbook:
    return load_workbook(io.BytesIO(bulletin.render(programme, view)))


def _row(sheet: Worksheet, name: str) -> list[object]:
    """The values of the row that has ``name`` in one of its first two cells."""
    rows: list[list[object]] = [[*(cell.value for cell in row)] for row in sheet.iter_rows()]
    return next(row for row in rows if name in row[:2])


def _texts(sheet: Worksheet) -> list[str]:
    return [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


def _note(sheet: Worksheet) -> str:
    return next((text for text in _texts(sheet) if text.startswith("注：")), "")


@pytest.mark.parametrize("name", golden.BULLETINS)
def test_workbook_is_the_committed_one(programme: Programme, name: str) -> None:
    found = bulletin.render(programme, golden.BULLETINS[name](programme))
    assert golden.differences(golden.path_of(name).read_bytes(), found) == ""


def test_comparator_sees_a_changed_cell(programme: Programme) -> None:
    values = dict(SAMPLES["2024-06-30"]) | {"鹿城区": [9, 11, 7, 3]}
    found = bulletin.render(programme, make_view(programme, dt.date(2024, 6, 30), values))
    assert "xl/worksheets/sheet1.xml" in golden.differences(golden.path_of("bulletin_first").read_bytes(), found)


def test_two_writes_are_the_same_bytes(programme: Programme) -> None:
    assert bulletin.render(programme, views.full_view(programme)) == bulletin.render(programme, views.full_view(programme))


def test_sheets_stand_in_order(programme: Programme) -> None:
    assert _book(programme, views.full_view(programme)).sheetnames == ["进度表", "位次表", "成效表", "附件2", "全市目标", "走势"]


def test_every_draft_sheet_says_so_and_a_final_one_does_not(programme: Programme) -> None:
    for draft in (views.full_view(programme), views.restating_view(programme)):
        assert all("（送审稿）" in _texts(sheet) for sheet in _book(programme, draft).worksheets)
    for final in (views.issued_view(programme), views.restated_view(programme)):
        assert not any("（送审稿）" in _texts(sheet) for sheet in _book(programme, final).worksheets)


def test_properties_name_title_and_office_and_the_time_of_the_ledger(programme: Programme) -> None:
    view = views.full_view(programme)
    found = _book(programme, view).properties
    assert (found.title, found.creator) == ("各县（市、区）“科技副总”选派工作进度表", "市科技局")
    assert found.created == view.ledger_time.replace(tzinfo=None)


def test_every_sheet_prints_on_a4_landscape_one_page_wide(programme: Programme) -> None:
    for sheet in _book(programme, views.full_view(programme)).worksheets:
        page, fit, footer = sheet.page_setup, sheet.sheet_properties.pageSetUpPr, sheet.oddFooter
        assert (str(page.paperSize), page.orientation) == ("9", "landscape")
        assert page.fitToWidth in (None, 1)  # one page is the default and not written
        assert fit
        assert fit.fitToPage
        assert sheet.print_options.horizontalCentered
        assert sheet.print_title_rows or sheet.title == "走势"
        assert sheet.freeze_panes or sheet.title == "走势"
        assert footer
        assert "第&P页　共&N页" in str(footer.center.text)


def test_no_cell_holds_a_formula(programme: Programme) -> None:
    for sheet in _book(programme, views.missing_view(programme)).worksheets:
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"n", "s"}


def test_rates_are_stored_as_they_are_printed(programme: Programme) -> None:
    sheet = _book(programme, views.full_view(programme))["进度表"]
    city = ["全市", None, 1150, 808, 0.703, 0.717, -1.4, -17, 650, 308, 0.474, 149, "—", "已报13个地区"]
    assert _row(sheet, "全市") == city
    cells = next(row for row in sheet.iter_rows() if row[0].value == "全市")
    formats = [cells[place].number_format for place in (3, 4, 6, 7)]
    assert formats == ["0", "0.0%", "+0.0;-0.0;0.0", "+0;-0;0"]
    assert all(cell.font.bold for cell in cells if cell.value is not None)


def test_headings_of_the_progress_table(programme: Programme) -> None:
    texts = _texts(_book(programme, views.full_view(programme))["进度表"])
    assert texts[:5] == ["附件1", "各县（市、区）“科技副总”选派工作进度表", "（送审稿）", "截至2025年6月底", "单位：家"]
    heads = ["序号", "区域", "累计情况（目标为2025年底累计目标）", "2025年情况", "比3月底\n新增", "位次", "备注"]
    heads += [
        "累计目标",
        "累计完成",
        "完成率",
        "序时进度",
        "比序时\n（百分点）",
        "比序时\n（家）",
        "年度目标",
        "年度新增",
        "年度完成率",
    ]
    assert texts[5:21] == heads


def test_notes_of_the_progress_table_are_those_of_the_wording(programme: Programme) -> None:
    assert _note(_book(programme, views.full_view(programme))["进度表"]) == (
        "注：1.目标数依据市委科创办〔2024〕5号附件1，累计目标为2024年至2025年目标数之和。"
        "2.完成率＝累计完成÷累计目标；序时进度＝（以前年度目标＋2025年目标×50.0%）÷累计目标，时间进度按月份计算。"
        "3.“比序时（家）”为负数的，表示达到序时进度还需选派的企业数，备注为“滞后”。"
        "4.位次按完成率由高到低排列，按未四舍五入的数值计算，完成率相同的位次并列。5.上次通报截至2025年3月底。"
    )


def test_notes_that_do_not_apply_take_no_number(programme: Programme) -> None:
    first = _note(_book(programme, views.first_view(programme))["进度表"])
    assert "5." not in first
    assert "上次通报" not in first
    missing = _note(_book(programme, views.missing_view(programme))["进度表"])
    assert "6.乐清市未报送本期数据，全市数及全市完成率、序时进度、新增数均不含该地。" in missing
    assert missing.endswith("7.鹿城区“已选派‘科技副总’企业数”核减2家。")


def test_lagging_rows_have_a_static_fill_and_the_word(programme: Programme) -> None:
    sheet = _book(programme, views.full_view(programme))["进度表"]
    rows = {row[1].value: row for row in sheet.iter_rows(min_row=7) if isinstance(row[0].value, int)}
    filled = {name for name, row in rows.items() if all(cell.fill.start_color.rgb == "FFFFC7CE" for cell in row)}
    assert filled == {name for name, row in rows.items() if str(row[13].value).startswith("滞后")}
    assert len(filled) == 7
    assert not sheet.conditional_formatting


def test_a_missing_district_is_never_zero(programme: Programme) -> None:
    book = _book(programme, views.missing_view(programme))
    assert _row(book["进度表"], "乐清市") == [5, "乐清市", "—", "未报", *["—"] * 9, "未报送"]
    assert _row(book["附件2"], "乐清市") == ["乐清市", *["未报"] * 4]
    assert _row(book["成效表"], "乐清市") == [5, "乐清市", *["未报", "—"] * 3, "未报送"]
    assert _row(book["位次表"], "乐清市") == ["—", "乐清市", "—", "未报", "—", "—", "—", "—", 8, "—", "未报送"]
    assert _note(book["附件2"]) == "注：总数不含乐清市。"
    assert "全市数不含乐清市。" in _note(book["成效表"])


def test_an_excused_district_is_told_from_a_missing_one(programme: Programme) -> None:
    values = without(SAMPLES["2025-06-30"], "乐清市", "文成县")
    book = _book(programme, make_view(programme, JUNE, values, states={"文成县": EXCUSED}))
    assert _row(book["进度表"], "文成县")[3] == "免报"
    assert _row(book["进度表"], "文成县")[13] == "免报"
    assert _row(book["进度表"], "全市")[13] == "已报11个地区"
    assert "6.文成县本期免报" in _note(book["进度表"])
    assert _note(book["附件2"]) == "注：总数不含乐清市、文成县。"


def test_first_bulletin_has_no_change(programme: Programme) -> None:
    book = _book(programme, views.first_view(programme))
    assert "比上次新增" in _texts(book["进度表"])
    assert {row[11].value for row in book["进度表"].iter_rows(min_row=7, max_row=20)} == {"—"}
    assert _row(book["位次表"], "文成县")[8:10] == ["—", "—"]


@pytest.mark.parametrize(
    ("change", "marks", "remark"),
    [
        (0, (), "本期无新增"),
        (-3, (), "核减3家"),
        (5, ("迟报",), None),
        (5, ("补报",), "补报"),
        (-3, ("补报", "已更正"), "核减3家；补报；已更正"),
    ],
)
def test_remarks(programme: Programme, change: int, marks: tuple[str, ...], remark: str | None) -> None:
    values = dict(SAMPLES["2025-06-30"])
    before = dict(values) | {"文成县": [8 - change, 1, 1, 1]}
    earlier = {MARCH: before}
    sheet = _book(programme, make_view(programme, JUNE, values, earlier=earlier, marks={"文成县": marks}))["进度表"]
    assert _row(sheet, "文成县")[13] == remark


def test_a_long_remark_becomes_a_note_and_lagging_stays(programme: Programme) -> None:
    earlier = {MARCH: dict(SAMPLES["2025-06-30"]) | {"泰顺县": [14, 8, 3, 2]}}
    view = make_view(programme, JUNE, SAMPLES["2025-06-30"], earlier=earlier, marks={"泰顺县": ("补报", "已更正")})
    sheet = _book(programme, view)["进度表"]
    number = _note(sheet).index("泰顺县：滞后；核减10家；补报；已更正。")
    assert _row(sheet, "泰顺县")[13] == f"滞后；见注{_note(sheet)[number - 2]}"


def test_the_form_has_one_region_column_under_a_diagonal_header(programme: Programme) -> None:
    sheet = _book(programme, views.full_view(programme))["附件2"]
    corner = next(cell for row in sheet.iter_rows() for cell in row if str(cell.value).endswith("区域"))
    assert str(corner.value).split() == ["指标名称", "区域"]
    assert corner.border.diagonalDown
    assert corner.border.diagonal.style == "thin"
    heads = next([cell.value for cell in row[1:]] for row in sheet.iter_rows() if row[0].value == corner.value)
    names = [f"{indicator.name}\n（{indicator.unit}）" for indicator in programme.indicators]
    assert heads == names
    assert _row(sheet, "总数") == ["总数", 808, 1584, 724, 480]


def test_city_goals_that_the_form_does_not_hold_are_never_zero(programme: Programme) -> None:
    sheet = _book(programme, views.full_view(programme))["全市目标"]
    assert _row(sheet, "选派“科技副总”企业")[2:6] == ["2000家", 808, 0.404, 149]
    assert _row(sheet, "列入市级及以上科技计划项目")[2:6] == ["超300项", "—", "—", "—"]


def test_a_programme_without_city_goals_has_no_such_sheet(programme: Programme) -> None:
    other = replace(programme, city_goals=None)
    assert _book(other, views.full_view(other)).sheetnames == ["进度表", "位次表", "成效表", "附件2", "走势"]


def _words_of(programmes: Sequence[Programme]) -> list[str]:
    return [word for p in programmes for word in (*p.district_names, *(i.name for i in p.indicators), p.terms["subject"])]


def test_another_citys_bulletin_says_nothing_of_this_one(programme: Programme, second_programme: Programme) -> None:
    book = _book(second_programme, views.other_city_view(second_programme))
    texts = "".join(text for sheet in book.worksheets for text in _texts(sheet))
    assert not [word for word in _words_of([programme]) if word in texts]
    assert not [word for word in ("企业", "全市", "附件2") if word in texts]
    assert [word for word in _words_of([second_programme]) if word not in texts] == []
    assert book.sheetnames == ["进度表", "位次表", "成效表", "附表3", "全州目标", "走势"]
