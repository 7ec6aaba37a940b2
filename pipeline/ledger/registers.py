"""The whole ledger, period by period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from pipeline.ledger import tables as t
from pipeline.ledger.all_versions import versions
from pipeline.ledger.settling import decisions, decisions_without_period
from pipeline.model import Register
from schemas.programme import Programme


def registers(connection: Connection, programme: Programme) -> Iterator[Register]:
    """What is about no period, then every period, the newest first; each is read when its turn comes."""
    unplaced = decisions_without_period(connection)
    if unplaced:
        yield Register(None, (), unplaced)
    for period in sorted(_periods(connection), reverse=True):
        yield Register(period, versions(connection, programme, period=period), decisions(connection, (period,)))


def _periods(connection: Connection) -> set[dt.date]:
    """Those with a version, a baseline among them, or a decision; each version's period is found by key."""
    v, d = t.versions.c, t.decisions.c
    found = set(connection.scalars(select(d.period).where(d.period.is_not(None)).distinct()))
    period = connection.scalar(select(func.min(v.period)))
    while period is not None:
        found.add(period)
        period = connection.scalar(select(func.min(v.period)).where(v.period > period))
    return found


def ledger_time(connection: Connection) -> dt.datetime | None:
    """UTC of the last entry; None in an empty ledger."""
    j, d = t.judgements.c, t.decisions.c
    last = [connection.scalar(select(c.recorded_at).where(c.id == select(func.max(c.id)).scalar_subquery())) for c in (j, d)]
    return max((moment for moment in last if moment), default=None)


def has_more_versions_than(connection: Connection, number: int) -> bool:
    """Whether the ledger holds more versions; without counting them all."""
    counted = select(func.count()).select_from(select(t.versions.c.id).limit(number + 1).subquery())
    return (connection.scalar(counted) or 0) > number
