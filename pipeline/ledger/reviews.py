"""Returns in force whose surroundings changed since they were judged: which these are, and up to where that has been seen to.

What is recorded changes the place it is about (district and period), and those later periods of the district that were compared
with it. A judgement knows all that was recorded before it, and what came in its own run; what came after makes it outdated.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select

from pipeline.ledger import tables as t
from pipeline.ledger.lookup import BACK, VALID
from pipeline.model import Accepted, Act, Envelope, Place, Replaced, Status, envelope_of


@dataclass(frozen=True)
class Held:
    """A version in force that is to be judged again, and the submission it came with; ``received`` is UTC."""

    submission: int
    entry: int
    """In which it came."""
    file: str
    sha256: str
    received: dt.datetime
    district: str
    period: dt.date
    judgement: int
    """The last one of it."""
    values: Mapping[str, int]
    replaced: Replaced
    envelope: Envelope | None = None

    @property
    def place(self) -> Place:
        return self.district, self.period


@dataclass(frozen=True)
class _Change:
    """Something recorded in ``entry`` about a place; periods up to ``until`` were compared with it."""

    district: str
    period: dt.date
    entry: int
    until: dt.date = dt.date.max

    def touches(self, period: dt.date, judged: int) -> bool:
        """Whether a return of the district for the period, judged in the entry ``judged``, does not know of it."""
        return self.period <= period <= self.until and self.entry > judged


def reviewed_up_to(connection: Connection) -> int:
    """The entry up to which all that depends on what was recorded has been judged again (0: none)."""
    return connection.scalar(select(func.max(t.reviews.c.entry_id))) or 0


def last_entry(connection: Connection) -> int:
    """0 in an empty ledger."""
    return connection.scalar(select(func.max(t.entries.c.id))) or 0


def note_reviewed(connection: Connection, entry: int) -> None:
    """Everything recorded up to the entry has been seen to."""
    connection.execute(insert(t.reviews), {"entry_id": entry})


def outdated_in_force(connection: Connection, since: int) -> tuple[Held, ...]:
    """The versions in force whose last judgement does not know what was recorded after the entry ``since``; districts and periods
    in order. Baselines are never judged, nor what the city has sent back."""
    changes: dict[str, list[_Change]] = {}
    for change in _changes(connection, since):
        changes.setdefault(change.district, []).append(change)
    if not changes:
        return ()
    first = min(change.period for every in changes.values() for change in every)
    rows = connection.execute(_in_force(sorted(changes), first)).all()
    restored = _entries_of_decisions(connection, since)
    found = []
    for district, own in groupby(rows, key=lambda row: row.district):
        found += list(_touched(list(own), changes[district], restored))
    return _held(connection, found)


def _changes(connection: Connection, since: int) -> Iterator[_Change]:
    """Values that came into force or went out of it, explanations, the city's decisions, and who was missing from a bulletin."""
    v, j, d, e = t.versions.c, t.judgements.c, t.decisions.c, t.explanations.c
    made = select(v.district, v.period, j.entry_id).join(t.judgements, j.id == v.judgement_id)
    taken = select(v.district, v.period, d.entry_id).join(t.retractions, t.retractions.c.version_id == v.id)
    taken = taken.join(t.decisions, d.id == t.retractions.c.decision_id)
    for query in (made.where(j.entry_id > since), taken.where(d.entry_id > since)):
        for district, period, entry in connection.execute(query):
            yield _Change(district, period, entry)
    for district, period, entry in connection.execute(select(e.district, e.period, e.entry_id).where(e.entry_id > since)):
        yield _Change(district, period, entry, _year_end(period))
    placed = select(d.district, d.period, d.entry_id, d.act).where(d.entry_id > since)
    for row in connection.execute(placed.where(d.district.is_not(None), d.period.is_not(None))):
        reach = dt.date.max if row.act in (Act.EXCUSE, Act.WITHDRAW) else _year_end(row.period)
        yield _Change(row.district, row.period, row.entry_id, reach)
    issued = select(t.issues.c.period, t.issues.c.missing, d.entry_id).join(t.decisions, d.id == t.issues.c.decision_id)
    for period, missing, entry in connection.execute(issued.where(d.entry_id > since)):
        yield from (_Change(district, period, entry) for district in missing)


