"""Every version ever accepted, as the ledger knows it now or knew it at an earlier time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from pipeline.ledger import tables as t
from pipeline.ledger.period_view import findings_of
from pipeline.model import Stated, Version
from schemas.programme import Programme

_VERSIONS = (
    select(t.versions, t.judgements.c.rules_version, t.submissions.c.file, t.submissions.c.sha256, t.submissions.c.received_at)
    .add_columns(t.judgements.c.entry_id, t.decisions.c.entry_id.label("retracted_in"))
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
    up_to: int | None = None,
) -> tuple[Version, ...]:
    """All versions of the district and the period (of all, without), as the ledger knew them after its entry ``up_to`` (None:
    the last one): what was recorded, replaced or retracted later does not show. By period, in form order, oldest version first.
    """
    query = _wanted(district, period, up_to)
    rows = connection.execute(query).all()
    values = _values(connection, [row.id for row in rows], programme)
    findings = findings_of(connection, [row.judgement_id for row in rows])
    found = []
    for _, place in groupby(rows, key=lambda row: (row.period, row.district)):
        known = list(place)
        retracted = {row.number: row.retracted_at if _known(row.retracted_in, up_to) else None for row in known}
        ends = _ends(known, up_to)
        for row in known:
            times = (ends.get(row.number), retracted[row.number])
            found.append(_version(row, *times, values.get(row.id, {}), findings.get(row.judgement_id, ())))
    order = {name: place for place, name in enumerate(programme.district_names)}
    return tuple(sorted(found, key=lambda version: (version.period, order.get(version.district, len(order)))))


def _wanted(district: str | None, period: dt.date | None, up_to: int | None) -> Select[Any]:
    v, query = t.versions.c, _VERSIONS
    query = query.where(v.district == district) if district else query
    query = query.where(v.period == period) if period else query
    return query if up_to is None else query.where(t.judgements.c.entry_id <= up_to)


def _known(entry: int | None, up_to: int | None) -> bool:
    return entry is not None and (up_to is None or entry <= up_to)


def _ends(versions: Sequence[Row[Any]], up_to: int | None) -> dict[int, dt.datetime]:
    """number → the time of the entry that put that version of one place out of force, those in force left out.

    In force is the last version that is not retracted: a new version ends the one before, a retraction brings it back.
    """
    events = [(row.entry_id, 0, row.number, row.recorded_at) for row in versions]
    events += [(row.retracted_in, 1, row.number, row.retracted_at) for row in versions if _known(row.retracted_in, up_to)]
    standing, ends = set[int](), dict[int, dt.datetime]()
    for _, taken_back, number, time in sorted(events):
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
