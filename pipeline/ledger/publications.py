"""Which products are behind the ledger: a run that was stopped before it could publish is made good by the next one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from pipeline.ledger import tables as t


@dataclass(frozen=True)
class Edition:
    """A period's products (None: the folder of files without a period) and the last judgement they know."""

    period: dt.date | None
    judgement: int


def known_periods(connection: Connection) -> Iterator[dt.date]:
    """Every period anything was received for, in order; each found by key, however long the ledger is."""
    period = connection.scalar(select(func.min(t.judgements.c.period)))
    while period is not None:
        yield period
        period = connection.scalar(select(func.min(t.judgements.c.period)).where(t.judgements.c.period > period))


def editions(connection: Connection) -> list[Edition]:
    """What should be in the outbox now, periods in order. A period's products know every judgement of it and of earlier ones."""
    j = t.judgements.c
    unplaced = connection.scalar(select(func.max(j.id)).where(j.period.is_(None)))
    found = [Edition(None, unplaced)] if unplaced else []
    newest = 0
    for period in known_periods(connection):
        newest = max(newest, connection.scalar(select(func.max(j.id)).where(j.period == period)) or 0)
        found.append(Edition(period, newest))
    return found


def outdated(connection: Connection) -> list[Edition]:
    """The editions that were not published yet."""
    p = t.publications.c
    query = select(p.period, func.max(p.judgement_id)).group_by(p.period)
    published: dict[dt.date | None, int] = {row[0]: row[1] for row in connection.execute(query)}
    return [edition for edition in editions(connection) if published.get(edition.period) != edition.judgement]


def record(connection: Connection, published: list[Edition]) -> None:
    """Note what now stands in the outbox."""
    rows = [{"period": edition.period, "judgement_id": edition.judgement} for edition in published]
    if rows:
        connection.execute(insert(t.publications), rows)
