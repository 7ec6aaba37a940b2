"""Rules that hold a number against what was accepted, prefilled or issued before (P01, P04 to P10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.model import Entry
from pipeline.model.labels import period_label
from pipeline.rules.growth import exchanged, growth
from pipeline.rules.judging.cases import Case
from pipeline.rules.judging.frame import restated
from pipeline.rules.rule import Params, known_value, tenths

if TYPE_CHECKING:
    import pandas as pd

    from schemas.programme import Programme


def not_below_previous(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    """P01: not below the last accepted value of an earlier period."""
    return frame["value"] >= frame["previous"]


def describe_fall(case: Case, entry: Entry | None, programme: Programme) -> Params:
    indicator, value = known_value(entry)
    assert case.previous is not None
    day, accepted = case.previous
    return _lowered(indicator, accepted.values[indicator], value, programme) | {"previous_period": period_label(day, programme)}


def _lowered(indicator: str, before: int, value: int, programme: Programme) -> dict[str, str]:
    gap = f"{before - value}{programme.indicator(indicator).unit}"
    return {"observed": str(value), "expected": str(before), "gap": gap}


def few_fall(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    """P04: so many fell at once that the period's increase may stand in place of the running total."""
    return ~frame["is_first"] | (frame["falls"] < programme.thresholds["P04_indicators"])


def describe_falls(case: Case, entry: Entry | None, programme: Programme) -> Params:
    values = [case.values.get(i) for i in programme.indicator_ids]
    return {"observed": "、".join("—" if value is None else str(value) for value in values)}


def no_jump(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    """P05: no increase that stands out from the earlier ones and the year's plan."""
    return ~frame["jump"]


def describe_jump(case: Case, entry: Entry | None, programme: Programme) -> Params:
    indicator, value = known_value(entry)
    grown = growth(case, indicator, value, programme)
    assert grown is not None
    assert case.previous is not None
    form = programme.wording["findings"]["P05"]["uneven" if grown.uneven else "even"]
    observed, expected = (
        form.format(increase=grown.increases[n], rate=tenths(grown.rates[n])) for n in (len(grown.increases) - 1, grown.largest)
    )
    return {"observed": observed, "expected": expected, "previous_period": period_label(case.previous[0], programme)}


def as_prefilled(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    """P06: the previous value beside the table is what the template was made with."""
    return ~frame["altered"]


def describe_altered(case: Case, entry: Entry | None, programme: Programme) -> Params:
    assert entry is not None
    assert case.altered is not None
    assert case.prefilled_of is not None
    shown, expected = case.altered[entry.indicator]
    observed = shown.strip() or programme.wording["findings"]["blank"]
    return {"observed": observed, "expected": str(expected), "previous_period": period_label(case.prefilled_of, programme)}


def as_issued(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    """P07: no other values than those of the issued bulletin."""
    return ~frame["is_first"] | ~frame["restated"]


def describe_restated(case: Case, entry: Entry | None, programme: Programme) -> Params:
    assert case.period is not None
    words = programme.wording["findings"]["F08"]["change"]
    changes = [words.format(indicator=programme.indicator(i).name, old=a, new=b) for i, (a, b) in restated(case).items()]
    return {"observed": "；".join(changes), "changes": "；".join(changes), "period": period_label(case.period, programme)}


def not_above_later(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    """P08: not above an accepted value of a later period."""
    return frame["value"] <= frame["later"]


def describe_rise(case: Case, entry: Entry | None, programme: Programme) -> Params:
    indicator, value = known_value(entry)
    assert case.later is not None
    day, accepted = case.later
    expected = str(accepted.values[indicator])
    return {"observed": str(value), "expected": expected, "later_period": period_label(day, programme)}


def not_below_version(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    """P09: not below the accepted version of the same period."""
    return frame["value"] >= frame["current"]


def describe_version(case: Case, entry: Entry | None, programme: Programme) -> Params:
    indicator, value = known_value(entry)
    assert case.current is not None
    return _lowered(indicator, case.current.values[indicator], value, programme) | {"version": str(case.current.version)}


def not_exchanged(frame: pd.DataFrame, programme: Programme) -> pd.Series[bool]:
    """P10: no two numbers whose exchange would make the row go on from the one before."""
    return ~frame["is_first"] | ~frame["exchanged"]


def describe_exchanged(case: Case, entry: Entry | None, programme: Programme) -> Params:
    found = exchanged(case, programme)
    assert found is not None
    first, other = (programme.indicator(i).name for i in found)
    return {"indicator": first, "other_indicator": other}
