"""Rules that hold the headline against its targets (T), exact."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from pipeline.model import Entry
from pipeline.model.words import Words
from pipeline.rules.judging.cases import Case
from pipeline.rules.rule import Found, Unsure, at, failing, tenths
from schemas.programme import Programme


def t01(case: Case, programme: Programme) -> Iterator[Found | Unsure]:
    """T01: not below what is owed by now, rounded up, which changes nothing for whole numbers."""
    yield from _without_target(case, programme)
    for entry, value in failing("T01", case):
        if case.owed:
            due = math.ceil(case.owed.due)
            yield at(case, entry, programme, observed=str(value), expected=str(due), gap=str(due - value))


def t02(case: Case, programme: Programme) -> Iterator[Found | Unsure]:
    """T02: not far above what is owed at the year's end, or in all, by an increase larger than the year's target."""
    yield from _without_target(case, programme)
    for entry, value in failing("T02", case):
        if case.owed and case.annual:
            limits, year_end = programme.thresholds, case.owed.target
            by_year = 100 * value > limits["T02_year_percent"] * year_end and value - year_end >= limits["T02_excess"]
            kind, target = ("year_end", year_end) if by_year else ("total", sum(case.annual.values()))
            words = {"target_name": _name(kind, case, programme), "rate": f"{tenths_of_percent(Fraction(value, target))}%"}
            yield at(case, entry, programme, observed=str(value), expected=str(target), **words)


def t03(case: Case, programme: Programme) -> Iterator[Found | Unsure]:
    """T03: not exactly a target before the year is over."""
    if case.in_year:
        yield from _without_target(case, programme)
    for entry, value in failing("T03", case):
        if case.owed:
            name = _name("year" if value == case.owed.annual else "year_end", case, programme)
            yield at(case, entry, programme, observed=str(value), expected=str(value), target_name=name)


def _without_target(case: Case, programme: Programme) -> Iterator[Unsure]:
    headline: Entry | None = case.entry(programme.headline)
    if headline and headline.value is not None and case.owed is None:
        yield Unsure("no_target", programme.headline)


def tenths_of_percent(share: Fraction) -> str:
    """One decimal, always: 163.0."""
    shown = tenths(100 * share)
    return shown if "." in shown else f"{shown}.0"


def _name(kind: str, case: Case, programme: Programme) -> str:
    assert case.period is not None
    return Words(programme, "findings").text(f"T.{kind}", year=case.period.year)
