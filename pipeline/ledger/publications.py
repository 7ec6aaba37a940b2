"""Which products are behind the ledger: a run that was stopped before it could publish is made good by the next one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from pipeline.ledger import tables as t


@dataclass(frozen=True)
class Edition:
    """A period's products (None: the folder of files without a period) and the last judgement they know."""

    period: dt.date | None
    judgement: int


def editions(connection: Connection) -> list[Edition]:
    """What should be in the outbox now, periods in order. A period's products know every judgement of it and of earlier ones."""
    j = t.judgements.c
    query = select(j.period, func.max(j.id)).group_by(j.period).order_by(j.period)
    last = {period: judgement for period, judgement in connection.execute(query)}
    found = [Edition(None, last.pop(None))] if None in last else []
    newest = 0
    for period, judgement in last.items():
        newest = max(newest, judgement)
        found.append(Edition(period, newest))
    return found


def outdated(connection: Connection) -> list[Edition]:
    """The editions that were not published yet."""
    p = t.publications.c
    query = select(p.period, func.max(p.judgement_id)).group_by(p.period)
    published = {period: judgement for period, judgement in connection.execute(query)}
    return [edition for edition in editions(connection) if published.get(edition.period) != edition.judgement]


def record(connection: Connection, published: list[Edition]) -> None:
    """Note what now stands in the outbox."""
    rows = [{"period": edition.period, "judgement_id": edition.judgement} for edition in published]
    if rows:
        connection.execute(insert(t.publications), rows)
