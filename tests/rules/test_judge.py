"""A batch judged: X01, P01, P02, P08, what cannot be decided, returns of several periods in one run, and the status."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from pipeline.model import Finding, History, Status, Submission
from pipeline.rules.answers.answers import status_of
from schemas.programme import Programme
from tests.support.judging import (
    DECEMBER,
    JUNE,
    LUCHENG,
    MARCH,
    PROGRAMME,
    SEPTEMBER,
    at,
    check,
    history,
    placed,
    rules,
    run,
    spec,
)

IDS = PROGRAMME.indicator_ids


def sent(values: Sequence[Any], district: str = LUCHENG, period: dt.date = MARCH, ledger: History | None = None) -> Submission:
    """A return with these values in programme order, judged alone. The district's row of 鹿城区 is row 5, C to F."""
    return check(spec(district=district, period=period, values=dict(zip(IDS, values, strict=True))), ledger=ledger)


X01 = {
    "results without enterprises": ((0, 1, 0, 0), [("X01", "C5")]),
    "the last indicator alone": ((0, 0, 0, 1), [("X01", "C5")]),
    "nothing at all": ((0, 0, 0, 0), []),
    "enterprises": ((1, 6, 6, 1), []),
    "another without number": ((0, "约30", 0, 5), [("X01", "C5"), ("C04", "D5")]),
    "undecided": ((0, "约30", 0, 0), [("C04", "D5")]),
    "enterprises without number": (("无", 5, 5, 5), [("C03", "C5")]),
}


@pytest.mark.parametrize(("values", "found"), X01.values(), ids=X01)
def test_x01(values: Sequence[Any], found: list[tuple[str, str]]) -> None:
    assert sorted(at(sent(values))) == sorted(found)


def test_x01_names_the_other_indicator_and_is_found_beside_p01() -> None:
    submission = sent((0, 12, 7, 3), ledger=history((LUCHENG, DECEMBER, (8, 12, 7, 2))))
    assert at(submission) == [("X01", "C5"), ("P01", "C5")]
    assert submission.findings[0].message == "已选派企业数为0，但“开展技术攻关项目数”为12。"


BEFORE = history((LUCHENG, JUNE, (8, 12, 7, 3)), (LUCHENG, SEPTEMBER, (9, 14, 8, 4)), ("龙湾区", DECEMBER, (90, 90, 90, 90)))
P01 = {
    "risen": ((10, 15, 9, 5), []),
    "equal in part": ((9, 14, 8, 5), []),
    "one fallen": ((9, 13, 9, 4), [("P01", "D5")]),
    "all fallen": ((8, 13, 7, 3), [("P01", f"{column}5") for column in "CDEF"]),
    "above an older one only": ((9, 14, 8, 3), [("P01", "F5")]),
    "no number": ((9, "约10", 9, 4), [("C04", "D5")]),
}


@pytest.mark.parametrize(("values", "found"), P01.values(), ids=P01)
def test_p01_looks_at_the_last_accepted_value_of_an_earlier_period(values: Sequence[Any], found: list[Any]) -> None:
    assert sorted(at(sent(values, ledger=BEFORE))) == sorted(found)


def test_p01_says_from_when_to_what() -> None:
    (finding,) = (f for f in sent((9, 13, 9, 4), ledger=BEFORE).findings if f.rule == "P01")
    assert finding.message == "“开展技术攻关项目数”由2024年9月底的14降为13，减少1项；累计数不应减少。"
    assert (finding.observed, finding.expected, finding.indicator) == ("13", "14", "projects")


LAST = (40, 60, 30, 20)


def grown(*increases: int, district: str = LUCHENG) -> History:
    """Accepted returns up to December 2024 that end in LAST, their sums growing by these increases, one month apart."""
    values = [list(LAST)]
    for increase in reversed(increases):
        values.insert(0, [values[0][0], values[0][1] - increase, *values[0][2:]])
    days = [dt.date(2024, month, 28) for month in range(13 - len(values), 13)]
    return history(*((district, day, row) for day, row in zip(days, values, strict=True)))