def _year_end(period: dt.date) -> dt.date:
    """Explanations may stand for the year (X02, X03)."""
    return dt.date(period.year, 12, 31)


def _in_force(districts: list[str], first: dt.date) -> Select[Any]:
    """All valid versions of the districts from the period ``first`` on with their submissions' last judgements; of a place the
    last row is the one in force. ``made`` is the entry the version came with, ``judged`` that of the last judgement."""
    v, s = t.versions.c, t.submissions.c
    of_it, last, later = t.judgements.alias("of_it"), t.judgements.alias("last"), t.judgements.alias("later")
    latest = select(func.max(later.c.id)).where(later.c.submission_id == s.id).correlate(t.submissions).scalar_subquery()
    return (
        select(v.id, v.district, v.period, v.number, of_it.c.entry_id.label("made"), last.c.entry_id.label("judged"))
        .add_columns(last.c.id.label("judgement"), last.c.status, last.c.district.label("now"), last.c.period.label("then"))
        .add_columns(s.id.label("submission"), s.entry_id.label("came"), s.file, s.sha256, s.received_at, s.envelope)
        .join(of_it, of_it.c.id == v.judgement_id)
        .join(t.submissions, s.id == of_it.c.submission_id)
        .join(last, last.c.id == latest)
        .where(v.district.in_(districts), v.period >= first, VALID)
        .order_by(v.district, v.period, v.number)
    )


Neighbours = tuple[Row[Any], Row[Any] | None, Row[Any] | None]
"""A version in force, the valid one before it for the same place, and the one in force for the district's next later period."""


def _entries_of_decisions(connection: Connection, since: int) -> set[int]:
    """A judgement in the entry of a decision was not judged then: it says what it said before of what came into force by it."""
    d = t.decisions.c
    acts = (Act.WITHDRAW.value, Act.RETURN.value, Act.REFUSE.value)
    return set(connection.scalars(select(d.entry_id).where(d.entry_id > since, d.act.in_(acts))))


def _touched(rows: list[Row[Any]], changes: Iterable[_Change], restored: set[int]) -> Iterator[Neighbours]:
    """Those of one district that have to be judged again; no further on than rules look back."""
    of_places = [list(place) for _, place in groupby(rows, key=lambda row: row.period)]
    changes = list(changes)
    periods = [place[-1].period for place in of_places]
    for number, place in enumerate(of_places):
        row = place[-1]
        furthest = periods[number - BACK] if number >= BACK else dt.date.min
        near = [change for change in changes if change.period >= furthest]
        kept = row.status == Status.ACCEPTED.value and (row.now, row.then) == (row.district, row.period)
        knows = row.judged - (row.judged in restored)
        if kept and any(change.touches(row.period, knows) for change in near):
            later = of_places[number + 1][-1] if number + 1 < len(of_places) else None
            yield row, place[-2] if len(place) > 1 else None, later


def _held(connection: Connection, found: Iterable[Neighbours]) -> tuple[Held, ...]:
    every = list(found)
    versions = [version.id for row, before, _ in every for version in (row, before) if version is not None]
    values = _values(connection, versions)
    return tuple(
        Held(
            submission=row.submission,
            entry=row.came,
            file=row.file,
            sha256=row.sha256,
            received=row.received_at,
            district=row.district,
            period=row.period,
            judgement=row.judgement,
            values=values[row.id],
            replaced=Replaced(
                Accepted(before.number, values[before.id]) if before else None, later is not None and later.made < row.made
            ),
            envelope=envelope_of(row.envelope),
        )
        for row, before, later in every
    )


def _values(connection: Connection, versions: list[int]) -> dict[int, dict[str, int]]:
    o = t.observations.c
    found: dict[int, dict[str, int]] = {version: {} for version in versions}
    for start in range(0, len(versions), 500):
        query = select(o.version_id, o.indicator, o.value).where(o.version_id.in_(versions[start : start + 500]))
        for version, indicator, value in connection.execute(query):
            found[version][indicator] = value
    return found
