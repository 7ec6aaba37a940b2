"""Which district and period a file belongs to, and which of its tables counts: F03, F04, F05, S04 as tables of cases."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from pipeline.model import Grid
from pipeline.rules.judging.calendar import Calendar
from pipeline.rules.place import Placed, place
from schemas.programme import Programme
from tests.support.judging import DECEMBER, JUNE, MARCH, PROGRAMME, SEPTEMBER, calendar, grid, reading, rules, spec
from tests.support.judging import placed as placed_spec

NAMES = tuple(indicator.name for indicator in PROGRAMME.indicators)
HEAD = ("区域", *NAMES)
VALUES = (8, 12, 7, 3)
OWN = ("鹿城区", *VALUES)
Lines = Sequence[Sequence[object]]


def placed(
    name: str,
    above: Lines = (),
    rows: Lines = (OWN,),
    below: Lines = (),
    *,
    sheet: str = "附件2",
    given: dt.date | None = None,
    on: Calendar | None = None,
) -> Placed:
    """A file of one sheet, placed: lines above the table, its rows, lines below."""
    return place(reading(grid(*above, HEAD, *rows, *below, name=sheet), name=name), on or calendar(), given)


def line(text: str) -> Lines:
    return ((text,),)


FILE = "附件2.xlsx"
DISTRICTS: dict[str, tuple[str, dict[str, Any], str | None]] = {
    "file name": ("鹿城区_2024年6月.xlsx", {}, "鹿城区"),
    "short file name": ("鹿城2024年6月.xlsx", {}, "鹿城区"),
    "office in the file name": ("海经区管委会2024年6月.xlsx", {"rows": (("海经区", *VALUES),)}, "海经区"),
    "row alone": ("附件2（2024年6月）.xlsx", {}, "鹿城区"),
    "folder": ("鹿城区/附件2（2024年6月）.xlsx", {}, "鹿城区"),
    "folders": ("2024年6月/鹿城区/附件2.xlsx", {}, "鹿城区"),
    "unit line": ("2024年6月.xlsx", {"above": line("填报单位：鹿城区科技局")}, "鹿城区"),
    "unit line below": ("2024年6月.xlsx", {"below": line("报送单位（盖章）：温州市鹿城区人民政府")}, "鹿城区"),
    "unit line in two cells": ("2024年6月.xlsx", {"below": (("填报单位：", "鹿城区科技局"),)}, "鹿城区"),
    "blank own row": ("鹿城区_2024年6月.xlsx", {"rows": (("鹿城区",),)}, "鹿城区"),
    "other rows 0": ("2024年6月.xlsx", {"rows": (("龙湾区", 0, 0, 0, 0), OWN, ("瓯海区", 0, 0, 0, 0))}, "鹿城区"),
    "all 0": ("鹿城区_2024年6月.xlsx", {"rows": (("鹿城区", 0, 0, 0, 0), ("龙湾区", 0, 0, 0, 0))}, "鹿城区"),
    "a whole bulletin": ("鹿城区_2024年6月.xlsx", {"rows": (OWN, ("龙湾区", 9, 9, 9, 9))}, "鹿城区"),
    "a whole bulletin by its unit line": (
        "2024年6月.xlsx",
        {"rows": (OWN, ("龙湾区", 9, 9, 9, 9)), "below": line("填报单位：鹿城区")},
        "鹿城区",
    ),
    "two in the name, one in the row": ("鹿城区转龙湾区_2024年6月.xlsx", {}, "鹿城区"),
    "a city in the title": ("鹿城区_2024年6月.xlsx", {"above": line("龙湾区经验交流")}, "鹿城区"),
    "nothing but a whole bulletin": ("2024年6月.xlsx", {"rows": (OWN, ("龙湾区", 9, 9, 9, 9))}, None),
    "nothing at all": ("2024年6月.xlsx", {"rows": (("本县", *VALUES),)}, None),
    "name against row": ("龙湾区_2024年6月.xlsx", {}, None),
    "name against unit line": ("鹿城区_2024年6月.xlsx", {"below": line("填报单位：龙湾区科技局")}, None),
    "folder against name": ("龙湾区/鹿城区_2024年6月.xlsx", {}, None),
    "folder against row": ("龙湾区/2024年6月.xlsx", {}, None),
    "folder against folder": ("鹿城区/龙湾区/2024年6月.xlsx", {}, None),
    "unit line against row": ("2024年6月.xlsx", {"below": line("填报单位：龙港市")}, None),
    "two unit lines": (
        "鹿城区_2024年6月.xlsx",
        {"above": line("填报单位：鹿城区"), "below": line("上报单位：龙湾区")},
        None,
    ),
    "own row blank, another filled": ("鹿城区_2024年6月.xlsx", {"rows": (("鹿城区",), ("乐清市", *VALUES))}, None),
    "own row blank, another only 0": ("鹿城区_2024年6月.xlsx", {"rows": (("鹿城区",), ("乐清市", 0, 0, 0, 0))}, None),
    "龙湾 for 龙港": ("龙港_2024年6月.xlsx", {"rows": (("龙湾区", *VALUES),)}, None),
}


@pytest.mark.parametrize(("name", "sheet", "district"), DISTRICTS.values(), ids=DISTRICTS)
def test_the_district_by_all_evidence(name: str, sheet: dict[str, Any], district: str | None) -> None:
    found = placed(name, **sheet)
    assert (found.district, rules(found)) == (district, [] if district else ["F03"])
    assert found.period == JUNE


PERIODS: dict[str, tuple[str, dict[str, Any], dt.date | None]] = {
    "file name": ("鹿城区_2024年6月.xlsx", {}, JUNE),
    "quarter": ("鹿城区 2024年第二季度(1).xlsx", {}, JUNE),
    "folder": ("2024-06-30/鹿城区.xlsx", {}, JUNE),
    "title": ("鹿城区.xlsx", {"above": line("工作情况通报表（2024年1-6月）")}, JUNE),
    "until line": ("鹿城区.xlsx", {"above": line("截至2024年6月30日")}, JUNE),
    "right of a line": ("鹿城区.xlsx", {"above": (("填报单位：鹿城区", None, None, None, "2024年上半年"),)}, JUNE),
    "labelled below": ("鹿城区.xlsx", {"below": line("数据截至：2024年6月30日")}, JUNE),
    "sheet name": ("鹿城区.xlsx", {"sheet": "2024年6月"}, JUNE),
    "sheet name left over": ("鹿城区_2024年6月.xlsx", {"sheet": "2024年3月"}, JUNE),
    "sheet name left over, title": ("鹿城区.xlsx", {"sheet": "2024Q1", "above": line("截至2024年6月30日")}, JUNE),
    "all agree": ("2024年第二季度/鹿城区2024-06-30.xlsx", {"above": line("截至2024年6月底")}, JUNE),
    "month without year": ("鹿城区6月.xlsx", {"above": line("截至2024年6月30日")}, JUNE),
    "two months in a name": ("鹿城区2024年3月、2024年6月.xlsx", {"above": line("截至2024年6月30日")}, JUNE),
    "filling date above": ("鹿城区_2024年6月.xlsx", {"above": line("填报日期：2024年7月31日")}, JUNE),
    "filling date in two cells": ("鹿城区_2024年6月.xlsx", {"above": (("填报日期", "2024年7月31日"),)}, JUNE),
    "filling date below": ("鹿城区_2024年6月.xlsx", {"below": line("2024年7月31日")}, JUNE),
    "filling day that ends no month": ("鹿城区_2024年6月.xlsx", {"above": line("2024年7月5日")}, JUNE),
    "plan and document": ("鹿城区_2024年6月.xlsx", {"above": line("2024-2026年“科技副总”（市委科创办〔2024〕5号）")}, JUNE),
    "phone": ("鹿城区_2024年6月.xlsx", {"above": line("联系电话：0577-20240930")}, JUNE),
    "day amid a month": ("鹿城区20240705.xlsx", {"above": line("截至2024年6月30日")}, JUNE),
    "nothing": ("鹿城区.xlsx", {}, None),
    "only a year": ("鹿城区2024年.xlsx", {}, None),
    "only a filling date": ("鹿城区.xlsx", {"below": line("填报日期：2024年6月30日")}, None),
    "a date below": ("鹿城区.xlsx", {"below": line("2024年6月30日")}, None),
    "only the plan's years": ("鹿城区.xlsx", {"above": line("2024-2026年工作情况通报表")}, None),
    "name against until line": ("鹿城区_2024年6月.xlsx", {"above": line("截至2024年3月31日")}, None),
    "name against title": ("鹿城区_2024年6月.xlsx", {"above": line("工作情况（2024年第一季度）")}, None),
    "title against until line": (
        "鹿城区_2024年6月.xlsx",
        {"above": (("工作情况（2024年6月）",), ("截至2024年3月31日",))},
        None,
    ),
    "folder against name": ("2024年3月/鹿城区_2024年6月.xlsx", {}, None),
    "name against line below": ("鹿城区_2024年6月.xlsx", {"below": line("报告期：2024年9月30日")}, None),
    "another year": ("鹿城区_2024年6月.xlsx", {"above": line("截至2023年6月30日")}, None),
    "another month without year": ("鹿城区6月.xlsx", {"above": line("截至2024年9月30日")}, None),
    "two months in a name alone": ("鹿城区2024年3月、2024年6月.xlsx", {}, None),
}


@pytest.mark.parametrize(("name", "sheet", "period"), PERIODS.values(), ids=PERIODS)
def test_the_period_by_all_evidence(name: str, sheet: dict[str, Any], period: dt.date | None) -> None:
    found = placed(name, **sheet)
    assert (found.period, rules(found)) == (period, [] if period else ["F04"])
    assert found.district == "鹿城区"


def test_a_month_without_year_is_the_open_period_s() -> None:
    two = calendar(called=(JUNE, SEPTEMBER))
    assert placed("鹿城区6月.xlsx", on=two).period == JUNE
    both = placed("鹿城区6月.xlsx", on=calendar(today=dt.date(2026, 4, 1)))
    assert (both.period, rules(both)) == (None, ["F04"])


def test_the_single_open_period_is_meant_where_none_is_stated() -> None:
    assert placed("鹿城区.xlsx", on=calendar(called=(MARCH, dt.date(2025, 6, 30)))).period == MARCH


GIVEN: dict[str, tuple[str, Lines, dt.date | None, list[str]]] = {
    "for a file that states none": ("鹿城区.xlsx", (), JUNE, []),
    "the same as stated": ("鹿城区_2024年6月.xlsx", (), JUNE, []),
    "a month without year": ("鹿城区6月.xlsx", (), JUNE, []),
    "another than stated": ("鹿城区_2024年9月.xlsx", (), None, ["F04"]),
    "another than the title": ("鹿城区.xlsx", line("截至2024年9月30日"), None, ["F04"]),
    "another month": ("鹿城区9月.xlsx", (), None, ["F04"]),
}


@pytest.mark.parametrize(("name", "above", "period", "found"), GIVEN.values(), ids=GIVEN)
def test_the_given_period_is_evidence(name: str, above: Lines, period: dt.date | None, found: list[str]) -> None:
    result = placed(name, above, given=JUNE)
    assert (result.period, rules(result)) == (period, found)


OFF = dt.date(2024, 6, 15)
CALLED: dict[str, tuple[str, Calendar, dt.date | None, list[str]]] = {
    "month end, none called": ("鹿城区_2024年5月.xlsx", calendar(), dt.date(2024, 5, 31), []),
    "called": ("鹿城区_2024年6月.xlsx", calendar(called=(JUNE,)), JUNE, []),
    "not called": ("鹿城区_2024年9月.xlsx", calendar(called=(JUNE,)), SEPTEMBER, ["F05"]),
    "before the programme": ("鹿城区_2023年12月.xlsx", calendar(), dt.date(2023, 12, 31), ["F05"]),
    "before the programme, though called": (
        "鹿城区_2023年12月.xlsx",
        calendar(called=(dt.date(2023, 12, 31),)),
        dt.date(2023, 12, 31),
        ["F05"],
    ),
    "ten days ahead": ("鹿城区_2024年6月.xlsx", calendar(today=dt.date(2024, 6, 20)), JUNE, []),
    "eleven days ahead": ("鹿城区_2024年6月.xlsx", calendar(today=dt.date(2024, 6, 19)), JUNE, ["F05"]),
    "eleven days ahead, though called": (
        "鹿城区_2024年6月.xlsx",
        calendar(called=(JUNE,), today=dt.date(2024, 6, 19)),
        JUNE,
        ["F05"],
    ),
    "years ahead": ("鹿城区_2026年12月.xlsx", calendar(), dt.date(2026, 12, 31), ["F05"]),
}


@pytest.mark.parametrize(("name", "on", "period", "found"), CALLED.values(), ids=CALLED)
def test_a_period_that_was_not_called_is_f05(name: str, on: Calendar, period: dt.date, found: list[str]) -> None:
    result = placed(name, on=on)
    assert (result.period, rules(result)) == (period, found)


def test_a_given_day_that_ends_no_month_is_not_called() -> None:
    assert rules(placed("鹿城区.xlsx", given=OFF)) == ["F05"]
    assert rules(placed("鹿城区.xlsx", given=OFF, on=calendar(called=(OFF,)))) == []


def test_what_counts_as_called_is_the_programme_s() -> None:
    quarterly = Calendar(dataclasses.replace(PROGRAMME, presets=("quarter_end",)), dt.date(2024, 9, 1))
    assert [quarterly.is_called(day) for day in (JUNE, dt.date(2024, 5, 31))] == [True, False]
    assert quarterly.open_periods() == (dt.date(2024, 3, 31), JUNE)


def form(sheet: str, *above: str, row: Sequence[object] = OWN, hidden: bool = False) -> Grid:
    return grid(*((text,) for text in above), HEAD, row, name=sheet, hidden=hidden)


OLD = ("鹿城区", 1, 2, 3, 4)
TABLES: dict[str, tuple[str, tuple[Grid, ...], str | None, list[str]]] = {
    "one filled, one blank": ("鹿城区_2024年6月.xlsx", (form("空表", row=("鹿城区",)), form("附件2")), "附件2", []),
    "the same twice": ("鹿城区_2024年6月.xlsx", (form("甲"), form("乙")), "甲", []),
    "the same hidden and in sight": ("鹿城区_2024年6月.xlsx", (form("甲", hidden=True), form("乙")), "乙", []),
    "another period by its title": (
        "鹿城区_2024年6月.xlsx",
        (form("甲", "截至2024年3月31日", row=OLD), form("乙", "截至2024年6月30日")),
        "乙",
        [],
    ),
    "another period by its sheet name": (
        "鹿城区_2024年6月.xlsx",
        (form("2024年3月", row=OLD), form("2024年6月")),
        "2024年6月",
        [],
    ),
    "another period beside a silent sheet": ("鹿城区_2024年6月.xlsx", (form("2024年3月", row=OLD), form("附件2")), "附件2", []),
    "the same values in another period": (
        "鹿城区_2024年6月.xlsx",
        (form("甲", "截至2024年3月31日"), form("乙", "截至2024年6月30日")),
        "乙",
        [],
    ),
    "different, silent": ("鹿城区_2024年6月.xlsx", (form("甲", row=OLD), form("乙")), None, ["S04"]),
    "different, one hidden": ("鹿城区_2024年6月.xlsx", (form("甲", row=OLD, hidden=True), form("乙")), None, ["S04"]),
    "different, both of this period": (
        "鹿城区_2024年6月.xlsx",
        (form("甲", "截至2024年6月30日", row=OLD), form("乙", "截至2024年6月30日")),
        None,
        ["S04"],
    ),
    "different, one silent": ("鹿城区_2024年6月.xlsx", (form("甲", row=OLD), form("乙", "截至2024年6月30日")), None, ["S04"]),
    "different rows": ("鹿城区_2024年6月.xlsx", (form("甲", row=("龙湾区", *VALUES)), form("乙")), None, ["S04"]),
}


@pytest.mark.parametrize(("name", "sheets", "chosen", "found"), TABLES.values(), ids=TABLES)
def test_the_one_table_of_the_period(name: str, sheets: tuple[Grid, ...], chosen: str | None, found: list[str]) -> None:
    result = place(reading(*sheets, name=name), calendar())
    assert (result.table.sheet if result.table else None, rules(result)) == (chosen, found)
    assert result.period == JUNE


def test_two_tables_in_one_sheet_differ_like_two_sheets() -> None:
    sheet = grid(HEAD, OLD, (), ("工作情况",), HEAD, OWN)
    assert rules(place(reading(sheet), calendar())) == ["S04"]


def test_the_same_values_of_two_periods_do_not_say_which_period() -> None:
    sheets = (form("甲", "截至2024年3月31日"), form("乙", "截至2024年6月30日"))
    result = place(reading(*sheets, name="鹿城区.xlsx"), calendar())
    assert (result.period, rules(result)) == (None, ["F04"])


def test_findings_of_the_place_say_what_was_seen() -> None:
    found = placed("龙湾区_2024年6月.xlsx", line("截至2024年9月30日"))
    district, period = found.findings
    assert district.message == "填报地区不一致：文件名为“龙湾区_2024年6月.xlsx”，有数据的行为“鹿城区”。"
    assert period.message == "报告期不一致：文件名为“龙湾区_2024年6月.xlsx”，表内为“截至2024年9月30日”。"
    assert placed("附件2.xlsx").findings[0].message == "报告期不明：文件名、表内均未写明。"
    assert (district.cell, district.district, period.cell) == (None, None, None)


def test_an_unreadable_file_keeps_its_place_and_is_not_told_that_more_is_missing() -> None:
    broken = dataclasses.replace(reading(name="鹿城区.xlsx"), findings=placed("龙湾区.xlsx").findings[:1])
    found = place(broken, calendar())
    assert (found.district, found.period, found.findings) == ("鹿城区", None, broken.findings)


def test_another_programme_is_placed_by_its_own_words(second_programme: Programme) -> None:
    values = dict.fromkeys(second_programme.indicator_ids, 1)
    found = placed_spec(
        dataclasses.replace(spec(), programme=second_programme, district="青禾市", period=MARCH, values=values),
        today=dt.date(2025, 4, 20),
    )
    assert (found.district, found.period, rules(found)) == ("青禾市", MARCH, [])


def test_a_file_may_say_its_period_in_the_sheet_alone() -> None:
    found = placed_spec(spec(naming="district_only", period=DECEMBER))
    assert (found.district, found.period) == ("鹿城区", DECEMBER)