P02: dict[str, tuple[History, str, Sequence[Any], list[str]]] = {
    "lively": (grown(5, 5), LUCHENG, LAST, ["P02"]),
    "just not lively": (grown(5, 4), LUCHENG, LAST, []),
    "median of four": (grown(5, 5, 5, 0), LUCHENG, LAST, ["P02"]),
    "median of four, low": (grown(9, 9, 0, 0), LUCHENG, LAST, []),
    "only the last four count": (grown(9, 9, 9, 0, 0, 0, 5), LUCHENG, LAST, []),
    "slow, though its target is high": (grown(0, 0), LUCHENG, LAST, []),
    "one increase, target of 25": (grown(0), LUCHENG, LAST, ["P02"]),
    "no increase, target of 25": (grown(), LUCHENG, LAST, ["P02"]),
    "one increase, target of 6": (grown(50, district="泰顺县"), "泰顺县", LAST, []),
    "two increases, target of 5": (grown(50, 50, district="泰顺县"), "泰顺县", LAST, ["P02"]),
    "changed": (grown(5, 5), LUCHENG, (40, 60, 30, 21), []),
    "all 0": (history((LUCHENG, DECEMBER, (0, 0, 0, 0))), LUCHENG, (0, 0, 0, 0), []),
    "one not known": (grown(5, 5), LUCHENG, (40, 60, 30, "约20"), []),
    "no previous": ({}, LUCHENG, LAST, []),
}


@pytest.mark.parametrize(("ledger", "district", "values", "found"), P02.values(), ids=P02)
def test_p02(ledger: History, district: str, values: Sequence[Any], found: list[str]) -> None:
    submission = sent(values, district, ledger=ledger)
    assert [rule for rule in rules(submission) if rule == "P02"] == found
    if found:
        assert submission.status is Status.PENDING


def test_p02_is_about_the_row() -> None:
    (finding,) = sent(LAST, ledger=grown(5, 5)).findings
    assert (finding.cell, finding.indicator, finding.observed) == ("C5:F5", None, "40、60、30、20")
    assert finding.message == "四项指标与2024年12月28日完全相同。"


def test_p02_goes_by_the_target_of_the_period_s_year() -> None:
    first_year = history(("文成县", JUNE, (1, 1, 1, 1)), ("瓯海区", JUNE, (1, 1, 1, 1)))
    found = [rules(sent((1, 1, 1, 1), district, SEPTEMBER, first_year)) for district in ("文成县", "瓯海区")]
    assert found == [["P11"], ["P02"]]


AFTER = history((LUCHENG, DECEMBER, (10, 15, 9, 5)), (LUCHENG, MARCH, (20, 20, 20, 20)))
P08 = {
    "below": ((9, 14, 8, 4), []),
    "equal": ((10, 15, 9, 5), []),
    "one above": ((10, 16, 9, 5), [("P08", "D5")]),
    "all above": ((11, 16, 10, 6), [("P08", f"{column}5") for column in "CDEF"]),
}


@pytest.mark.parametrize(("values", "found"), P08.values(), ids=P08)
def test_p08_looks_at_the_next_accepted_values(values: Sequence[Any], found: list[Any]) -> None:
    assert at(sent(values, period=SEPTEMBER, ledger=AFTER)) == found


def test_p08_says_which_later_period() -> None:
    (finding,) = (f for f in sent((10, 16, 9, 5), period=SEPTEMBER, ledger=AFTER).findings if f.rule == "P08")
    assert finding.message == "“开展技术攻关项目数”为16，高于2024年底已审核的15。"


def batch(*returns: tuple[dt.date, Sequence[Any]], ledger: History | None = None) -> list[Submission]:
    files = [placed(spec(period=day, values=dict(zip(IDS, row, strict=True)))) for day, row in returns]
    return run(files, ledger=ledger)


def test_returns_of_several_periods_in_a_run_lean_on_each_other() -> None:
    submissions = batch((JUNE, (8, 12, 7, 3)), (SEPTEMBER, (9, 11, 8, 4)), (DECEMBER, (9, 12, 8, 4)))
    assert [(rules(s), s.status) for s in submissions] == [
        ([], Status.ACCEPTED),
        (["P01"], Status.RETURNED),
        ([], Status.ACCEPTED),
    ]


@pytest.mark.parametrize("refused", [("约30", 90, 90, 90), (0, 90, 90, 90)])
def test_a_refused_return_is_nothing_to_lean_on(refused: Sequence[Any]) -> None:
    submissions = batch((JUNE, (8, 12, 7, 3)), (SEPTEMBER, refused), (DECEMBER, (9, 13, 8, 4)))
    assert [s.status for s in submissions] == [Status.ACCEPTED, Status.RETURNED, Status.ACCEPTED]


