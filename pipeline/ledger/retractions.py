"""What a decision takes out of force, and what comes into force in its place. Nothing is changed: there are later entries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, Table, func, insert, select

from pipeline.ledger import tables as t
from pipeline.ledger.lookup import VALID, with_files
from pipeline.model import Act, Decision, Status
from pipeline.model.matters import is_meant, withdraws_file

JUDGED = (Status.ACCEPTED.value, Status.PENDING.value, Status.RETURNED.value)

When = Mapping[str, object]
"""``recorded_at`` and ``entry_id`` of the decision."""


def take_back(connection: Connection, decision: Decision, identifier: int, when: When) -> None:
    """What RETURN, REFUSE and WITHDRAW (number ``identifier``) mean for the versions of their place; others mean nothing.

    A file that is withdrawn is judged no more, and every version it became is out of force: of every district of a consolidated
    table, where none is named. What is sent back or refused is out of force in every version that holds the same.
    """
    if decision.period is None:
        return
    if decision.district is None:
        for district in _districts(connection, decision) if withdraws_file(decision) else ():
            take_back(connection, replace(decision, district=district), identifier, when)
        return
    if withdraws_file(decision):
        _withdraw(connection, decision, when)
    elif decision.act not in (Act.RETURN, Act.REFUSE):
        return
    bound = {} if decision.act == Act.WITHDRAW else decision.values
    held = _standing(connection, decision.district, decision.period)
    taken = [each for each in held if is_meant(decision.sha256, bound, each.sha256, each.values)]
    for each in taken:
        connection.execute(insert(t.retractions), {"version_id": each.version, "decision_id": identifier})
    if taken:
        _fall_back(connection, decision.district, decision.period, when)


def _districts(connection: Connection, decision: Decision) -> list[str]:
    """Those whose versions came with the file."""
    v, s = t.versions.c, t.submissions.c
    query = with_files(v.district).where(s.sha256 == decision.sha256, v.period == decision.period, VALID)
    return list(connection.scalars(query.distinct().order_by(v.district)))


@dataclass(frozen=True)
class _Version:
    """A version that is not retracted: its number in the database, its file, and that file's number."""

    version: int
    sha256: str
    submission: int
    values: dict[str, int]


def _standing(connection: Connection, district: str, period: dt.date) -> list[_Version]:
    """Of the place, oldest first: the last one is in force."""
    v, s, o = t.versions.c, t.submissions.c, t.observations.c
    query = (
        with_files(v.id, s.sha256, s.id.label("submission"), o.indicator, o.value)
        .join(t.observations, o.version_id == v.id)
        .where(v.district == district, v.period == period, VALID)
        .order_by(v.number)
    )
    found: dict[int, _Version] = {}
    for row in connection.execute(query):
        found.setdefault(row.id, _Version(row.id, row.sha256, row.submission, {})).values[row.indicator] = row.value
    return list(found.values())


def _withdraw(connection: Connection, decision: Decision, when: When) -> None:
    """A last judgement of the file's submissions for the place: as the one before, but withdrawn."""
    for row in _last_judgements(connection, decision.district, decision.period):
        if row.sha256 == decision.sha256 and row.status in JUDGED:
            _judged_as_before(connection, row, {"status": Status.WITHDRAWN.value, **when})


def _fall_back(connection: Connection, district: str, period: dt.date, when: When) -> None:
    """The last return that is accepted and stands, brought into force: it has no version that stands where it only repeated what
    was in force when it came."""
    standing = _standing(connection, district, period)
    now = standing[-1] if standing else None
    against = _decided_against(connection, district, period)
    for row in reversed(_last_judgements(connection, district, period)):
        if row.status != Status.ACCEPTED.value or _is_undone(row, against):
            continue
        if now is None or (row.submission_id > now.submission and _values(row) != now.values):
            judgement = _judged_as_before(connection, row, when)
            _copy_findings(connection, row.id, judgement)
            _add_version(connection, row, judgement, when)
        return


def _last_judgements(connection: Connection, district: str | None, period: dt.date | None) -> list[Row[Any]]:
    """Of the files of the place, with their sha256, in the order in which the files came."""
    j, s = t.judgements.c, t.submissions.c
    later = t.judgements.alias("later")
    last = select(func.max(later.c.id)).where(later.c.submission_id == j.submission_id).scalar_subquery()
    query = select(t.judgements, s.sha256).join(t.submissions, s.id == j.submission_id)
    here = query.where(j.district == district, j.period == period, j.id == last)
    return list(connection.execute(here.order_by(j.submission_id)))


def _is_undone(row: Row[Any], against: Sequence[Row[Any]]) -> bool:
    """Whether it was sent back or refused since it was judged."""
    return any(d.entry_id >= row.entry_id and is_meant(d.sha256, d.bound, row.sha256, _values(row)) for d in against)


def _decided_against(connection: Connection, district: str, period: dt.date) -> list[Row[Any]]:
    """The returns by hand and refusals of the place."""
    d = t.decisions.c
    acts = (Act.RETURN.value, Act.REFUSE.value)
    query = select(d.entry_id, d.sha256, d.bound)
    return list(connection.execute(query.where(d.district == district, d.period == period, d.act.in_(acts))))


def _values(row: Row[Any]) -> dict[str, int | None]:
    return {indicator: entry[0] for indicator, entry in row.entries.items()}


def _judged_as_before(connection: Connection, row: Row[Any], changes: When) -> int:
    """Another judgement like that one; its number."""
    again = {column.name: getattr(row, column.name) for column in t.judgements.columns if column.name != "id"}
    return _added(connection, t.judgements, again | dict(changes))


def _copy_findings(connection: Connection, old: int, new: int) -> None:
    every = connection.execute(select(t.findings).where(t.findings.c.judgement_id == old)).mappings().all()
    if every:
        connection.execute(insert(t.findings), [{**finding, "judgement_id": new} for finding in every])


def _add_version(connection: Connection, row: Row[Any], judgement: int, when: When) -> None:
    v = t.versions.c
    number = connection.scalar(select(func.max(v.number)).where(v.district == row.district, v.period == row.period)) or 0
    place = {"district": row.district, "period": row.period, "number": number + 1}
    version = _added(connection, t.versions, {**place, "judgement_id": judgement, "recorded_at": when["recorded_at"]})
    observations = [
        {"version_id": version, "indicator": indicator, "value": value, "sheet": row.sheet, "cell": cell}
        for indicator, (value, cell, _) in row.entries.items()
    ]
    connection.execute(insert(t.observations), observations)


def _added(connection: Connection, table: Table, row: Mapping[str, object]) -> int:
    key = connection.execute(insert(table), dict(row)).inserted_primary_key
    assert key is not None
    return int(key[0])
