"""What is written into the ledger: submissions, judgements, versions, explanations and decisions. Nothing is ever changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection, Insert, bindparam, exists, func, insert, literal, select

from pipeline.ledger import tables as t
from pipeline.model import Act, Decision, Explanation, Finding, Status, Submission

# Statements are made once: a run posts a thousand returns.
_ADD_ORIGINAL = insert(t.originals).from_select(
    ["sha256", "size", "kept_at"],
    select(
        bindparam("hash", type_=t.originals.c.sha256.type),
        bindparam("bytes", type_=t.originals.c.size.type),
        bindparam("time", type_=t.originals.c.kept_at.type),
    ).where(~exists(select(literal(1)).where(t.originals.c.sha256 == bindparam("hash")))),
)
_VERSIONS = (
    select(t.versions.c.id, t.versions.c.number, t.retractions.c.decision_id.label("retracted"))
    .outerjoin(t.retractions, t.retractions.c.version_id == t.versions.c.id)
    .where(t.versions.c.district == bindparam("place_district"), t.versions.c.period == bindparam("place_period"))
    .order_by(t.versions.c.number.desc())
)
_VALUES = select(t.observations.c.indicator, t.observations.c.value).where(t.observations.c.version_id == bindparam("version"))
_ADD_SUBMISSION, _ADD_JUDGEMENT = insert(t.submissions), insert(t.judgements)
_ADD_FINDING, _ADD_VERSION, _ADD_OBSERVATION = insert(t.findings), insert(t.versions), insert(t.observations)


def known_arrivals(connection: Connection, arrivals: list[str]) -> set[str]:
    """Which of these arrivals are in the ledger already: an earlier run was stopped before it could clear the inbox."""
    found: set[str] = set()
    for start in range(0, len(arrivals), 500):
        part = arrivals[start : start + 500]
        found |= set(connection.scalars(select(t.submissions.c.arrival).where(t.submissions.c.arrival.in_(part))))
    return found


def post(connection: Connection, submission: Submission, arrival: str, now: dt.datetime, rules_version: str) -> int:
    """Write one submission with its judgement, findings and, if accepted with new values, its version. The judgement's id.

    The caller holds the transaction and has kept the original.
    """
    sha256 = submission.reading.sha256
    connection.execute(_ADD_ORIGINAL, {"hash": sha256, "bytes": submission.reading.size, "time": now})
    sent = {"arrival": arrival, "sha256": sha256, "file": submission.reading.file, "received_at": submission.received}
    identifier = _added(connection, _ADD_SUBMISSION, sent | {"recorded_at": now})
    return _judged(connection, identifier, submission, now, rules_version)


def post_again(
    connection: Connection, submission_id: int, submission: Submission, now: dt.datetime, rules_version: str
) -> int | None:
    """Write another judgement of a submission, if it says anything else than the last one. Its id, or None."""
    j = t.judgements.c
    last = connection.execute(select(t.judgements).where(j.submission_id == submission_id).order_by(j.id.desc()).limit(1)).one()
    new = _judgement(submission_id, submission, now, rules_version)
    query = select(t.findings).where(t.findings.c.judgement_id == last.id).order_by(t.findings.c.position)
    found = [_finding(last.id, n, finding) for n, finding in enumerate(submission.findings)]
    same = all(getattr(last, name) == value for name, value in new.items() if name not in ("recorded_at", "rules_version"))
    if same and [dict(row._mapping) for row in connection.execute(query)] == found:
        return None
    return _judged(connection, submission_id, submission, now, rules_version)


def record_decision(connection: Connection, decision: Decision) -> int:
    """Write a decision; its number. What is returned, withdrawn or no longer explained is not in force any more, and what is
    withdrawn is judged no more."""
    row = {
        name: getattr(decision, name)
        for name in ("act", "by", "reason", "basis", "wording", "district", "period", "rule", "indicator", "sha256", "source")
    }
    row |= {"bound": dict(decision.values), "received_at": decision.received, "recorded_at": decision.at}
    identifier = _added(connection, insert(t.decisions), row)
    if decision.act in (Act.RETURN, Act.WITHDRAW, Act.REFUSE):
        _retract(connection, decision, identifier)
    if decision.act == Act.WITHDRAW:
        _withdraw(connection, decision)
    return identifier


def _retract(connection: Connection, decision: Decision, identifier: int) -> None:
    """Every version the file became for the place, those that are retracted already aside."""
    v, j, s = t.versions.c, t.judgements.c, t.submissions.c
    of_the_file = (
        select(v.id)
        .join(t.judgements, j.id == v.judgement_id)
        .join(t.submissions, s.id == j.submission_id)
        .where(s.sha256 == decision.sha256, v.district == decision.district, v.period == decision.period)
        .where(v.id.not_in(select(t.retractions.c.version_id)))
    )
    for version in connection.scalars(of_the_file).all():
        connection.execute(insert(t.retractions), {"version_id": version, "decision_id": identifier})


def _withdraw(connection: Connection, decision: Decision) -> None:
    """A last judgement of the file's submissions for the place: as the one before, but withdrawn."""
    j, s = t.judgements.c, t.submissions.c
    latest = (
        select(func.max(j.id))
        .join(t.submissions, s.id == j.submission_id)
        .where(s.sha256 == decision.sha256, j.district == decision.district, j.period == decision.period)
        .group_by(j.submission_id)
    )
    for row in connection.execute(select(t.judgements).where(j.id.in_(latest))).mappings().all():
        if row["status"] in (Status.ACCEPTED, Status.PENDING, Status.RETURNED):
            again = {**row, "status": Status.WITHDRAWN.value, "recorded_at": decision.at}
            again.pop("id")
            _added(connection, _ADD_JUDGEMENT, again)


