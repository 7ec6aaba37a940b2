"""P03 and P11: the row of another district, and one's own again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from pipeline.model import Finding, History, Status, Submission
from tests.support.judging import DECEMBER, JUNE, LUCHENG, MARCH, PROGRAMME, SEPTEMBER, check, history, placed, rules, run, spec

IDS = PROGRAMME.indicator_ids
LONGWAN, OUHAI = "龙湾区", "瓯海区"
ROW = (12, 10, 6, 2)
"""They sum to 30, just enough."""


def sent(values: Sequence[int], ledger: History, period: dt.date = MARCH) -> Submission:
    return check(spec(period=period, values=dict(zip(IDS, values, strict=True))), ledger=ledger)


def twins(submission: Submission) -> list[Finding]:
    return [finding for finding in submission.findings if finding.rule == "P03"]


P03: dict[str, tuple[History, Sequence[int], str | None]] = {
    "this period": (history((LONGWAN, MARCH, ROW)), ROW, "四项指标与龙湾区2025年3月底数据完全相同。"),
    "its last before": (history((LONGWAN, DECEMBER, ROW)), ROW, "四项指标与龙湾区2024年底数据完全相同。"),
    "its last before, some time ago": (history((LONGWAN, JUNE, ROW)), ROW, "四项指标与龙湾区2024年6月底数据完全相同。"),
    "one before that": (history((LONGWAN, SEPTEMBER, ROW), (LONGWAN, DECEMBER, (13, 10, 6, 2))), ROW, None),
    "a later one": (history((LONGWAN, dt.date(2025, 6, 30), ROW)), ROW, None),
    "two districts": (
        history((OUHAI, MARCH, ROW), (LONGWAN, MARCH, ROW)),
        ROW,
        "四项指标与龙湾区、瓯海区2025年3月底数据完全相同。",
    ),
    "this period goes first": (
        history((LONGWAN, DECEMBER, ROW), (OUHAI, MARCH, ROW)),
        ROW,
        "四项指标与瓯海区2025年3月底数据完全相同。",
    ),
    "its own": (history((LUCHENG, MARCH, ROW)), ROW, None),
    "too small": (history((LONGWAN, MARCH, (12, 10, 6, 1))), (12, 10, 6, 1), None),
    "one differs": (history((LONGWAN, MARCH, (12, 10, 6, 3))), ROW, None),
}


@pytest.mark.parametrize(("ledger", "values", "message"), P03.values(), ids=P03)
def test_p03(ledger: History, values: Sequence[int], message: str | None) -> None:
    assert [finding.message for finding in twins(sent(values, ledger))] == ([message] if message else [])


def test_a_district_does_not_read_whose_numbers_they_are() -> None:
    (finding,) = twins(sent(ROW, history((LONGWAN, MARCH, ROW))))
    assert finding.outward == "四项指标与另一地区2025年3月底数据完全相同。"
    assert (finding.cell, finding.indicator, finding.observed) == ("C5:F5", None, "12、10、6、2")


def _two(first: Sequence[int], second: Sequence[int]) -> list[Submission]:
    rows = ((LUCHENG, first), (LONGWAN, second))
    return run([placed(spec(district=d, period=MARCH, values=dict(zip(IDS, row, strict=True)))) for d, row in rows])


def test_two_of_a_run_that_agree_both_wait() -> None:
    submissions = _two(ROW, ROW)
    assert [(rules(s), s.status) for s in submissions] == [(["P03"], Status.PENDING)] * 2
    assert [f.message for s in submissions for f in twins(s)] == [
        "四项指标与龙湾区2025年3月底数据完全相同。",
        "四项指标与鹿城区2025年3月底数据完全相同。",
    ]


def test_the_row_of_a_return_that_is_refused_counts_in_its_run() -> None:
    """Otherwise the other would be accepted, refused and accepted again without end."""
    copied = placed(spec(district=LONGWAN, period=MARCH, values=dict(zip(IDS, ROW, strict=True))))
    fallen = placed(spec(period=MARCH, values=dict(zip(IDS, ROW, strict=True))))
    submissions = run([fallen, copied], ledger=history((LUCHENG, DECEMBER, (13, 10, 6, 2))))
    assert [s.status for s in submissions] == [Status.RETURNED, Status.PENDING]
    assert [f.rule for s in submissions for f in twins(s)] == ["P03", "P03"]


def test_a_row_with_a_gap_is_nobody_s_twin() -> None:
    submission = check(spec(period=MARCH, values={"projects": "约10"}), ledger=history((LONGWAN, MARCH, ROW)))
    assert ("P03", "有指标没有可用数值，未作比较") in [(u.rule, u.reason) for u in submission.undecided]


P11 = {
    "a small district": ((1, 1, 1, 1), (1, 1, 1, 1), ["P11"]),
    "nothing at all": ((0, 0, 0, 0), (0, 0, 0, 0), ["P11"]),
    "something new": ((1, 1, 1, 1), (1, 2, 1, 1), []),
}


@pytest.mark.parametrize(("before", "values", "found"), P11.values(), ids=P11)
def test_p11(before: Sequence[int], values: Sequence[int], found: list[str]) -> None:
    row = dict(zip(IDS, values, strict=True))
    submission = check(spec(district="文成县", period=DECEMBER, values=row), ledger=history(("文成县", SEPTEMBER, before)))
    assert rules(submission) == found
    assert submission.status is Status.ACCEPTED
