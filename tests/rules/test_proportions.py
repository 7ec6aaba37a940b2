"""X02 and X03: indicators beside each other, at each threshold and just under it; the ratio of a standing explanation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest

from pipeline.model import Submission
from pipeline.rules.ratios import ratio
from schemas.programme import Programme
from tests.support.judging import MARCH, PROGRAMME, check, spec

IDS = PROGRAMME.indicator_ids


def sent(values: Sequence[Any], period: dt.date = MARCH) -> Submission:
    return check(spec(period=period, values=dict(zip(IDS, values, strict=True))))


def found(submission: Submission) -> list[tuple[str, str | None]]:
    return [(f.rule, f.cell) for f in submission.findings if f.rule in ("X01", "X02", "X03")]


X02 = {
    "three more, far above a tenth": ((8, 12, 7, 11), [("X02", "F5")]),
    "two more": ((8, 12, 7, 10), []),
    "three more, exactly a tenth": ((30, 12, 7, 33), []),
    "four more, just above a tenth": ((39, 12, 7, 43), [("X02", "F5")]),
    "four more, exactly a tenth": ((40, 12, 7, 44), []),
    "ten more than a hundred": ((100, 12, 7, 110), []),
    "eleven more than a hundred": ((100, 12, 7, 111), [("X02", "F5")]),
    "no enterprises": ((0, 0, 0, 5), [("X01", "C5")]),
    "enterprises without number": (("约8", 12, 7, 30), []),
}


@pytest.mark.parametrize(("values", "rules"), X02.values(), ids=X02)
def test_x02(values: Sequence[Any], rules: list[tuple[str, str]]) -> None:
    assert found(sent(values)) == rules


X03 = {
    "six for each enterprise": ((8, 48, 7, 3), []),
    "more than six": ((8, 49, 7, 3), [("X03", "D5")]),
    "more than six, but only nine": ((1, 9, 7, 1), []),
    "more than six, and ten": ((1, 10, 7, 1), [("X03", "D5")]),
    "transfers five more, above a fifth": ((8, 12, 17, 3), [("X03", "E5")]),
    "transfers four more": ((8, 12, 16, 3), []),
    "transfers five more, exactly a fifth": ((8, 25, 30, 3), []),
    "transfers six more, above a fifth": ((8, 29, 35, 3), [("X03", "E5")]),
    "transfers without projects": ((8, 0, 5, 3), [("X03", "E5")]),
    "both": ((8, 49, 60, 3), [("X03", "D5"), ("X03", "E5")]),
    "no enterprises": ((0, 12, 17, 0), [("X01", "C5"), ("X03", "E5")]),
    "projects without number": ((8, "约49", 90, 3), []),
}


@pytest.mark.parametrize(("values", "rules"), X03.values(), ids=X03)
def test_x03(values: Sequence[Any], rules: list[tuple[str, str]]) -> None:
    assert found(sent(values)) == rules


MESSAGES = {
    "X02": ((8, 12, 7, 11), "新建研发机构11家，多于已选派企业8家。"),
    "X03 of projects": ((8, 50, 7, 3), "平均每家企业开展技术攻关项目6.3项。"),
    "X03 of projects, a whole number": ((8, 56, 7, 3), "平均每家企业开展技术攻关项目7项。"),
    "X03 of transfers": ((8, 12, 17, 3), "促成科技成果转化数17项，比开展技术攻关项目数12项多5项。"),
}


@pytest.mark.parametrize(("values", "message"), MESSAGES.values(), ids=MESSAGES)
def test_the_message_says_how_far(values: Sequence[int], message: str) -> None:
    assert [f.message for f in sent(values).findings if f.rule in ("X02", "X03")] == [message]


def test_a_comparison_that_lacks_a_number_is_no_pass() -> None:
    undecided = {(u.rule, u.indicator, u.reason) for u in sent(("约8", 12, 7, 30)).undecided if u.rule in ("X02", "X03")}
    reason = "有指标没有可用数值，未作比较"
    assert undecided == {("X02", "institutes", reason), ("X03", "projects", reason)}


RATIOS: list[tuple[str, str | None, Sequence[int | None], Fraction | None]] = [
    ("X02", "institutes", (8, 12, 7, 12), Fraction(3, 2)),
    ("X03", "projects", (8, 50, 75, 3), Fraction(25, 4)),
    ("X03", "transfers", (8, 50, 75, 3), Fraction(3, 2)),
    ("X03", None, (8, 50, 75, 3), Fraction(25, 4)),
    ("X03", "transfers", (8, 0, 5, 3), None),
    ("X02", "institutes", (None, 12, 7, 12), None),
    ("P01", "institutes", (8, 12, 7, 12), None),
]


@pytest.mark.parametrize(("rule", "indicator", "values", "expected"), RATIOS)
def test_the_ratio(rule: str, indicator: str | None, values: Sequence[int | None], expected: Fraction | None) -> None:
    assert ratio(rule, dict(zip(IDS, values, strict=True)), PROGRAMME, indicator) == expected


def test_a_programme_without_such_proportions_knows_no_such_rules(second_programme: Programme) -> None:
    one, two, three = second_programme.indicator_ids
    odd = {one: 5, two: 2, three: 300}
    submission = check(spec(programme=second_programme, district="青禾市", period=dt.date(2025, 6, 30), values=odd))
    assert found(submission) == []
    assert not {u.rule for u in submission.undecided} & {"X02", "X03"}
