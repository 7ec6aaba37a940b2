"""Dates in the period's own place that end no period (F04), dates elsewhere that say nothing, and columns of periods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from pipeline.model import Cell, Kind
from pipeline.reading.values import find_no_periods
from pipeline.rules.place import place
from tests.returns import FORMATS, Layout
from tests.support.judging import GOOD, JUNE, PROGRAMME, SEPTEMBER, calendar, check, check_grid, grid, reading, rules, spec

NAMES = tuple(indicator.name for indicator in PROGRAMME.indicators)
TITLE, HEAD, OWN = ("各县（市、区）“科技副总”工作情况通报表",), ("区域", "指标名称", *NAMES), (None, "鹿城区", 8, 12, 7, 3)
BY_NAME = "鹿城区_2024年6月.xlsx"


def f04(*lines: Sequence[object], name: str = "鹿城区.xlsx", called: Sequence[dt.date] = ()) -> str | None:
    """The message of F04, None without one."""
    found = place(reading(grid(*lines), name=name), calendar(called=called)).findings
    return next((finding.message for finding in found if finding.rule == "F04"), None)


# fmt: off
REAL = {
    "截至2024年12月25日": "2024年12月25日", "截至2024年12月30日（征求意见稿）": "2024年12月30日",
    "数据截至：2024-12-25": "2024-12-25",
    "报告期：2024.12.25": "2024.12.25", "截至 2024 年 6 月 29 日": "2024 年 6 月 29 日", "截至12月25日": "12月25日",
    "报告期：2024年10月1日至12月25日": "12月25日", "截至2024年2月28日": "2024年2月28日",
    "截至二〇二四年十二月二十五日": "二〇二四年十二月二十五日",
    "統計截至2024年12月25日": "2024年12月25日",
}
NONE_AT_ALL = {
    "截至2024年12月32日": "2024年12月32日", "截至2024年11月31日": "2024年11月31日", "截至2023年2月29日": "2023年2月29日",
    "报告期：2024-02-30": "2024-02-30", "截至13月31日": "13月31日", "截至2024年13月": "2024年13月",
}
# fmt: on


@pytest.mark.parametrize(("line", "text"), REAL.items())
def test_a_date_in_the_periods_own_place_that_ends_none_is_quoted(line: str, text: str) -> None:
    assert f04(TITLE, (line,), HEAD, OWN) == f"报告期不明：A2单元格写的是“{text}”，不是报告期末。"


# fmt: off
LOOSE = {
    "截至12.25": "12.25", "截至12/25": "12/25", "截至12-25": "12-25", "截至25日": "25日",
    "截至2024年12月中旬": "2024年12月中旬", "数据截至：12月初": "12月初",
}
# fmt: on


@pytest.mark.parametrize(("line", "text"), LOOSE.items())
def test_behind_a_label_less_is_a_date_too(line: str, text: str) -> None:
    assert f04(TITLE, (line,), HEAD, OWN, name="鹿城区_2024年12月.xlsx") == (
        f"报告期不一致：文件名为“鹿城区_2024年12月.xlsx”，A2单元格写的是“{text}”，不是报告期末。"
    )


@pytest.mark.parametrize("line", ["截至6.30", "截至6/30", "截至30日", "报告期：1-6", "截至3.5万家"])
def test_what_may_be_an_end_is_not_held_against_it(line: str) -> None:
    assert f04(TITLE, (line,), HEAD, OWN, name=BY_NAME) is None


def test_an_end_behind_a_label_is_evidence_however_short() -> None:
    assert f04(TITLE, ("截至9.30",), HEAD, OWN, name=BY_NAME) is not None


@pytest.mark.parametrize("day", ["0日", "00日"])
def test_the_day_nought_is_none(day: str) -> None:
    assert f04(TITLE, (f"截至2024年6月{day}",), HEAD, OWN) == f"报告期不明：A2单元格写的是“2024年6月{day}”，没有这一天。"


@pytest.mark.parametrize(("line", "text"), NONE_AT_ALL.items())
def test_a_date_that_does_not_exist_is_quoted(line: str, text: str) -> None:
    assert f04(TITLE, (line,), HEAD, OWN) == f"报告期不明：A2单元格写的是“{text}”，没有这一天。"


PLACES: dict[str, tuple[Sequence[object], ...]] = {
    "line": (TITLE, ("截至2024年6月25日",), HEAD, OWN),
    "title": (("各县（市、区）“科技副总”工作情况通报表（2024年6月25日）",), HEAD, OWN),
    "title without the subject": (("工作情况统计表2024年6月25日",), HEAD, OWN),
    "below the table": (TITLE, HEAD, OWN, ("数据截至：2024年6月25日",)),
    "cell behind its label": (TITLE, ("报告期", "2024年6月25日"), HEAD, OWN),
    "date cell behind its label": (TITLE, ("报告期：", Cell(Kind.DATE, "2024-06-25")), HEAD, OWN),
    "column": (TITLE, (*HEAD, "报告期"), (*OWN, "2024年6月25日")),
}


@pytest.mark.parametrize("lines", PLACES.values(), ids=PLACES)
def test_it_contradicts_evidence_of_a_period(lines: tuple[Sequence[object], ...]) -> None:
    message = f04(*lines, name=BY_NAME)

    assert message is not None
    assert message.startswith(f"报告期不一致：文件名为“{BY_NAME}”，")
    assert "写的是“2024" in message
    assert message.endswith("不是报告期末。")


@pytest.mark.parametrize("lines", PLACES.values(), ids=PLACES)
def test_the_single_open_period_does_not_settle_it(lines: tuple[Sequence[object], ...]) -> None:
    assert f04(*lines, called=[JUNE]) is not None


ELSEWHERE: dict[str, tuple[str, tuple[Sequence[object], ...]]] = {
    "file name": ("鹿城区_2024年6月_7月5日.xlsx", (TITLE, HEAD, OWN)),
    "filling date above": (BY_NAME, (TITLE, ("填报日期：2024年7月5日",), HEAD, OWN)),
    "filling date in two cells": (BY_NAME, (TITLE, (None, "填报日期", "2024年7月5日"), HEAD, OWN)),
    "date alone above": (BY_NAME, (TITLE, (None, None, None, "2024年7月5日"), HEAD, OWN)),
    "date alone below": (BY_NAME, (TITLE, HEAD, OWN, (None, None, "2024年7月5日"))),
    "amended, in the title": (BY_NAME, (("“科技副总”工作情况通报表（2024年7月5日修订）",), HEAD, OWN)),
    "filled in, in the title": (BY_NAME, (("“科技副总”工作情况通报表（7月5日填）",), HEAD, OWN)),
    "amending date": (BY_NAME, (TITLE, ("修改日期：2024年7月5日",), HEAD, OWN)),
    "beside the period": ("鹿城区.xlsx", (TITLE, ("截至2024年6月30日（7月5日填报）",), HEAD, OWN)),
    "beside the period in the title": ("鹿城区.xlsx", (("“科技副总”工作情况表（2024年第二季度，7月5日）",), HEAD, OWN)),
    "a deadline": (BY_NAME, (TITLE, ("请于2024年7月5日前报送",), HEAD, OWN)),
    "a deadline's label": (BY_NAME, (TITLE, ("报送截止日期：2024年7月5日",), HEAD, OWN)),
    "a start": ("鹿城区.xlsx", (TITLE, ("2024年1月1日至2024年6月30日",), HEAD, OWN)),
    "since": (BY_NAME, (TITLE, ("2024年1月1日以来累计",), HEAD, OWN)),
    "a note below": (BY_NAME, (TITLE, HEAD, OWN, ("注：依据2024年5月10日通知填报。",))),
}


@pytest.mark.parametrize(("name", "lines"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_date_elsewhere_is_no_evidence(name: str, lines: tuple[Sequence[object], ...]) -> None:
    assert f04(*lines, name=name) is None


def test_a_date_alone_above_the_table_is_told_where_nothing_says_the_period() -> None:
    assert f04(TITLE, ("2024年6月25日",), HEAD, OWN) == "报告期不明：A2单元格写的是“2024年6月25日”，不是报告期末。"


def test_a_day_that_was_called_is_a_period() -> None:
    day = dt.date(2024, 6, 25)

    assert find_no_periods("截至2024年6月25日", PROGRAMME, frozenset([day])) == ()


@pytest.mark.parametrize("fmt", FORMATS)
def test_every_format_is_read_for_it(fmt: str) -> None:
    submission = check(spec(fmt=fmt, layout=Layout(period_at="nowhere"), strays={"above": "截至2024年6月25日"}))

    assert [f.rule for f in submission.findings if f.grade == "error"] == ["F04"]


def periods(*lines: Sequence[object], name: str = "鹿城区.xlsx") -> dt.date | None:
    return place(reading(grid(*lines), name=name), calendar()).period


# fmt: off
COLUMNS = [
    ("报告期", "2024年6月"), ("报告期", "2024-06-30"), ("统计时间", "2024年第二季度"), ("期别", "2024年上半年"), ("所属期",
    "2024Q2"), ("年月", "202406"),
    ("截止日期", Cell(Kind.DATE, "2024-06-30")), ("報告期", "2024年6月"),
]
# fmt: on


@pytest.mark.parametrize(("heading", "said"), COLUMNS)
def test_a_column_of_periods_is_evidence_for_its_row(heading: str, said: object) -> None:
    assert periods(TITLE, (*HEAD, heading), (*OWN, said)) == JUNE
    assert periods(TITLE, (heading, *HEAD), (said, *OWN)) == JUNE


@pytest.mark.parametrize(("heading", "said"), [("月份", 6), ("月份", "6月")])
def test_a_month_in_its_column_must_be_the_periods(heading: str, said: object) -> None:
    assert periods(TITLE, (*HEAD, heading), (*OWN, said), name=BY_NAME) == JUNE
    assert periods(TITLE, (*HEAD, heading), (*OWN, said), name="鹿城区_2024年9月.xlsx") is None


@pytest.mark.parametrize(("said", "period"), [("2024年6月", JUNE), ("2024年第三季度", None), ("2024年7月3日", JUNE)])
def test_under_a_loose_heading_whole_months_are_evidence_and_days_are_not(said: str, period: dt.date | None) -> None:
    assert periods(TITLE, (*HEAD, "时间"), (*OWN, said), name=BY_NAME) == period


def test_the_periods_of_other_rows_say_nothing() -> None:
    other = (None, "龙湾区", 1, 1, 1, 1, "2024年3月")

    assert periods(TITLE, (*HEAD, "报告期"), (*OWN, "2024年6月"), other, name="鹿城区.xlsx") == JUNE


def test_a_column_that_names_another_period_is_f04() -> None:
    assert f04(TITLE, (*HEAD, "报告期"), (*OWN, "2024年9月"), name=BY_NAME) == (
        f"报告期不一致：文件名为“{BY_NAME}”，报告期栏为“2024年9月”。"
    )


ROWS = ((None, "鹿城区", 5, 9, 4, 2, "2024年3月"), (*OWN, "2024年6月"), (None, "鹿城区", 9, 13, 8, 4, "2024年9月"))


def test_of_several_rows_the_one_of_the_period_counts() -> None:
    submission = check_grid(grid(TITLE, (*HEAD, "报告期"), *ROWS), name=BY_NAME)

    assert tuple(entry.value for entry in submission.entries) == (8, 12, 7, 3)
    assert "S09" not in rules(submission)
    (finding,) = (f for f in submission.findings if f.rule == "S11")
    assert "“鹿城区2024年3月”行未采用" in finding.message


@pytest.mark.parametrize("name", ["鹿城区.xlsx", "鹿城区_2024年12月.xlsx"])
def test_several_rows_of_which_none_is_of_the_period_are_f04(name: str) -> None:
    assert f04(TITLE, (*HEAD, "报告期"), *ROWS, name=name) is not None


def test_a_good_return_beside_a_stated_september_is_not_changed() -> None:
    assert check(GOOD).period == JUNE
    assert SEPTEMBER not in {check(GOOD).period}
