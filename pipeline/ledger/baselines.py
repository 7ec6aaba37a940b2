"""基期数 in force: which file they came from, and which bulletins were issued since, and so rest on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from pipeline.ledger import tables as t
from pipeline.ledger.lookup import VALID, with_files
from pipeline.model import Status


@dataclass(frozen=True)
class Baseline:
    """A district's last baseline of a period that was not withdrawn, whether a return has taken its place or not."""

    file: str
    sha256: str
    entry: int
    """Of the ledger's sequence: when it was taken over."""
    values: Mapping[str, int]


def baselines(connection: Connection, period: dt.date) -> dict[str, Baseline]:
    """By district."""
    v, j, s, o = t.versions.c, t.judgements.c, t.submissions.c, t.observations.c
    query = (
        with_files(v.id, v.district, s.file, s.sha256, j.entry_id)
        .where(v.period == period, j.status == Status.BASELINE.value, VALID)
        .order_by(v.number)
    )
    found = {}
    for row in connection.execute(query).all():
        values = connection.execute(select(o.indicator, o.value).where(o.version_id == row.id))
        found[row.district] = Baseline(row.file, row.sha256, row.entry_id, {each.indicator: each.value for each in values})
    return found


def other_periods(connection: Connection, sha256: str, period: dt.date) -> list[dt.date]:
    """Periods for which baselines of the same file are in force, this one apart; in order."""
    v, j, s = t.versions.c, t.judgements.c, t.submissions.c
    query = with_files(v.period).where(s.sha256 == sha256, v.period != period, j.status == Status.BASELINE.value, VALID)
    return sorted(set(connection.scalars(query)))


def resting(connection: Connection, period: dt.date, every: Iterable[Baseline]) -> dt.date | None:
    """The first period, this one or later, whose bulletin was issued since; None where nothing issued rests on these."""
    first = min((baseline.entry for baseline in every), default=None)
    if first is None:
        return None
    i, d = t.issues.c, t.decisions.c
    query = select(func.min(i.period)).join(t.decisions, d.id == i.decision_id).where(i.period >= period, d.entry_id > first)
    day: dt.date | None = connection.scalar(query)
    return day
