"""走势: tables and charts of the period beside those before it (wording.md 5.6)."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import replace

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.model.view import PeriodView
from pipeline.products import bulletin
from schemas.programme import Programme
from tests.support import views
from tests.support.views import SAMPLES, Values, make_view, without

MARCH, JUNE, YEAR_END, LAST_JUNE = dt.date(2025, 3, 31), dt.date(2025, 6, 30), dt.date(2024, 12, 31), dt.date(2024, 6, 30)
EARLIER: Mapping[dt.date, Values] = {
    LAST_JUNE: SAMPLES["2024-06-30"],
    YEAR_END: SAMPLES["specimen-2024-12-31"],
    MARCH: SAMPLES["2025-03-31"],
}


def _sheet(programme: Programme, view: PeriodView) -> Worksheet:
    return load_workbook(io.BytesIO(bulletin.render(programme, view)))["走势"]


def _rows(sheet: Worksheet) -> list[list[object]]:
    rows: Iterable[list[object]] = ([cell.value for cell in row] for row in sheet.iter_rows())
    return [row[: max((n for n, value in enumerate(row, 1) if value is not None), default=0)] for row in rows]


def _table(sheet: Worksheet, number: int) -> list[list[object]]:
    """The rows from under 图{number}数据 to the next empty one."""
    rows = [*_rows(sheet), []]
    start = rows.index([f"图{number}数据"]) + 1
    return rows[start : rows.index([], start)]


def _parts(programme: Programme, view: PeriodView, pattern: str) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(bulletin.render(programme, view))) as archive:
        return [archive.read(name).decode() for name in sorted(archive.namelist()) if re.search(pattern, name)]


def _view(programme: Programme, *absent: str, earlier: Mapping[dt.date, Values] = EARLIER) -> PeriodView:
    return make_view(programme, JUNE, without(SAMPLES["2025-06-30"], *absent), earlier=earlier)


def test_every_figure_has_its_table(programme: Programme) -> None:
    sheet = _sheet(programme, _view(programme))
    heads = ["2024年\n6月底", "2024年底", "2025年\n3月底", "2025年\n6月底", "上年\n同期", "比上年\n同期增加"]
    assert _table(sheet, 1)[0] == ["报告期", *programme.district_names, "全市"]
    assert [row[0] for row in _table(sheet, 1)[1:]] == ["2025年6月底完成率", "2025年6月底序时进度"]
    assert [_table(sheet, number)[0] for number in (2, 3, 4)] == [["报告期", *heads]] * 3
    assert _table(sheet, 2)[1:] == [["选派企业数（家）", 250, 500, 659, 808, 250, 558]]
    assert [row[0] for row in _table(sheet, 3)[1:]] == ["技术攻关项目数（项）", "成果转化数（项）", "研发机构数（家）"]
    assert [row[0] for row in _table(sheet, 4)[1:]] == list(programme.district_names)


def test_the_rates_are_those_of_the_first_sheet(programme: Programme) -> None:
    completion = _table(_sheet(programme, _view(programme)), 1)[1]
    assert (completion[1], completion[-1]) == (0.636, 0.703)


def test_the_charts_show_the_cells_under_them(programme: Programme) -> None:
    view = _view(programme, "乐清市")
    book = load_workbook(io.BytesIO(bulletin.render(programme, view)))
    charts = _parts(programme, view, r"charts/chart\d")
    assert len(charts) == 4
    for chart in charts:
        for formula, cached in re.findall(r"<c:f>(.*?)</c:f><c:(?:str|num)Cache>(.*?)</c:(?:str|num)Cache>", chart, re.DOTALL):
            name, cells = formula.split("!")
            found = [cell.value for row in book[name][cells.replace("$", "")] for cell in row] if ":" in cells else [
                book[name][cells.replace("$", "")].value
            ]  # fmt: skip
            shown = dict(re.findall(r'<c:pt idx="(\d+)"><c:v>(.*?)</c:v>', cached, re.DOTALL))
            assert shown == {str(n): str(value) for n, value in enumerate(found) if value is not None}


def test_what_a_district_did_not_report_is_blank_never_a_text_or_zero(programme: Programme) -> None:
    sheet = _sheet(programme, _view(programme, "乐清市", earlier={**EARLIER, MARCH: without(SAMPLES["2025-03-31"], "泰顺县")}))
    table = {row[0]: row for row in _table(sheet, 4)[1:]}
    before = [EARLIER[day]["乐清市"][0] for day in (LAST_JUNE, YEAR_END, MARCH)]
    assert table["乐清市"] == ["乐清市", *before, None, before[0], "—"]
    assert table["泰顺县"][3] is None
    assert table["注：空白处为没有数据。"]


def test_a_city_without_all_its_districts_is_noted_and_not_compared(programme: Programme) -> None:
    table = _table(_sheet(programme, _view(programme, "乐清市", "海经区")), 2)
    assert table[1][-2:] == [250, "—"]
    assert table[2] == ["注：2025年6月底数不含乐清市、海经区。两期报送地区不同，不与上年同期比较。"]


def test_without_a_year_ago_there_is_nothing_to_compare_with(programme: Programme) -> None:
    table = _table(_sheet(programme, views.full_view(programme)), 2)
    assert table == [
        ["报告期", "2024年底", "2025年\n3月底", "2025年\n6月底", "上年\n同期", "比上年\n同期增加"],
        ["选派企业数（家）", 500, 659, 808, "—", "—"],
    ]


def test_the_first_period_has_no_trend(programme: Programme) -> None:
    view = views.first_view(programme)
    assert _rows(_sheet(programme, view))[-1] == ["本期为首期，暂无走势。"]
    assert not _parts(programme, view, "charts")


def test_a_period_without_values_has_the_trend_so_far(programme: Programme) -> None:
    sheet = _sheet(programme, _view(programme, *programme.district_names))
    assert _table(sheet, 2)[1] == ["选派企业数（家）", 250, 500, 659, 250, "—"]


def test_alternative_texts_say_who_is_highest_and_lowest(programme: Programme) -> None:
    (drawing,) = _parts(programme, _view(programme), r"drawings/drawing\d")
    assert re.findall('descr="(.*?)"', drawing) == [
        "各县（市、区）累计完成率与序时进度（截至2025年6月底）。文成县最高，为114.3%；泰顺县最低，为50.0%。数据见下表。",
        "全市“科技副总”选派企业数走势（单位：家）。2025年6月底最高，为808家；2024年6月底最低，为250家。数据见下表。",
        "全市技术攻关、成果转化、研发机构累计数走势。技术攻关项目数最高，为1584项；研发机构数最低，为480家。数据见下表。",
        "各县（市、区）选派企业累计数走势。乐清市最高，为220家；泰顺县最低，为4家。数据见下表。",
    ]


def test_charts_name_chinese_fonts_for_chinese_text(programme: Programme) -> None:
    for chart in _parts(programme, _view(programme), r"charts/chart\d"):
        assert set(re.findall('<a:ea typeface="(.*?)"', chart)) == {"黑体", "仿宋"}


def test_periods_that_may_not_be_shown_are_not(programme: Programme) -> None:
    """The year's end is known for the annual figures all the same."""
    view = replace(_view(programme), earlier=(MARCH,), year_ago=None)
    assert _table(_sheet(programme, view), 2)[0][1:3] == ["2025年\n3月底", "2025年\n6月底"]
