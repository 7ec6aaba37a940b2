"""Rules about rows that came before: the district's own (P02, P11) or another district's (P03)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.model import Entry
from pipeline.model.labels import period_label
from pipeline.rules.judging.cases import Case
from pipeline.rules.rule import Params, row_of

if TYPE_CHECKING:
    import pandas as pd

    from schemas.programme import Programme


def moved(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    """P02: not the same as before where a district usually moves."""
    return ~frame["is_first"] | ~(frame["same"] & _minded(frame, programme))


def has_moved(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    """P11: not the same as before where P02 does not mind."""
    return ~frame["is_first"] | ~(frame["same"] & ~_minded(frame, programme))


def _minded(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    """Not all 0, and the district usually moves: told by its median increase, with fewer than two increases by its target."""
    limits = programme.thresholds
    by_history = frame["increase"] >= limits["P02_increase_median"]
    by_target = frame["target"] >= limits["P02_annual_target"]
    return (frame["sum"] > 0) & by_history.where(frame["increases"] >= 2, by_target)


def describe_same(case: Case, entry: Entry | None, programme: Programme) -> Params:
    assert case.previous
    values = row_of(case, programme)
    return {"observed": values, "expected": values, "previous_period": period_label(case.previous[0], programme)}


def its_own(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    """P03: not the row of another district, of this period or the one before."""
    return ~frame["is_first"] | ~frame["twin"]


def describe_twin(case: Case, entry: Entry | None, programme: Programme) -> Params:
    assert case.twins is not None
    day, names = case.twins
    values = row_of(case, programme)
    return {"observed": values, "expected": values, "other": "、".join(names), "period": period_label(day, programme)}
