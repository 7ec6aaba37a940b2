"""Every version ever accepted, as the ledger knows it now or knew it at an earlier time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from pipeline.ledger import tables as t
from pipeline.ledger.picture import findings_of
from pipeline.model import Stated, Version
from schemas.programme import Programme

_VERSIONS = (
    select(t.versions, t.judgements.c.rules_version, t.submissions.c.file, t.submissions.c.sha256, t.submissions.c.received_at)
    .add_columns(t.decisions.c.recorded_at.label("retracted_at"))
    .join(t.judgements, t.judgements.c.id == t.versions.c.judgement_id)
    .join(t.submissions, t.submissions.c.id == t.judgements.c.submission_id)
    .outerjoin(t.retractions, t.retractions.c.version_id == t.versions.c.id)
    .outerjoin(t.decisions, t.decisions.c.id == t.retractions.c.decision_id)
    .order_by(t.versions.c.period, t.versions.c.district, t.versions.c.number)
)


def versions(
    connection: Connection,
    programme: Programme,
    *,
    district: str | None = None,
    period: dt.date | None = None,
    until: dt.datetime | None = None,
) -> tuple[Version, ...]:
    """All versions of the district and the period (of all, without), as the ledger knew them at ``until`` (UTC; None: now): what
    was recorded, replaced or retracted later does not show. By period, in form order, oldest version first."""
    query = _wanted(district, period, until)
    rows = connection.execute(query).all()
    values = _values(connection, [row.id for row in rows], programme)
    findings = findings_of(connection, [row.judgement_id for row in rows])
    found = []
    for _, place in groupby(rows, key=lambda row: (row.period, row.district)):
        known = list(place)
        retracted = {row.number: _known(row.retracted_at, until) for row in known}
        ends = _ends([(row.recorded_at, row.number) for row in known], retracted)
        for row in known:
            times = (ends.get(row.number), retracted[row.number])
            found.append(_version(row, *times, values.get(row.id, {}), findings.get(row.judgement_id, ())))
    order = {name: place for place, name in enumerate(programme.district_names)}
    return tuple(sorted(found, key=lambda version: (version.period, order.get(version.district, len(order)))))


def _wanted(district: str | None, period: dt.date | None, until: dt.datetime | None) -> Select[Any]:
    v, query = t.versions.c, _VERSIONS
    query = query.where(v.district == district) if district else query
    query = query.where(v.period == period) if period else query
    return query.where(v.recorded_at <= until) if until else query


def _known(moment: dt.datetime | None, until: dt.datetime | None) -> dt.datetime | None:
    return None if moment is None or (until and moment > until) else moment


def _ends(recorded: Iterable[tuple[dt.datetime, int]], retracted: dict[int, dt.datetime | None]) -> dict[int, dt.datetime]:
    """number → when that version of one place was last in force, those in force left out.

    In force is the last version that is not retracted: a new version ends the one before, a retraction brings it back.
    """
    events = [(time, 0, number) for time, number in recorded]
    events += [(time, 1, number) for number, time in retracted.items() if time]
    standing, ends = set[int](), dict[int, dt.datetime]()
    for time, taken_back, number in sorted(events):
        before = max(standing, default=None)
        if taken_back:
            standing.discard(number)
        else:
            standing.add(number)
        now = max(standing, default=None)
        if before is not None and before != now:
            ends[before] = time
        if now is not None:
            ends.pop(now, None)
    return ends


def _values(connection: Connection, identifiers: Sequence[int], programme: Programme) -> dict[int, dict[str, Stated]]:
    """By version, in programme order."""
    order = {identifier: place for place, identifier in enumerate(programme.indicator_ids)}
    found: dict[int, dict[str, Stated]] = {}
    for start in range(0, len(identifiers), 500):
        part = identifiers[start : start + 500]
        rows = connection.execute(select(t.observations).where(t.observations.c.version_id.in_(part))).all()
        for row in sorted(rows, key=lambda row: order.get(row.indicator, len(order))):
            found.setdefault(row.version_id, {})[row.indicator] = Stated(row.value, row.sheet, row.cell)
    return found


def _version(row: Row[Any], ended: dt.datetime | None, retracted: dt.datetime | None, values: Any, findings: Any) -> Version:
    return Version(
        district=row.district,
        period=row.period,
        number=row.number,
        file=row.file,
        sha256=row.sha256,
        received=row.received_at,
        recorded=row.recorded_at,
        rules_version=row.rules_version,
        ended=ended,
        retracted=retracted,
        values=values,
        findings=findings,
    )