def test_a_chain_of_falls_is_judged_period_by_period() -> None:
    submissions = batch((JUNE, (9, 9, 9, 9)), (SEPTEMBER, (5, 5, 5, 5)), (DECEMBER, (7, 7, 7, 7)), (MARCH, (9, 9, 9, 10)))
    statuses = [Status.ACCEPTED, Status.RETURNED, Status.RETURNED, Status.ACCEPTED]
    assert [s.status for s in submissions] == statuses
    assert {f.expected for f in submissions[2].findings if f.rule == "P01"} == {"9"}


def test_a_run_does_not_hold_a_later_return_against_an_earlier_one() -> None:
    submissions = batch((DECEMBER, (5, 5, 5, 5)), (SEPTEMBER, (9, 9, 9, 9)))
    assert [rules(s) for s in submissions] == [["P01"] * 4 + ["P04"], []]


def test_waiting_rivals_are_nothing_to_lean_on() -> None:
    two = [placed(spec(values={"projects": n}, fmt=fmt)) for n, fmt in ((12, "xlsx"), (19, "xls"))]
    submissions = run([*two, placed(spec(period=SEPTEMBER, values={"projects": 6}))])
    assert [rules(s) for s in submissions] == [["F17", "P08"], ["F17", "P08"], []]


def test_what_cannot_be_compared_says_why() -> None:
    undecided = [(u.rule, u.indicator, u.reason) for u in sent((8, 12, 7, 3)).undecided]
    none, few = "无以前报告期数据，未作比较", "历史期数不足，未作比较"
    assert undecided == [*(("P01", i, none) for i in IDS), ("P02", None, none), *(("P05", i, few) for i in IDS)]
    missing = sent((0, "约30", 0, 0), ledger=BEFORE).undecided
    assert ("X01", "有指标没有可用数值，未作比较") in [(u.rule, u.reason) for u in missing]


def test_what_was_compared_is_not_undecided() -> None:
    assert {u.rule for u in sent((10, 15, 9, 5), ledger=BEFORE).undecided} == {"P05"}
    assert sent((41, 60, 30, 20), ledger=grown(5, 5, 5)).undecided == ()


def finding(grade: str, state: str = "open", rule: str = "P05") -> Finding:
    return Finding(rule, grade, "", "", state=state)


@pytest.mark.parametrize(
    ("findings", "status"),
    [
        ([], Status.ACCEPTED),
        ([finding("hint")], Status.ACCEPTED),
        ([finding("query"), finding("hint")], Status.PENDING),
        ([finding("query"), finding("error")], Status.RETURNED),
        ([finding("query", "explained")], Status.ACCEPTED),
        ([finding("query", "refused")], Status.PENDING),
        ([finding("error", "approved", "P01")], Status.ACCEPTED),
        ([finding("error", "explained", "P01")], Status.PENDING),
        ([finding("error", "refused", "P01")], Status.RETURNED),
        ([finding("query", "open", "Z01")], Status.PENDING),
        ([finding("query", "approved", "Z01")], Status.ACCEPTED),
    ],
)
def test_the_status_follows_from_the_open_findings(findings: list[Finding], status: Status) -> None:
    assert status_of(findings, PROGRAMME) is status


def test_the_rules_are_any_programme_s(second_programme: Programme) -> None:
    first, *others = second_programme.indicator_ids
    values = {first: 0, **dict.fromkeys(others, 5)}
    file = dataclasses.replace(spec(), programme=second_programme, district="青禾市", period=MARCH, values=values)
    assert [rule for rule, _ in at(check(file))] == ["X01"]


def test_all_blank_cells_are_said_at_once() -> None:
    submission = sent((None, None, None, None))
    assert {f.message for f in submission.findings} == {"本地区四项指标均未填。"}
    assert [f.cell for f in submission.findings] == ["C5", "D5", "E5", "F5"]


def test_a_text_table_names_row_and_column() -> None:
    submission = check(spec(fmt="csv-utf8", values={"projects": "约30"}))
    assert [(f.cell, f.message) for f in submission.findings if f.rule == "C04"] == [("D5", "第5行第4列“约30”不是确数。")]
