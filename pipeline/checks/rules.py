"""The rules that look at the frame, in one literal tuple. True passes, False is a finding, missing is undecidable and neither."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.checks.frame import PROBLEM_RULES, Case
from pipeline.labels import period_label
from pipeline.model import Entry

if TYPE_CHECKING:
    import pandas as pd

    from schemas.programme import Programme

Params = Mapping[str, str]


@dataclass(frozen=True)
class Rule:
    """``verdict`` sees the whole batch; ``describe`` gives the observed, expected and further words of one finding.

    ``undecided`` names the reason in the wording when there is no verdict for a return that has one to give.
    """

    id: str
    verdict: Callable[[pd.DataFrame, Programme], pd.Series[bool]]
    describe: Callable[[Case, Entry | None, Programme], Params]
    row_wide: bool = False
    undecided: str | None = None


def _read_as(rule: str) -> Rule:
    """A C rule: the reader has met it while it split the cell into number or reason."""

    def verdict(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
        return ~frame[rule]

    def describe(case: Case, entry: Entry | None, programme: Programme) -> Params:
        problems = entry.problems if entry else ()
        return dict(next(problem.params for problem in problems if problem.rule == rule))

    return Rule(rule, verdict, describe)


def _no_enterprises(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    """X01, at the headline's cell: the headline is 0 while another indicator is above 0."""
    return ~frame["is_headline"] | (frame["headline"] > 0) | (frame["others"] == 0)


def _describe_no_enterprises(case: Case, entry: Entry | None, programme: Programme) -> Params:
    other = next(i for i in programme.indicator_ids if i != programme.headline and case.values.get(i))
    return {"indicator": programme.indicator(other).name, "observed": str(case.values[other])}


def _not_below_previous(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    """P01: not below the last accepted value of an earlier period."""
    return frame["value"] >= frame["previous"]


def _describe_fall(case: Case, entry: Entry | None, programme: Programme) -> Params:
    assert entry is not None
    assert entry.value is not None
    assert case.previous is not None
    day, accepted = case.previous
    expected = accepted.values[entry.indicator]
    unit = programme.indicator(entry.indicator).unit
    return {
        "observed": str(entry.value),
        "expected": str(expected),
        "previous_period": period_label(day, programme),
        "gap": f"{expected - entry.value}{unit}",
    }


def _moved(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    """P02: not the same as before where a district usually moves, told by its median increase, else by its target."""
    limits = programme.thresholds
    by_history = frame["increase"] >= limits["P02_increase_median"]
    by_target = frame["target"] >= limits["P02_annual_target"]
    lively = by_history.where(frame["increases"] >= 2, by_target)
    return ~frame["is_first"] | ~(frame["same"] & lively)


def _describe_same(case: Case, entry: Entry | None, programme: Programme) -> Params:
    assert case.previous
    values = "、".join(str(case.values[i]) for i in programme.indicator_ids)
    return {"observed": values, "expected": values, "previous_period": period_label(case.previous[0], programme)}


def _not_above_later(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    """P08: not above an accepted value of a later period."""
    return frame["value"] <= frame["later"]


def _describe_rise(case: Case, entry: Entry | None, programme: Programme) -> Params:
    assert entry is not None
    assert case.later is not None
    day, accepted = case.later
    expected = str(accepted.values[entry.indicator])
    return {"observed": str(entry.value), "expected": expected, "later_period": period_label(day, programme)}


RULES: tuple[Rule, ...] = (
    *map(_read_as, PROBLEM_RULES),
    Rule("X01", _no_enterprises, _describe_no_enterprises, undecided="missing_value"),
    Rule("P01", _not_below_previous, _describe_fall, undecided="no_previous"),
    Rule("P02", _moved, _describe_same, row_wide=True, undecided="no_previous"),
    Rule("P08", _not_above_later, _describe_rise),
)