def _judged(connection: Connection, submission_id: int, submission: Submission, now: dt.datetime, rules_version: str) -> int:
    judgement = _added(connection, _ADD_JUDGEMENT, _judgement(submission_id, submission, now, rules_version))
    if submission.findings:
        connection.execute(_ADD_FINDING, [_finding(judgement, n, finding) for n, finding in enumerate(submission.findings)])
    if submission.explanations:
        _explained(connection, submission_id, submission.explanations, now)
    if submission.status is Status.ACCEPTED:
        _version(connection, judgement, submission, now)
    return judgement


def _added(connection: Connection, statement: Insert, row: dict[str, object]) -> int:
    key = connection.execute(statement, row).inserted_primary_key
    assert key is not None
    return int(key[0])


def _judgement(submission_id: int, submission: Submission, now: dt.datetime, rules_version: str) -> dict[str, object]:
    return {
        "submission_id": submission_id,
        "district": submission.district,
        "period": submission.period,
        "status": submission.status.value,
        "sheet": submission.table.sheet if submission.table else None,
        "entries": {entry.indicator: [entry.value, entry.cell, entry.observed] for entry in submission.entries},
        "undecided": [[u.rule, u.reason, u.indicator] for u in submission.undecided],
        "rules_version": rules_version,
        "recorded_at": now,
    }


def _finding(judgement: int, position: int, finding: Finding) -> dict[str, object]:
    fields = {name: getattr(finding, name) for name in Finding.__dataclass_fields__}
    return {"judgement_id": judgement, "position": position, **fields}


def _explained(connection: Connection, submission_id: int, every: Sequence[Explanation], now: dt.datetime) -> None:
    """What the file explains; an explanation that was recorded of it before is not written again."""
    e = t.explanations.c
    known = connection.execute(select(e.rule, e.indicator, e.bound, e.text).where(e.submission_id == submission_id)).all()
    for one in every:
        row = (one.rule, one.indicator, dict(one.values), one.text)
        if row not in [tuple(old) for old in known]:
            named = dict(zip(("rule", "indicator", "bound", "text"), row, strict=True))
            place = {"submission_id": submission_id, "district": one.district, "period": one.period}
            connection.execute(insert(t.explanations), {**named, **place, "by": one.by, "recorded_at": now})


def _version(connection: Connection, judgement: int, submission: Submission, now: dt.datetime) -> None:
    """A new version, unless the values in force are the same already."""
    place = {"place_district": submission.district, "place_period": submission.period}
    every = connection.execute(_VERSIONS, place).all()
    in_force = next((row.id for row in every if row.retracted is None), None)
    values = {entry.indicator: entry.value for entry in submission.entries}
    if in_force and values == {row.indicator: row.value for row in connection.execute(_VALUES, {"version": in_force})}:
        return
    assert submission.table is not None
    number = every[0].number + 1 if every else 1
    row = {"judgement_id": judgement, "district": submission.district, "period": submission.period, "number": number}
    version = _added(connection, _ADD_VERSION, row | {"recorded_at": now})
    sheet = submission.table.sheet
    rows = [
        {"version_id": version, "indicator": e.indicator, "value": e.value, "sheet": sheet, "cell": e.cell}
        for e in submission.entries
    ]
    connection.execute(_ADD_OBSERVATION, rows)
