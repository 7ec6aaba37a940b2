"""Rules of a row by itself: what the reader met in its cells (C), and indicators beside each other (X)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from pipeline.model import Entry
from pipeline.rules.judging.cases import Case
from pipeline.rules.rule import Params, Rule, known_value, tenths

if TYPE_CHECKING:
    import pandas as pd

    from schemas.programme import Programme, Proportion


def read_as(rule: str) -> Rule:
    """A C rule: the reader has met it while it split the cell into number or reason."""

    def verdict(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
        return ~frame[rule]

    def describe(case: Case, entry: Entry | None, programme: Programme) -> Params:
        problems = entry.problems if entry else ()
        return dict(next(problem.params for problem in problems if problem.rule == rule))

    return Rule(rule, verdict, describe)


def no_enterprises(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    """X01, at the headline's cell: the headline is 0 while another indicator is above 0."""
    return ~frame["is_headline"] | (frame["headline"] > 0) | (frame["others"] == 0)


def describe_no_enterprises(case: Case, entry: Entry | None, programme: Programme) -> Params:
    other = next(i for i in programme.indicator_ids if i != programme.headline and case.values.get(i))
    return {"indicator": programme.indicator(other).name, "observed": str(case.values[other])}


def in_proportion(rule: str) -> Callable[[pd.DataFrame, Programme], pd.Series[bool]]:
    """X02, X03, at the cell of the indicator that is too large beside another. Without proportions of the rule all pass."""

    def verdict(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
        kept = frame["submission"] >= 0
        for proportion in programme.proportions:
            if proportion.rule == rule:
                kept &= (frame["indicator"] != proportion.indicator) | ~_too_large(frame, proportion, programme.indicator_ids)
        return kept

    return verdict


def _too_large(frame: pd.DataFrame, limit: Proportion, ids: Sequence[str]) -> pd.Series[bool]:
    """Of the limit's own rows: the rows of a return stand together in programme order, so its base is always as far away."""
    value = frame["value"]
    base = value.shift(ids.index(limit.indicator) - ids.index(limit.base))
    above = (100 * value > limit.percent * base) & (value - base >= limit.excess)
    return above & (value >= limit.least) & (base >= limit.base_least)


def describe_proportion(rule: str) -> Callable[[Case, Entry | None, Programme], Params]:
    def describe(case: Case, entry: Entry | None, programme: Programme) -> Params:
        indicator, value = known_value(entry)
        limit = next(p for p in programme.proportions if (p.rule, p.indicator) == (rule, indicator))
        base = case.values[limit.base]
        assert base is not None
        words = {"observed": str(value), "expected": str(base)}
        if not limit.what:
            return words
        ratio = tenths(Fraction(value, base)) if base else ""
        what = programme.wording["findings"][rule][limit.what]
        return {**words, "what": what.format(**words, ratio=ratio, gap=value - base)}

    return describe
