"""P04, P05 and P10: how a row goes on from those before, at each threshold and just under it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from pipeline.model import Finding, History, Submission
from tests.support.judging import LUCHENG, PROGRAMME, check, history, spec

IDS = PROGRAMME.indicator_ids
MONTHS = [dt.date(2024, month, 1) - dt.timedelta(days=1) for month in range(7, 13)]
MONTHS += [dt.date(2024, 12, 31), dt.date(2025, 1, 31)]
FEBRUARY = dt.date(2025, 2, 28)


def sent(values: Sequence[Any], ledger: History, district: str = LUCHENG, period: dt.date = FEBRUARY) -> Submission:
    row = dict(zip(IDS, values, strict=True))
    return check(spec(district=district, period=period, naming="district_iso", values=row), ledger=ledger)


def past(*rows: Sequence[int], district: str = LUCHENG, days: Sequence[dt.date] | None = None) -> History:
    """Accepted month by month, the last one in January 2025."""
    days = days or MONTHS[-len(rows) :]
    return history(*((district, day, row) for day, row in zip(days, rows, strict=True)))


def projects(*numbers: int, district: str = LUCHENG, days: Sequence[dt.date] | None = None) -> History:
    return past(*((60, number, 30, 20) for number in numbers), district=district, days=days)


def of(rule: str, submission: Submission) -> list[Finding]:
    return [finding for finding in submission.findings if finding.rule == rule]


# 鹿城区's plan for 2025 is 25 enterprises, so 50 projects: above 60 % from 31 on. 泰顺县's is 5, so 10 projects: from 7 on.
P05: dict[str, tuple[History, str, int, bool | None]] = {
    "just above the plan's share": (projects(10, 12, 14, 16), LUCHENG, 47, True),
    "exactly the plan's share": (projects(10, 12, 14, 16), LUCHENG, 46, False),
    "ten": (projects(10, 11, 12, 13, district="泰顺县"), "泰顺县", 23, True),
    "nine": (projects(10, 11, 12, 13, district="泰顺县"), "泰顺县", 22, False),
    "twice the largest": (projects(10, 11, 12, 30), LUCHENG, 66, False),
    "more than twice the largest": (projects(10, 11, 12, 30), LUCHENG, 67, True),
    "five times the least spread above the median": (projects(10, 15, 20, 25, district="泰顺县"), "泰顺县", 35, False),
    "more than that, and than twice": (projects(10, 15, 20, 25, district="泰顺县"), "泰顺县", 36, True),
    "a fifth of a large median": (projects(0, 20, 40, 60), LUCHENG, 100, False),
    "above twice a large median": (projects(0, 20, 40, 60), LUCHENG, 101, True),
    "five times a wide spread above the median": (projects(0, 0, 12, 12, 24), LUCHENG, 60, False),
    "more than that": (projects(0, 0, 12, 12, 24), LUCHENG, 61, True),
    "nothing before": (projects(9, 9, 9, 9), LUCHENG, 40, True),
    "after an approved fall": (projects(20, 21, 9, 9), LUCHENG, 40, True),
    "with this one three increases": (projects(10, 11, 12), LUCHENG, 90, True),
    "with this one two increases": (projects(10, 11), LUCHENG, 90, None),
    "no history": ({}, LUCHENG, 90, None),
}


@pytest.mark.parametrize(("ledger", "district", "value", "found"), P05.values(), ids=P05)
def test_p05(ledger: History, district: str, value: int, found: bool | None) -> None:
    submission = sent((60, value, 30, 20), ledger, district)
    undecided = ("P05", "projects") in {(u.rule, u.indicator) for u in submission.undecided}
    assert (bool(of("P05", submission)), undecided) == (bool(found), found is None)


def test_p05_says_from_when_and_against_what() -> None:
    (finding,) = of("P05", sent((60, 60, 30, 20), projects(10, 12, 15, 16)))
    assert finding.message == "“开展技术攻关项目数”比2025年1月底增加44，明显高于以往各期（最多增加3）。"
    assert (finding.cell, finding.indicator, finding.observed, finding.expected) == ("D5", "projects", "60", "3")


QUARTERS = [dt.date(2024, 3, 31), dt.date(2024, 6, 30), dt.date(2024, 9, 30), dt.date(2024, 12, 31)]


def test_increases_over_uneven_gaps_are_compared_by_the_month() -> None:
    """40 in two months are 20 a month, after 15 in a quarter, which are 5 a month."""
    (finding,) = of("P05", sent((60, 100, 30, 20), projects(15, 30, 45, 60, days=QUARTERS)))
    assert finding.message == "“开展技术攻关项目数”比2024年底增加40，平均每月20，明显高于以往各期（最多增加15，平均每月5）。"
    days = [dt.date(2024, 2, 29), dt.date(2024, 3, 31), dt.date(2024, 4, 30), dt.date(2024, 5, 31)]
    monthly = projects(2, 12, 22, 32, days=days)
    assert not of("P05", sent((60, 122, 30, 20), monthly))  # 90 in nine months are 10 a month, as ever


def test_p05_of_the_other_indicators_goes_by_their_share_of_the_plan() -> None:
    """25 enterprises: 25 transfers, of which 15 are 60 %, and 18.75 institutes, of which 11.25 are."""
    rows = past(*((60, 100, number, number) for number in (10, 11, 12, 13)))
    assert [f.indicator for f in sent((60, 100, 28, 24), rows).findings if f.rule == "P05"] == []
    assert [f.indicator for f in sent((60, 100, 29, 25), rows).findings if f.rule == "P05"] == ["transfers", "institutes"]


def test_beyond_the_plan_s_years_p05_is_undecided() -> None:
    days = [dt.date(2026, 10, 31), dt.date(2026, 11, 30), dt.date(2026, 12, 31)]
    ledger = projects(11, 12, 13, days=days)
    reasons = {u.reason for u in sent((60, 90, 30, 20), ledger, period=dt.date(2027, 1, 31)).undecided if u.rule == "P05"}
    assert reasons == {"无目标数，未作比较"}


P04 = {
    "three": ((7, 11, 6, 3), ["P01", "P01", "P01", "P04"]),
    "two": ((7, 11, 7, 3), ["P01", "P01"]),
    "three, one without number": ((7, 11, 6, "约3"), ["P01", "P01", "P01", "P04"]),
}


@pytest.mark.parametrize(("values", "found"), P04.values(), ids=P04)
def test_p04(values: Sequence[Any], found: list[str]) -> None:
    submission = sent(values, past((8, 12, 7, 3)))
    assert [f.rule for f in submission.findings if f.rule in ("P01", "P04")] == found
    assert {f.cell for f in of("P04", submission)} <= {"C5:F5"}


EXCHANGED = "“开展技术攻关项目数”与“促成科技成果转化数”的数值疑似填反。"
P10: dict[str, tuple[Sequence[Any], str | None]] = {
    "two exchanged": ((8, 7, 12, 3), EXCHANGED),
    "exchanged, and grown": ((8, 8, 15, 3), EXCHANGED),
    "a fall that no exchange explains": ((8, 11, 7, 3), None),
    "two pairs exchanged": ((3, 7, 12, 8), None),
    "no fall": ((8, 12, 7, 3), None),
    "the other without number": ((8, 7, "约12", 3), None),
}


@pytest.mark.parametrize(("values", "message"), P10.values(), ids=P10)
def test_p10_after_a_fall(values: Sequence[Any], message: str | None) -> None:
    assert [f.message for f in of("P10", sent(values, past((8, 12, 7, 3))))] == ([message] if message else [])


def test_p10_after_an_increase_that_stands_out() -> None:
    """Nothing falls, but transfers leap; as projects, which grow by 50 a month, the number would be no surprise."""
    row = (60, 252, 300, 5)
    lively, slow = (past(*((60, 250 - step * n, 246 - 2 * n, 5) for n in (3, 2, 1, 0))) for step in (50, 2))
    assert [f.indicator for f in of("P05", sent(row, lively))] == ["transfers"]
    assert [f.message for f in of("P10", sent(row, lively))] == [EXCHANGED]
    assert not of("P10", sent(row, slow))
