"""What the checks ask of the ledger: neighbours in time, and files seen before. Every question is answered by key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, case, func, select

from pipeline.ledger import tables as t
from pipeline.model import Accepted, History, Seen, Status

VALID = t.versions.c.id.not_in(select(t.retractions.c.version_id))
"""Of versions: not taken out of force by the city."""

WITHDRAWN = select(t.judgements.c.submission_id).where(t.judgements.c.status == Status.WITHDRAWN.value)
"""Submissions that the city withdrew: they are gone, and never judged again."""


BACK = 24  # earlier periods of a district that rules look back on (medians, largest increases)


def with_files(*columns: Any) -> Select[Any]:
    """Columns of versions, their judgements and the submissions these came with."""
    v, j, s = t.versions.c, t.judgements.c, t.submissions.c
    joined = select(*columns).select_from(t.versions).join(t.judgements, j.id == v.judgement_id)
    return joined.join(t.submissions, s.id == j.submission_id)


def history(connection: Connection, districts: Iterable[str], first: dt.date, last: dt.date) -> History:
    """Accepted values in force of these districts from ``BACK`` periods before ``first`` to the next period after ``last``."""
    return {district: _history(connection, district, first, last) for district in districts}


def _history(connection: Connection, district: str, first: dt.date, last: dt.date) -> dict[dt.date, Accepted]:
    v, o = t.versions.c, t.observations.c
    earlier = (
        select(v.period).where(v.district == district, v.period < first, VALID).distinct().order_by(v.period.desc()).limit(BACK)
    )
    start = min(connection.scalars(earlier), default=first)
    end = connection.scalar(select(func.min(v.period)).where(v.district == district, v.period > last, VALID)) or last
    query = (
        select(v.period, v.number, o.indicator, o.value)
        .join(t.observations, o.version_id == v.id)
        .where(v.district == district, v.period.between(start, end), VALID)
        .order_by(v.period, v.number)
    )
    accepted: dict[dt.date, Accepted] = {}
    for period, number, indicator, value in connection.execute(query):
        if period not in accepted or accepted[period].version != number:
            accepted[period] = Accepted(number, {})  # a later version takes the place of the one before
        accepted[period].values[indicator] = value
    return accepted


@dataclass(frozen=True)
class InForce:
    """A district's version in force for a period; ``baseline`` where it was taken over from a consolidated table."""

    version: int
    baseline: bool


def in_force(connection: Connection, period: dt.date) -> dict[str, InForce]:
    """By district."""
    v, j = t.versions.c, t.judgements.c
    query = (
        select(v.district, v.number, j.status)
        .join(t.judgements, j.id == v.judgement_id)
        .where(v.period == period, VALID)
        .order_by(v.number)
    )
    rows = connection.execute(query)
    return {row.district: InForce(row.number, row.status == Status.BASELINE.value) for row in rows}


def reported(connection: Connection, period: dt.date) -> set[str]:
    """Districts that sent a return for the period, whatever became of it; one that was withdrawn is none."""
    j = t.judgements.c
    judged = [status.value for status in (Status.ACCEPTED, Status.PENDING, Status.RETURNED)]
    query = select(j.district).where(j.period == period, j.district.is_not(None), j.status.in_(judged))
    return set(connection.scalars(query.where(j.submission_id.not_in(WITHDRAWN)).distinct()))


def seen(connection: Connection, hashes: Iterable[str]) -> dict[str, tuple[Seen, ...]]:
    """sha256 → what became of files with these bytes, in order of receipt; repeated and withdrawn files left out."""
    found: dict[str, list[Seen]] = {}
    every = sorted(set(hashes))
    for start in range(0, len(every), 500):
        for row in connection.execute(_seen(every[start : start + 500])):
            current = _current(connection, row.district, row.period) if row.number else None
            record = Seen(row.district, row.period, Status(row.status), row.received_at, row.number, current, row.id)
            found.setdefault(row.sha256, []).append(record)
    return {sha256: tuple(records) for sha256, records in found.items()}


def number_of() -> Any:
    """The number of the version that an accepted submission became at the place of the judgement beside it, the last of several:
    that it was judged again changes nothing in it."""
    v, of_it = t.versions.c, t.judgements.alias("of_it")
    made = (
        select(func.max(v.number))
        .join(of_it, of_it.c.id == v.judgement_id)
        .where(of_it.c.submission_id == t.judgements.c.submission_id)
        .where(v.district == t.judgements.c.district, v.period == t.judgements.c.period)
        .correlate(t.judgements)
        .scalar_subquery()
    )
    return case((t.judgements.c.status.in_((Status.ACCEPTED.value, Status.BASELINE.value)), made))


_NEVER_SENT = (Status.DUPLICATE.value, Status.BASELINE.value, Status.WITHDRAWN.value)
"""What a file that comes is not a repetition of: withdrawn is gone."""


def _seen(hashes: list[str]):  # type: ignore[no-untyped-def]  # a Select of seven columns
    s, j = t.submissions.c, t.judgements.c
    latest = select(func.max(j.id)).where(j.submission_id == s.id).correlate(t.submissions).scalar_subquery()
    return (
        select(s.id, s.sha256, s.received_at, j.district, j.period, j.status, number_of().label("number"))
        .join(t.judgements, j.id == latest)
        .where(s.sha256.in_(hashes), j.status.not_in(_NEVER_SENT))
        .order_by(s.id)
    )


def _current(connection: Connection, district: str, period: dt.date) -> int | None:
    v = t.versions.c
    number: int | None = connection.scalar(select(func.max(v.number)).where(v.district == district, v.period == period, VALID))
    return number
