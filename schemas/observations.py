"""pandera: the schema of a batch of observations, each indicator of each return beside its neighbours and its target, and the
rules that are arithmetic on its columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import pandera.pandas as pa

if TYPE_CHECKING:
    import pandas as pd

    from schemas.programme import Programme, Proportion

Kept = Callable[["pd.DataFrame", "Programme"], "pd.Series[bool]"]
"""True where a rule is kept, missing where that cannot be said."""


def observation_schema(programme: Programme, rules: Mapping[str, Kept]) -> pa.DataFrameSchema:
    """The schema of a batch; each of ``rules`` (``ARITHMETIC``) is a check that bears the rule's id.

    Of each return: ``submission`` (position in the batch), ``target``, ``year_end``, ``whole`` (of the year, up to its end, in
    all), ``due`` (owed by now, rounded up), ``in_year``, ``in_plan`` (before the end of year or programme). Of each entry:
    ``indicator``, ``is_headline``, ``value`` (whole number or missing), ``previous`` and ``later`` (accepted neighbours in time),
    ``current`` (accepted version of the same period).
    """
    count = pa.Column("Int64", nullable=True)
    columns = {
        "submission": pa.Column("int64"),
        "indicator": pa.Column("str", pa.Check.isin(programme.indicator_ids)),
        "value": pa.Column("Int64", pa.Check.in_range(0, 10**programme.numbers.digits_max - 1), nullable=True),
        **dict.fromkeys(("previous", "later", "current", "target", "year_end", "due", "whole"), count),
        **dict.fromkeys(("in_year", "in_plan", "is_headline"), pa.Column(bool)),
    }
    # of every row that fails pandera would table all cells, which takes longer than the checks: it needs to show one
    checks = [
        pa.Check(partial(_passes, kept, programme), name=rule, ignore_na=False, n_failure_cases=1) for rule, kept in rules.items()
    ]
    return pa.DataFrameSchema(columns, checks=checks, unique=["submission", "indicator"], strict=True)


def _passes(kept: Kept, programme: Programme, frame: pd.DataFrame) -> pd.Series[bool]:
    return kept(frame, programme).fillna(True).astype(bool)


def _not_below_previous(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    return frame["value"] >= frame["previous"]


def _not_above_later(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    return frame["value"] <= frame["later"]


def _not_below_version(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    return frame["value"] >= frame["current"]


def _in_proportion(rule: str, frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    """At the indicator that is too large beside another. Without proportions of the rule all pass."""
    kept = frame["submission"] >= 0
    for limit in programme.proportions:
        if limit.rule == rule:
            kept &= (frame["indicator"] != limit.indicator) | ~_too_large(frame, limit, programme.indicator_ids)
    return kept


def _too_large(frame: pd.DataFrame, limit: Proportion, ids: Sequence[str]) -> pd.Series[bool]:
    """Of the limit's own rows: the rows of a return stand together in programme order, so its base is always as far away."""
    value = frame["value"]
    base = value.shift(ids.index(limit.indicator) - ids.index(limit.base))
    above = (100 * value > limit.percent * base) & (value - base >= limit.excess)
    return above & (value >= limit.least) & (base >= limit.base_least)


def _at_pace(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    return ~frame["is_headline"] | (frame["value"] >= frame["due"])


def _near_target(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    limits = programme.thresholds
    beyond_year = _beyond(frame, "year_end", limits["T02_year_percent"], limits["T02_excess"])
    beyond_plan = frame["in_plan"] & _beyond(frame, "whole", limits["T02_total_percent"], limits["T02_excess"])
    leap = frame["previous"].isna() | (frame["value"] - frame["previous"] > frame["target"])
    return ~frame["is_headline"] | ~((beyond_year | beyond_plan) & leap)


def _beyond(frame: pd.DataFrame, target: str, percent: float, excess: float) -> pd.Series[bool]:
    value, owed = frame["value"], frame[target]
    return (100 * value > percent * owed) & (value - owed >= excess)


def _not_the_target(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    value, least = frame["value"], programme.thresholds["T03_least"]
    annual = (value == frame["target"]) & (frame["target"] >= least)
    year_end = (value == frame["year_end"]) & (frame["year_end"] >= least)
    return ~frame["is_headline"] | ~frame["in_year"] | ~(annual | year_end)


ARITHMETIC: Mapping[str, Kept] = {
    "X02": partial(_in_proportion, "X02"),
    "X03": partial(_in_proportion, "X03"),
    "P01": _not_below_previous,
    "P08": _not_above_later,
    "P09": _not_below_version,
    "T01": _at_pace,
    "T02": _near_target,
    "T03": _not_the_target,
}
"""Rules that are comparisons of columns: of these the frame is asked once for the whole batch."""
