"""pandera: the schema of a batch of observations: each indicator of each return beside its neighbours and its target."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import pandera.pandas as pa

if TYPE_CHECKING:
    import pandas as pd

    from schemas.programme import Programme

COUNTS = ("headline", "others", "sum", "falls", "target", "year_end", "due", "whole", "previous", "later", "current")
FLAGS = ("exchanged", "restated", "in_year", "in_plan", "is_headline", "is_first", "altered")

Verdict = Callable[["pd.DataFrame"], bool]


def observation_schema(programme: Programme, problems: Iterable[str], rules: Mapping[str, Verdict]) -> pa.DataFrameSchema:
    """The schema of a batch; every rule is one frame-level check whose name is the rule's id.

    Of each return: ``submission`` (position in the batch), ``headline`` (value of the headline indicator), ``others`` (largest
    other value, missing while one is unknown and none is above 0), ``sum`` of the values, ``same`` (all equal the previous
    ones), ``increase`` and ``increases`` (median of the last increases, their number), ``falls`` (how many indicators fell),
    ``exchanged`` (two numbers fit once they change places), ``twin`` (another district has this row), ``restated`` (other values
    than issued), ``target``, ``year_end``, ``whole`` (of the year, up to its end, in all), ``due`` (owed by now, rounded up),
    ``in_year``, ``in_plan`` (before the end of year or programme).

    Of each entry: ``indicator``, ``is_headline``, ``is_first`` (of the return's rows), ``value`` (whole number or missing),
    ``previous`` and ``later`` (accepted neighbours in time), ``current`` (accepted version of the same period), ``jump`` (its
    increase stands out), ``altered`` (its prefilled previous value was changed), and one column for each of ``problems``, the C
    rules met while the cell was read.
    """
    count = pa.Column("Int64", nullable=True)
    maybe = pa.Column("boolean", nullable=True)
    columns = {
        "submission": pa.Column("int64"),
        "indicator": pa.Column("str", pa.Check.isin(programme.indicator_ids)),
        "value": pa.Column("Int64", pa.Check.in_range(0, 10**programme.numbers.digits_max - 1), nullable=True),
        "increase": pa.Column("Float64", nullable=True),
        "increases": pa.Column("int64"),
        **dict.fromkeys(COUNTS, count),
        **dict.fromkeys(("same", "twin", "jump"), maybe),
        **dict.fromkeys(FLAGS, pa.Column(bool)),
        **{rule: pa.Column(bool) for rule in problems},
    }
    checks = [pa.Check(verdict, name=rule, ignore_na=False) for rule, verdict in rules.items()]
    return pa.DataFrameSchema(columns, checks=checks, unique=["submission", "indicator"], strict=True)
