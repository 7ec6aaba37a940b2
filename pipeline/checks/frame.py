"""The batch as one frame: each return's entries beside their neighbours in the ledger and their targets."""

from __future__ import annotations

import datetime as dt
import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.model import Accepted, Entry, History, Known

if TYPE_CHECKING:
    import pandas as pd

    from schemas.programme import Programme

PROBLEM_RULES = ("C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08", "C09", "C10", "C11")
"""Rules met while a cell was read; the frame has a column of each."""


@dataclass(frozen=True)
class Case:
    """One return as the rules see it: its entries, and its accepted neighbours in time, (as-of date, version) or None."""

    district: str | None
    period: dt.date | None
    entries: tuple[Entry, ...]
    previous: tuple[dt.date, Accepted] | None
    later: tuple[dt.date, Accepted] | None
    increases: tuple[int, ...]
    """Increases of all indicators together over the last periods, oldest first."""
    target: int | None
    """Annual target of the headline indicator in the period's year."""

    @property
    def values(self) -> dict[str, int | None]:
        return {entry.indicator: entry.value for entry in self.entries}


def make_case(
    district: str | None, period: dt.date | None, entries: tuple[Entry, ...], past: History, known: Known, programme: Programme
) -> Case:
    """``past`` answers what was accepted before (of this run too), ``known`` everything else, from the ledger alone."""
    if not (district and period):
        return Case(district, period, entries, None, None, (), None)
    earlier, coming = past.get(district, {}), known.history.get(district, {})
    window = int(programme.thresholds["P02_periods"])
    before = sorted(day for day in earlier if day < period)[-window - 1 :]
    later = min((day for day in coming if day > period), default=None)
    sums = [sum(earlier[day].values.values()) for day in before]
    targets = programme.target_of(programme.headline, period)
    return Case(
        district,
        period,
        entries,
        previous=(before[-1], earlier[before[-1]]) if before else None,
        later=(later, coming[later]) if later else None,
        increases=tuple(b - a for a, b in itertools.pairwise(sums)),
        target=targets.annual.get(district, {}).get(period.year) if targets else None,
    )


def make_frame(cases: Sequence[Case], programme: Programme) -> pd.DataFrame:
    """The frame of ``schemas.observations``: one row for each case and indicator, in programme order."""
    import pandas as pd

    rows = [row for number, case in enumerate(cases) for row in _rows(number, case, programme)]
    numbers = dict.fromkeys(("value", "previous", "later", "headline", "others", "target"), "Int64")
    types: dict[str, Any] = {**numbers, "same": "boolean", "increase": "Float64", "submission": "int64", "increases": "int64"}
    types |= dict.fromkeys((*PROBLEM_RULES, "is_headline", "is_first"), "bool") | {"indicator": "str"}
    columns = {name: pd.array([row[name] for row in rows], dtype=kind) for name, kind in types.items()}
    return pd.DataFrame(columns)


def _rows(number: int, case: Case, programme: Programme) -> list[dict[str, Any]]:
    entries = {entry.indicator: entry for entry in case.entries}
    values = case.values
    shared: dict[str, Any] = {
        "submission": number,
        "headline": values.get(programme.headline),
        "others": _largest_other(values, programme),
        "same": _same(values, case.previous, programme),
        "increase": float(statistics.median(case.increases)) if case.increases else None,
        "increases": len(case.increases),
        "target": case.target,
    }
    rows = []
    for position, indicator in enumerate(programme.indicator_ids):
        entry = entries.get(indicator)
        met = {problem.rule for problem in entry.problems} if entry else set()
        rows.append(
            shared
            | {rule: rule in met for rule in PROBLEM_RULES}
            | {
                "indicator": indicator,
                "value": entry.value if entry else None,
                "is_headline": indicator == programme.headline,
                "is_first": position == 0,
                "previous": case.previous[1].values.get(indicator) if case.previous else None,
                "later": case.later[1].values.get(indicator) if case.later else None,
            }
        )
    return rows


def _largest_other(values: dict[str, int | None], programme: Programme) -> int | None:
    others = [values.get(i) for i in programme.indicator_ids if i != programme.headline]
    known = [value for value in others if value is not None]
    if len(known) < len(others) and not any(known):
        return None
    return max(known, default=None)


def _same(values: dict[str, int | None], previous: tuple[dt.date, Accepted] | None, programme: Programme) -> bool | None:
    """Whether all values equal the previous ones and are not all 0; None when that cannot be said."""
    if previous is None or any(values.get(i) is None for i in programme.indicator_ids):
        return None
    return any(values.values()) and all(values[i] == previous[1].values.get(i) for i in programme.indicator_ids)
