"""The batch as one frame: each return's entries beside their neighbours in the ledger and their targets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipeline.rules.judging.cases import Case

if TYPE_CHECKING:
    import pandas as pd

    from schemas.programme import Programme

COUNT = "Int64"
"""Whole numbers that may be missing."""

OF_RETURNS = {
    "submission": "int64",
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
    "value": COUNT,
    "previous": COUNT,
    "later": COUNT,
    "current": COUNT,
}


def make_frame(cases: Sequence[Case], programme: Programme) -> pd.DataFrame:
    """The frame of ``schemas.observations``: one row for each case and indicator, in programme order."""
    import pandas as pd

    width = len(programme.indicator_ids)
    returns = [_of_return(number, case, programme) for number, case in enumerate(cases)]
    entries = [row for case in cases for row in _of_entries(case, programme)]
    columns: dict[str, Any] = {
        name: pd.array([row[name] for row in returns for _ in range(width)], dtype=kind)  # type: ignore[call-overload]
        for name, kind in OF_RETURNS.items()
    }
    columns |= {name: pd.array([row[name] for row in entries], dtype=kind) for name, kind in OF_ENTRIES.items()}  # type: ignore[call-overload]
    return pd.DataFrame(columns)


def _of_return(number: int, case: Case, programme: Programme) -> dict[str, Any]:
    owed, period = case.owed, case.period
    return {
        "submission": number,
        "target": owed.annual if owed else None,
        "year_end": owed.target if owed else None,
        "due": math.ceil(owed.due) if owed else None,
        "whole": sum(case.annual.values()) if owed and case.annual else None,
        "in_year": case.in_year,
        "in_plan": period is not None and period < programme.end,
    }


def _of_entries(case: Case, programme: Programme) -> list[dict[str, Any]]:
    later = case.later[1].values if case.later else {}
    current = case.current.values if case.current else {}
    return [
        {
            "indicator": indicator,
            "is_headline": indicator == programme.headline,
            "value": case.values.get(indicator),
            "previous": case.before(indicator),
            "later": later.get(indicator),
            "current": current.get(indicator),
        }
        for indicator in programme.indicator_ids
    ]
