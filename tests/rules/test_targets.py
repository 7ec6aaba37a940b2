"""T01, T02 and T03: the headline beside its targets, at each threshold and just under it."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.model import Finding, History, Submission
from schemas.programme import Programme
from tests.support.judging import JUNE, LUCHENG, MARCH, PROGRAMME, check, every_rule, history, spec

MID, END, LAST = dt.date(2025, 6, 30), dt.date(2025, 12, 31), dt.date(2026, 12, 31)
TAISHUN, HAIJING = "泰顺县", "海经区"


def targets(district: str) -> dict[int, int]:
    target = PROGRAMME.target_of("enterprises", MARCH)
    assert target
    return dict(target.annual[district])


def sent(value: int, district: str = LUCHENG, period: dt.date = JUNE, before: int | None = None) -> Submission:
    ledger: History = {} if before is None else history((district, period - dt.timedelta(days=31), (before, 0, 0, 0)))
    values = {"enterprises": value, "projects": value, "transfers": 0, "institutes": 0}
    return check(spec(district=district, period=period, naming="district_iso", values=values), ledger=ledger)


def of(rule: str, submission: Submission) -> list[Finding]:
    return [finding for finding in submission.findings if finding.rule == rule]


def test_the_targets_of_these_cases() -> None:
    assert targets(LUCHENG) == {2024: 19, 2025: 25, 2026: 33}


T01 = {
    "half of 19, below": (JUNE, 9, "已选派9家，序时目标10家，差1家。"),
    "half of 19, above": (JUNE, 10, None),
    "19 and half of 25, below": (MID, 31, "已选派31家，序时目标32家，差1家。"),
    "19 and half of 25, above": (MID, 32, None),
    "the year's end, below": (END, 43, "已选派43家，序时目标44家，差1家。"),
    "the year's end, exactly": (END, 44, None),
}


@pytest.mark.parametrize(("period", "value", "message"), T01.values(), ids=T01)
def test_t01(period: dt.date, value: int, message: str | None) -> None:
    submission = check(spec(period=period, naming="district_iso", values={"enterprises": value}))
    assert [f.message for f in of("T01", submission)] == ([message] if message else [])


T02: dict[str, tuple[str, dt.date, int, int | None, str | None]] = {
    "half more than the year's": (LUCHENG, JUNE, 28, None, None),
    "above that": (LUCHENG, JUNE, 29, None, "已选派企业29家，为2024年底累计目标的152.6%。"),
    "of both years": (LUCHENG, MID, 67, None, "已选派企业67家，为2025年底累计目标的152.3%。"),
    "half more of both years": (LUCHENG, MID, 66, None, None),
    "by no more than the year's target": (LUCHENG, MID, 67, 42, None),
    "by more than the year's target": (LUCHENG, MID, 67, 41, "已选派企业67家，为2025年底累计目标的152.3%。"),
    "a fifth more than in all": (LUCHENG, dt.date(2026, 6, 30), 92, 40, None),
    "above a fifth more than in all": (LUCHENG, dt.date(2026, 6, 30), 93, 40, "已选派企业93家，为三年目标的120.8%。"),
    "when the plan has ended": (LUCHENG, LAST, 93, 40, None),
}


@pytest.mark.parametrize(("district", "period", "value", "before", "message"), T02.values(), ids=T02)
def test_t02(district: str, period: dt.date, value: int, before: int | None, message: str | None) -> None:
    assert [f.message for f in of("T02", sent(value, district, period, before))] == ([message] if message else [])


def test_t02_is_not_about_a_handful() -> None:
    """Half more than a target of 3 or 4 is no matter until it is 5 more."""
    small = targets(TAISHUN)[2024]
    assert [bool(of("T02", sent(small + more, TAISHUN))) for more in (4, 5)] == [False, True]


def test_t02_asks_for_five_more_than_the_three_years_too() -> None:
    whole = sum(targets(TAISHUN).values())
    found = [bool(of("T02", sent(whole + more, TAISHUN, dt.date(2026, 6, 30), 1))) for more in (4, 5)]

    assert 100 * (whole + 4) > 120 * whole
    assert found == [False, True]


def test_t02_is_not_said_where_p05_says_it() -> None:
    days = [dt.date(2024, month, 1) - dt.timedelta(days=1) for month in (10, 11, 12)] + [dt.date(2024, 12, 31)]
    values = {"enterprises": 70, "projects": 70, "transfers": 0, "institutes": 0}
    june = spec(period=MID, naming="district_iso", values=values)
    calm = history(*((LUCHENG, day, (n, 0, 0, 0)) for n, day in enumerate(days, 4)))

    assert {"P05", "T02"} & set(every_rule(check(june, ledger=calm))) == {"P05"}
    assert {"P05", "T02"} & set(every_rule(check(june))) == {"T02"}


T03: dict[str, tuple[dt.date, int, str | None]] = {
    "the year's": (JUNE, 19, "已选派企业数恰为2024年度目标19家。"),
    "the year's of the second": (MID, 25, "已选派企业数恰为2025年度目标25家。"),
    "up to its end": (MID, 44, "已选派企业数恰为2025年底累计目标44家。"),
    "at the year's end": (END, 44, None),
    "another": (MID, 45, None),
}


@pytest.mark.parametrize(("period", "value", "message"), T03.values(), ids=T03)
def test_t03(period: dt.date, value: int, message: str | None) -> None:
    assert [f.message for f in of("T03", sent(value, period=period))] == ([message] if message else [])


def test_t03_minds_targets_of_ten_and_more() -> None:
    small = targets(HAIJING)[2024]
    assert small < 10
    assert of("T03", sent(small, HAIJING)) == []


def test_without_a_target_nothing_is_said_and_that_is_said() -> None:
    submission = sent(90, period=dt.date(2027, 1, 31))
    assert {rule for rule in every_rule(submission) if rule.startswith("T")} == set()
    assert [(u.rule, u.reason) for u in submission.undecided if u.rule.startswith("T")] == [
        (rule, "无目标数，未作比较") for rule in ("T01", "T02", "T03")
    ]


def test_the_other_programme_s_targets_are_in_its_words(second_programme: Programme) -> None:
    one, two, three = second_programme.indicator_ids
    values = {one: 60, two: 60, three: 0}
    submission = check(spec(programme=second_programme, district="青禾市", period=dt.date(2025, 9, 30), values=values))
    assert [f.message for f in of("T02", submission)] == ["派驻团队60支，为2025年底累计目标的187.5%。"]
