"""pandera: the schema of a batch of observations: each indicator of each return beside its neighbours and its target."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import pandera.pandas as pa

if TYPE_CHECKING:
    import pandas as pd

    from schemas.programme import Programme

Verdict = Callable[["pd.DataFrame"], "pd.Series[bool]"]


def observation_schema(programme: Programme, problems: Iterable[str], rules: Mapping[str, Verdict]) -> pa.DataFrameSchema:
    """The schema of a batch; every rule is one frame-level check whose name is the rule's id.

    Columns: ``submission`` (position in the batch), ``indicator``, ``value`` (whole number or missing), one boolean column for
    each of ``problems``, the C rules met while the cell was read, ``is_headline`` and ``is_first`` (of the return's rows),
    ``previous`` and ``later`` (accepted neighbours in time), ``headline`` (value of the headline indicator in the same return),
    ``others`` (largest other value, missing while one is unknown and none is above 0), ``same`` (all values equal the previous
    ones), ``increase`` and ``increases`` (median of the last increases, their number), ``target`` (annual target of the year).
    """
    number = pa.Column("Int64", nullable=True)
    columns = {
        "submission": pa.Column("int64"),
        "indicator": pa.Column("str", pa.Check.isin(programme.indicator_ids)),
        "value": pa.Column("Int64", pa.Check.in_range(0, 10**programme.numbers.digits_max - 1), nullable=True),
        "is_headline": pa.Column(bool),
        "is_first": pa.Column(bool),
        "previous": number,
        "later": number,
        "headline": number,
        "others": number,
        "same": pa.Column("boolean", nullable=True),
        "increase": pa.Column("Float64", nullable=True),
        "increases": pa.Column("int64"),
        "target": number,
        **{rule: pa.Column(bool) for rule in problems},
    }
    checks = [pa.Check(verdict, name=rule) for rule, verdict in rules.items()]
    return pa.DataFrameSchema(columns, checks=checks, unique=["submission", "indicator"], strict=True)
