"""Submissions that wait: each district's latest unaccepted ones, to be judged again by every run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, exists, func, or_, select

from pipeline.ledger import tables as t
from pipeline.model import Act, Envelope, Status, envelope_of
from pipeline.model.matters import is_meant

WAITING = (Status.PENDING.value, Status.RETURNED.value)
JUDGED = (*WAITING, Status.ACCEPTED.value)


@dataclass(frozen=True)
class Waiting:
    """A submission to judge again; ``received`` is UTC. Its bytes are the original ``sha256``."""

    submission: int
    file: str
    sha256: str
    received: dt.datetime
    district: str | None
    period: dt.date | None
    entry: int = 0
    """The entry of the ledger's sequence in which it came."""
    lost: bool = False
    """It could not be processed, so that nobody knows its place: a later return may have come for it since."""
    envelope: Envelope | None = None


def waiting(connection: Connection, unhandled: str = "") -> tuple[Waiting, ...]:
    """As they came: of each district and period the latest submissions (several where they came in one run) that are not
    accepted, or of which something was sent back by hand or refused since; files without a place that the city has given one
    since; and those that could not be processed (a finding of the rule ``unhandled``), whose place may not be known."""
    j, s = t.judgements.c, t.submissions.c
    columns = (s.id, s.file, s.sha256, s.received_at, s.entry_id, s.envelope, j.district, j.period)
    last = select(*columns).join(t.submissions, s.id == j.submission_id).where(j.id == _latest())
    placed = last.where(j.status.in_(WAITING), j.district.is_not(None), j.period.is_not(None), ~_superseded())
    d = t.decisions.c
    f = t.findings.c
    of_the_rule = exists(select(f.judgement_id).where(f.judgement_id == j.id, f.rule == unhandled))
    unknown = or_(j.district.is_(None), j.period.is_(None))
    failed = last.where(j.status == Status.RETURNED.value, unknown, of_the_rule)
    lost = {row.id: row for row in connection.execute(failed)}
    given = last.join(t.decisions, d.sha256 == s.sha256).where(d.act == Act.ASSIGN.value, j.status.in_(WAITING))
    back = _sent_back(connection, last)
    known = {row.id: row for row in (*connection.execute(placed), *connection.execute(given), *back)}
    return tuple(_waiting(row, row.id not in known) for row in sorted((lost | known).values(), key=lambda row: row.id))


def _waiting(row: Row[Any], lost: bool) -> Waiting:
    place = (row.district, row.period)
    return Waiting(row.id, row.file, row.sha256, row.received_at, *place, row.entry_id, lost, envelope_of(row.envelope))


def _sent_back(connection: Connection, last: Select[Any]) -> Iterator[Row[Any]]:
    """Of the ``last`` judgements those that were accepted before their file, or a row that holds the same, was sent back or an
    explanation of it refused."""
    j, d = t.judgements.c, t.decisions.c
    here = and_(d.district == j.district, d.period == j.period, d.act.in_((Act.RETURN.value, Act.REFUSE.value)))
    about = last.add_columns(j.entries, d.sha256.label("about"), d.bound).join(t.decisions, here)
    since = about.where(j.status == Status.ACCEPTED.value, d.entry_id >= j.entry_id, ~_superseded())
    for row in connection.execute(since):
        values = {indicator: entry[0] for indicator, entry in row.entries.items()}
        if is_meant(row.about, row.bound, row.sha256, values):
            yield row


def _latest() -> Any:
    """The id of the submission's last judgement."""
    later = t.judgements.alias("later")
    return select(func.max(later.c.id)).where(later.c.submission_id == t.judgements.c.submission_id).scalar_subquery()


def is_overtaken(connection: Connection, submission: int, district: str, period: dt.date) -> bool:
    """Whether a return for the place came in a later run than this submission, and was neither repeated nor withdrawn."""
    j, s = t.judgements.c, t.submissions.c
    of_it = select(s.entry_id).where(s.id == submission).scalar_subquery()
    later = (
        select(j.id)
        .join(t.submissions, s.id == j.submission_id)
        .where(j.period == period, j.district == district, j.status.in_(JUDGED), j.id == _latest(), s.entry_id > of_it)
    )
    return connection.scalar(later.limit(1)) is not None


def _superseded() -> Any:
    """A return for the same place came in a later run, and was neither repeated nor withdrawn."""
    j, s = t.judgements.c, t.submissions.c
    newer, sent, after = t.judgements.alias("newer"), t.submissions.alias("sent"), t.judgements.alias("after")
    last = select(func.max(after.c.id)).where(after.c.submission_id == newer.c.submission_id).scalar_subquery()
    return exists(
        select(newer.c.id)
        .join(sent, sent.c.id == newer.c.submission_id)
        .where(newer.c.period == j.period, newer.c.district == j.district, newer.c.status.in_(JUDGED))
        .where(sent.c.entry_id > s.entry_id, newer.c.id == last)
    )
