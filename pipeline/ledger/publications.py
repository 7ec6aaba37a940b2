"""Which products are behind the ledger: a run that was stopped before it could publish is made good by the next one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from pipeline.ledger import tables as t
from pipeline.model import Act, Status

_RECEIVED = t.judgements.c.status != Status.BASELINE.value
_OF_BASELINES = (Act.IMPORT.value, Act.WITHDRAW.value)
"""Decisions that make no bulletin of a period; what is withdrawn, and is no baseline, was received for it."""


@dataclass(frozen=True)
class Edition:
    """A period's products (None: the folder of files without a period); the last judgement and decision they know (0: none)."""

    period: dt.date | None
    judgement: int = 0
    decision: int = 0


def decided_up_to(connection: Connection, period: dt.date | None) -> int:
    """The last decision that the period's products know (0: none)."""
    d = t.decisions.c
    about = d.period <= period if period else d.act == Act.ASSIGN.value
    return connection.scalar(select(func.max(d.id)).where(about)) or 0


def known_periods(connection: Connection) -> list[dt.date]:
    """Every period anything was received for or decided about, in order; each found by key, however long the ledger is.

    A period of which only a baseline is known was never a bulletin of ours.
    """
    d, j = t.decisions.c, t.judgements.c
    found = set(connection.scalars(select(d.period).where(d.period.is_not(None), d.act.not_in(_OF_BASELINES)).distinct()))
    period = connection.scalar(select(func.min(j.period)).where(_RECEIVED))
    while period is not None:
        found.add(period)
        period = connection.scalar(select(func.min(j.period)).where(j.period > period, _RECEIVED))
    return sorted(found)


def editions(connection: Connection) -> list[Edition]:
    """What should be in the outbox now, periods in order. A period's products know every judgement and decision of it and of
    earlier ones."""
    j = t.judgements.c
    unplaced = connection.scalar(select(func.max(j.id)).where(j.period.is_(None)))
    found = [Edition(None, unplaced, decided_up_to(connection, None))] if unplaced else []
    judgement = 0
    for period in known_periods(connection):
        judgement = max(judgement, connection.scalar(select(func.max(j.id)).where(j.period == period)) or 0)
        found.append(Edition(period, judgement, decided_up_to(connection, period)))
    return found


def edition_of(connection: Connection, period: dt.date) -> Edition | None:
    """The period as it stands now; None when the ledger holds nothing of it."""
    return next((edition for edition in editions(connection) if edition.period == period), None)


def outdated(connection: Connection, outbox: str) -> list[Edition]:
    """The editions that were not published yet in this outbox, periods in order.

    Whoever publishes leaves nothing behind, so what is behind follows from what was recorded since: the ledger's length does
    not matter.
    """
    p, j, d = t.publications.c, t.judgements.c, t.decisions.c
    own = p.outbox == outbox
    known = connection.execute(select(func.max(p.judgement_id), func.max(p.decision_id)).where(own)).one()
    judged = select(j.period, func.max(j.id)).where(j.id > (known[0] or 0), _RECEIVED).group_by(j.period)
    new = {row[0]: row[1] for row in connection.execute(judged)}
    decided = list(connection.execute(select(d.period, d.act).where(d.id > (known[1] or 0))))
    found = []
    if None in new or any(row.act == Act.ASSIGN.value for row in decided):
        unplaced = connection.scalar(select(func.max(j.id)).where(j.period.is_(None)))
        found += [Edition(None, unplaced, decided_up_to(connection, None))] if unplaced else []
    changed = {period for period in (*new, *(row.period for row in decided)) if period}
    if not changed:
        return found
    query = select(p.period, func.max(p.judgement_id)).where(own, p.period >= min(changed)).group_by(p.period)
    published = {row[0]: row[1] or 0 for row in connection.execute(query)}
    judgement = connection.scalar(select(func.max(p.judgement_id)).where(own, p.period < min(changed))) or 0
    shown = {*new, *published, *(row.period for row in decided if row.act not in _OF_BASELINES)}
    for period in sorted(day for day in shown if day):
        judgement = max(judgement, published.get(period, 0), new.get(period, 0))
        found.append(Edition(period, judgement, decided_up_to(connection, period)))
    return found


def record(connection: Connection, published: list[Edition], outbox: str) -> None:
    """Note what now stands in the outbox."""
    rows = [
        {"period": e.period, "judgement_id": e.judgement or None, "decision_id": e.decision or None, "outbox": outbox}
        for e in published
    ]
    if rows:
        connection.execute(insert(t.publications), rows)
