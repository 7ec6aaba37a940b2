"""What settles findings and what surrounds returns, asked of the ledger for a batch: explanations, decisions, receipts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import replace

from sqlalchemy import Connection, Select, select

from pipeline.ledger import tables as t
from pipeline.ledger.lookup import WITHDRAWN
from pipeline.model import Act, Decision, Explanation, Place, Receipt, Status, excused
from pipeline.model.matters import holding, withdraws_file

JUDGED = (Status.ACCEPTED.value, Status.PENDING.value, Status.RETURNED.value)


def explanations(connection: Connection, periods: Collection[dt.date]) -> tuple[Explanation, ...]:
    """Those of these periods and of their years so far, oldest first: some stand for the year."""
    if not periods:
        return ()
    e, s = t.explanations.c, t.submissions.c
    gone = s.id.in_(WITHDRAWN).label("withdrawn")
    query = select(t.explanations, s.entry_id.label("came"), gone).join(t.submissions, s.id == e.submission_id)
    query = query.where(e.period.between(dt.date(min(periods).year, 1, 1), max(periods)))
    query = query.order_by(s.entry_id, e.id)
    return tuple(
        Explanation(
            row.rule,
            row.district,
            row.period,
            row.indicator,
            row.bound,
            row.text,
            row.by,
            row.recorded_at,
            compared=row.compared,
            entry=row.came,
            submission=row.submission_id,
            withdrawn=bool(row.withdrawn),
        )
        for row in connection.execute(query)
    )


def decisions(connection: Connection, periods: Collection[dt.date], hashes: Iterable[str] = ()) -> tuple[Decision, ...]:
    """Those about these periods, and about these files, oldest first."""
    d = t.decisions.c
    found: dict[int, Decision] = {}
    if periods:
        found |= _decisions(connection, select(t.decisions).where(d.period.between(min(periods), max(periods))))
    every = sorted(set(hashes))
    for start in range(0, len(every), 500):
        found |= _decisions(connection, select(t.decisions).where(d.sha256.in_(every[start : start + 500])))
    return tuple(found[number] for number in sorted(found))


def decisions_without_period(connection: Connection) -> tuple[Decision, ...]:
    """Those about no period, oldest first."""
    found = _decisions(connection, select(t.decisions).where(t.decisions.c.period.is_(None)).order_by(t.decisions.c.id))
    return tuple(found.values())


def _decisions(connection: Connection, query: Select[tuple[object, ...]]) -> dict[int, Decision]:
    return {
        row.id: Decision(
            act=row.act,
            by=row.by,
            at=row.recorded_at,
            reason=row.reason,
            basis=row.basis,
            wording=row.wording,
            district=row.district,
            period=row.period,
            rule=row.rule,
            indicator=row.indicator,
            sha256=row.sha256,
            values=row.bound,
            received=row.received_at,
            source=row.source,
            id=row.id,
            compared=row.compared,
            entry=row.entry_id,
        )
        for row in connection.execute(query)
    }


def excused_places(connection: Connection) -> frozenset[Place]:
    """Every district and period that is 免报 now; those taken back are not."""
    d = t.decisions.c
    query = select(t.decisions).where(d.act.in_((Act.EXCUSE.value, Act.WITHDRAW.value)), d.sha256.is_(None)).order_by(d.id)
    return excused(_decisions(connection, query).values())


def sent(connection: Connection, submissions: Collection[int]) -> dict[int, int]:
    """Submission → the entry of the ledger's sequence it came in."""
    s, found = t.submissions.c, dict[int, int]()
    every = sorted(submissions)
    for start in range(0, len(every), 500):
        rows = connection.execute(select(s.id, s.entry_id).where(s.id.in_(every[start : start + 500])))
        found |= {row.id: row.entry_id for row in rows}
    return found


def receipts(connection: Connection, periods: Collection[dt.date], decided: Iterable[Decision]) -> dict[Place, Receipt]:
    """When each district's first return for these periods came and when they were sent back; the city's time goes first.

    The first is the first of the ledger's sequence, or one that came earlier by the city's word: clocks do not tell. A file that
    was withdrawn was no return.
    """
    registered = {d.sha256: d.received for d in holding(tuple(decided)) if d.act == Act.RECEIVE and d.received}
    found: dict[Place, Receipt] = {}
    every = sorted(periods)
    j, s = t.judgements.c, t.submissions.c
    for start in range(0, len(every), 500):
        query = (
            select(j.district, j.period, j.status, j.recorded_at, j.entry_id, s.sha256, s.received_at)
            .join(t.submissions, s.id == j.submission_id)
            .where(j.period.in_(every[start : start + 500]), j.district.is_not(None), j.status.in_(JUDGED))
            .where(s.id.not_in(WITHDRAWN))
            .order_by(j.id)
        )
        for row in connection.execute(query):
            place, registered_at = (row.district, row.period), registered.get(row.sha256)
            known = found.get(place, Receipt(registered_at or row.received_at))
            returned = ((row.entry_id, row.recorded_at),) if row.status == Status.RETURNED else ()
            first = min(known.first, registered_at or known.first)
            found[place] = Receipt(first, (*known.returned, *returned))
    return found


def called_by_ledger(connection: Connection) -> frozenset[dt.date]:
    """Periods that templates were made for. Those with accepted returns were called once and stay so; empty without templates."""
    made = set(connection.scalars(select(t.templates.c.period).distinct()))
    return frozenset(made | set(connection.scalars(select(t.versions.c.period).distinct()))) if made else frozenset()


def assigned(connection: Connection) -> dict[str, Decision]:
    """sha256 → the assignment of district and period to the file: of each the last one made, since a file with these bytes was
    last withdrawn."""
    d, given = t.decisions.c, t.decisions.alias("given")
    assigned = select(given.c.sha256).where(given.c.act == Act.ASSIGN.value)
    query = select(t.decisions).where(d.act.in_((Act.ASSIGN.value, Act.WITHDRAW.value)), d.sha256.in_(assigned)).order_by(d.id)
    found: dict[str, Decision] = {}
    for decision in _decisions(connection, query).values():
        if decision.act == Act.WITHDRAW:
            if withdraws_file(decision):
                found.pop(decision.sha256 or "", None)
            continue
        before = found.get(decision.sha256 or "", decision)
        merged = replace(decision, district=decision.district or before.district, period=decision.period or before.period)
        found[decision.sha256 or ""] = merged
    return found
