"""The batch as one frame: each return's entries beside their neighbours in the ledger and their targets."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipeline.rules.growth import exchanged, falls, jumps
from pipeline.rules.judging.cases import Case

if TYPE_CHECKING:
    import pandas as pd

    from schemas.programme import Programme

PROBLEM_RULES = ("C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08", "C09", "C10", "C11", "C12")
"""Rules met while a cell was read; the frame has a column of each."""

COUNT, MAYBE = "Int64", "boolean"
"""Columns that may miss a value: whole numbers; true or false."""

Jumps = dict[str, bool | None]

OF_RETURNS = {
    "submission": "int64",
    "headline": COUNT,
    "others": COUNT,
    "sum": COUNT,
    "same": MAYBE,
    "increase": "Float64",
    "increases": "int64",
    "falls": COUNT,
    "exchanged": "bool",
    "twin": MAYBE,
    "restated": "bool",
    "target": COUNT,
    "year_end": COUNT,
    "due": COUNT,
    "whole": COUNT,
    "in_year": "bool",
    "in_plan": "bool",
}
OF_ENTRIES = {
    "indicator": "str",
    "is_headline": "bool",
    "is_first": "bool",
    "value": COUNT,
    "previous": COUNT,
    "later": COUNT,
    "current": COUNT,
    "jump": MAYBE,
    "altered": "bool",
}


def make_frame(cases: Sequence[Case], programme: Programme) -> pd.DataFrame:
    """The frame of ``schemas.observations``: one row for each case and indicator, in programme order."""
    import pandas as pd

    width = len(programme.indicator_ids)
    grown = [jumps(case, programme) for case in cases]
    entries = [row for case, jump in zip(cases, grown, strict=True) for row in _of_entries(case, jump, programme)]
    returns = [_of_return(number, case, jump, programme) for number, (case, jump) in enumerate(zip(cases, grown, strict=True))]
    columns: dict[str, Any] = {
        name: pd.array([row[name] for row in returns for _ in range(width)], dtype=kind)  # type: ignore[call-overload]
        for name, kind in OF_RETURNS.items()
    }
    columns |= {name: pd.array([row[name] for row in entries], dtype=kind) for name, kind in OF_ENTRIES.items()}  # type: ignore[call-overload]
    return pd.DataFrame(columns | _problems(cases, programme))


def _problems(cases: Sequence[Case], programme: Programme) -> dict[str, Any]:
    import numpy as np

    position = {indicator: n for n, indicator in enumerate(programme.indicator_ids)}
    met = {rule: np.zeros(len(cases) * len(position), dtype=bool) for rule in PROBLEM_RULES}
    for number, case in enumerate(cases):
        for entry in case.entries:
            for problem in entry.problems:
                met[problem.rule][number * len(position) + position[entry.indicator]] = True
    return dict(met)


def _of_return(number: int, case: Case, jump: Jumps, programme: Programme) -> dict[str, Any]:
    values, owed, period = case.values, case.owed, case.period
    fallen = sum(falls(case, i, value) for i, value in values.items())
    increases = case.increases(int(programme.thresholds["P02_periods"]))
    return {
        "submission": number,
        "headline": values.get(programme.headline),
        "others": _largest_other(case, programme),
        "sum": sum(value or 0 for value in values.values()) if case.known else None,
        "same": _same(case, programme),
        "increase": float(statistics.median(increases)) if increases else None,
        "increases": len(increases),
        "falls": fallen if case.earlier else None,
        "exchanged": bool(fallen or any(jump.values())) and exchanged(case, programme) is not None,
        "twin": case.twins is not None if case.known else None,
        "restated": bool(restated(case)),
        "target": owed.annual if owed else None,
        "year_end": owed.target if owed else None,
        "due": math.ceil(owed.due) if owed else None,
        "whole": sum(case.annual.values()) if owed and case.annual else None,
        "in_year": period is not None and (period.month, period.day) != (12, 31),
        "in_plan": period is not None and period < programme.end,
    }


def _of_entries(case: Case, jump: Jumps, programme: Programme) -> list[dict[str, Any]]:
    later = case.later[1].values if case.later else {}
    current = case.current.values if case.current else {}
    return [
        {
            "indicator": indicator,
            "is_headline": indicator == programme.headline,
            "is_first": position == 0,
            "value": case.values.get(indicator),
            "previous": case.before(indicator),
            "later": later.get(indicator),
            "current": current.get(indicator),
            "jump": jump.get(indicator),
            "altered": case.altered is not None and indicator in case.altered,
        }
        for position, indicator in enumerate(programme.indicator_ids)
    ]


def _largest_other(case: Case, programme: Programme) -> int | None:
    """Missing while one of them is unknown and none is above 0."""
    others = [case.values.get(i) for i in programme.indicator_ids if i != programme.headline]
    known = [value for value in others if value is not None]
    if len(known) < len(others) and not any(known):
        return None
    return max(known, default=None)


def _same(case: Case, programme: Programme) -> bool | None:
    """Whether all values equal the previous ones; None when that cannot be said."""
    if not case.known or not case.earlier:
        return None
    return all(case.values[i] == case.before(i) for i in programme.indicator_ids)


def restated(case: Case) -> dict[str, tuple[int, int]]:
    """P07: values other than those of the issued bulletin, by indicator (issued, stated)."""
    issued = case.issued or {}
    stated = {indicator: value for indicator, value in case.values.items() if value is not None}
    return {i: (issued[i], value) for i, value in stated.items() if i in issued and issued[i] != value}
