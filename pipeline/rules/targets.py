"""Rules that hold the headline against its targets (T), exact."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from pipeline.model import Entry
from pipeline.rules.judging.cases import Case
from pipeline.rules.rule import Params, known_value, tenths

if TYPE_CHECKING:
    import pandas as pd

    from schemas.programme import Programme


def at_pace(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    """T01: what is owed by now, rounded up, which changes nothing for whole numbers."""
    return ~frame["is_headline"] | (frame["value"] >= frame["due"])


def describe_pace(case: Case, entry: Entry | None, programme: Programme) -> Params:
    _, value = known_value(entry)
    assert case.owed is not None
    due = math.ceil(case.owed.due)
    return {"observed": str(value), "expected": str(due), "gap": str(due - value)}


def near_target(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    """T02: not far above what is owed at the year's end, or in all, by an increase larger than the year's target."""
    beyond = _beyond_year(frame, programme) | _beyond_plan(frame, programme)
    leap = frame["previous"].isna() | (frame["value"] - frame["previous"] > frame["target"])
    return ~frame["is_headline"] | ~(beyond & leap)


def _beyond_year(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    return _beyond(frame, "year_end", programme.thresholds["T02_year_percent"], programme)


def _beyond_plan(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    return frame["in_plan"] & _beyond(frame, "whole", programme.thresholds["T02_total_percent"], programme)


def _beyond(frame: pd.DataFrame, target: str, percent: float, programme: Programme) -> pd.Series[bool]:
    value, owed = frame["value"], frame[target]
    return (100 * value > percent * owed) & (value - owed >= programme.thresholds["T02_excess"])


def describe_beyond(case: Case, entry: Entry | None, programme: Programme) -> Params:
    _, value = known_value(entry)
    assert case.owed is not None
    assert case.annual is not None
    limits = programme.thresholds
    year_end = case.owed.target
    by_year = 100 * value > limits["T02_year_percent"] * year_end and value - year_end >= limits["T02_excess"]
    kind, target = ("year_end", year_end) if by_year else ("total", sum(case.annual.values()))
    rate = f"{tenths_of_percent(Fraction(value, target))}%"
    return {"observed": str(value), "expected": str(target), "target_name": _name(kind, case, programme), "rate": rate}


def tenths_of_percent(share: Fraction) -> str:
    """One decimal, always: 163.0."""
    shown = tenths(100 * share)
    return shown if "." in shown else f"{shown}.0"


def not_the_target(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    """T03: not exactly a target before the year is over."""
    value, least = frame["value"], programme.thresholds["T03_least"]
    annual = (value == frame["target"]) & (frame["target"] >= least)
    year_end = (value == frame["year_end"]) & (frame["year_end"] >= least)
    return ~frame["is_headline"] | ~frame["in_year"] | ~(annual | year_end)


def describe_target(case: Case, entry: Entry | None, programme: Programme) -> Params:
    _, value = known_value(entry)
    assert case.owed is not None
    kind = "year" if value == case.owed.annual else "year_end"
    return {"observed": str(value), "expected": str(value), "target_name": _name(kind, case, programme)}


def _name(kind: str, case: Case, programme: Programme) -> str:
    assert case.period is not None
    text: str = programme.wording["findings"]["T"][kind]
    return text.format(year=case.period.year)
