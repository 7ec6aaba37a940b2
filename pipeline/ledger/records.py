"""What is written into the ledger: submissions, judgements, versions, explanations and decisions. Nothing is ever changed."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Insert, Table, bindparam, exists, insert, literal, select

from pipeline.ledger import tables as t
from pipeline.ledger.entries import LedgerEntry
from pipeline.ledger.retractions import take_back
from pipeline.model import Decision, Explanation, Finding, Status, Submission, envelope_record

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
    select(t.versions.c.district, t.versions.c.number, t.observations.c.indicator, t.observations.c.value)
    .add_columns(t.retractions.c.decision_id.label("retracted"))
    .join(t.observations, t.observations.c.version_id == t.versions.c.id)
    .outerjoin(t.retractions, t.retractions.c.version_id == t.versions.c.id)
    .where(t.versions.c.period == bindparam("day"))
    .order_by(t.versions.c.number)
)
_DECIDED = (
    "act", "by", "reason", "basis", "wording", "district", "period", "rule", "indicator", "sha256", "source", "compared"
)  # fmt: skip
_ADD_FINDING, _ADD_OBSERVATION = insert(t.findings), insert(t.observations)


def known_arrivals(connection: Connection, arrivals: list[str]) -> set[str]:
    """Which of these arrivals are in the ledger already: an earlier run was stopped before it could clear the inbox."""
    found: set[str] = set()
    for start in range(0, len(arrivals), 500):
        part = arrivals[start : start + 500]
        found |= set(connection.scalars(select(t.submissions.c.arrival).where(t.submissions.c.arrival.in_(part))))
    return found


def register_originals(connection: Connection, kept: Iterable[tuple[str, int]], now: dt.datetime) -> None:
    """Note originals (sha256, size in bytes) that are in their folder; those that are known stay as they are."""
    rows = [{"hash": sha256, "bytes": size, "time": now} for sha256, size in dict(kept).items()]
    if rows:
        connection.execute(_ADD_ORIGINAL, rows)


@dataclass
class Standing:
    """The versions of one period while it is posted: of each district the last number, and the values in force."""

    numbers: dict[str, int]
    values: dict[str, dict[str, int]]


def standing(connection: Connection, period: dt.date | None) -> Standing:
    """As recorded. Whoever posts is alone in writing and keeps it up to date."""
    found = Standing({}, {})
    for row in connection.execute(_VERSIONS, {"day": period}) if period else ():
        if found.numbers.get(row.district) != row.number:
            found.numbers[row.district] = row.number
            if row.retracted is None:
                found.values[row.district] = {}
        if row.retracted is None:
            found.values[row.district][row.indicator] = row.value
    return found


@dataclass(frozen=True)
class Posting:
    """Submissions of one period on their way into the ledger, in the caller's transaction; their originals are kept.

    ``entry`` is that of the run, which all its periods share. Nothing is written before ``finish``, and then all of a kind
    together; without anything to write there is no entry.
    """

    connection: Connection
    entry: LedgerEntry
    rules_version: str
    standing: Standing
    _new: list[tuple[dict[str, object], Submission]] = field(default_factory=list)
    _again: list[tuple[int, Submission]] = field(default_factory=list)

    def add(self, submission: Submission, arrival: str) -> None:
        """A new submission with its judgement, findings and, if accepted with new values, its version."""
        reading = submission.reading
        sent = {"arrival": arrival, "sha256": reading.sha256, "file": reading.file, "received_at": submission.received}
        sent["envelope"] = envelope_record(reading.envelope, reading.parcel)
        self._new.append((sent, submission))

    def judge_again(self, submission_id: int, submission: Submission) -> bool:
        """Another judgement of a submission, if it says anything else than the last one; whether it does."""
        j, f = t.judgements.c, t.findings.c
        every = select(t.judgements).where(j.submission_id == submission_id).order_by(j.id.desc()).limit(1)
        last = self.connection.execute(every).one()
        new = self._said(submission)
        query = select(t.findings).where(f.judgement_id == last.id).order_by(f.position)
        found = [_finding(last.id, n, finding) for n, finding in enumerate(submission.findings)]
        same = all(getattr(last, name) == value for name, value in new.items())
        if same and [dict(row._mapping) for row in self.connection.execute(query)] == found:
            return False
        self._again.append((submission_id, submission))
        return True

    def finish(self) -> int:
        """Write it all; the id of the last judgement, 0 where there was nothing to write."""
        if not self._new and not self._again:
            return 0
        when = {"recorded_at": self.entry.at, "entry_id": self.entry.begun(self.connection)}
        ids = _all_added(self.connection, t.submissions, [sent | when for sent, _ in self._new])
        judged = [*zip(ids, (submission for _, submission in self._new), strict=True), *self._again]
        judgements = _all_added(self.connection, t.judgements, [self._judgement(*one) | when for one in judged])
        findings = [
            _finding(judgement, n, finding)
            for judgement, (_, submission) in zip(judgements, judged, strict=True)
            for n, finding in enumerate(submission.findings)
        ]
        if findings:
            self.connection.execute(_ADD_FINDING, findings)
        for identifier, submission in judged:
            if submission.explanations:
                _explained(self.connection, identifier, submission.explanations, when)
        self._versions([(judgement, submission) for judgement, (_, submission) in zip(judgements, judged, strict=True)])
        return judgements[-1] if judgements else 0

    def _judgement(self, submission_id: int, submission: Submission) -> dict[str, object]:
        return {"submission_id": submission_id, "rules_version": self.rules_version, **self._said(submission)}

    @staticmethod
    def _said(submission: Submission) -> dict[str, object]:
        """The columns of a judgement that are about the return."""
        return {
            "district": submission.district,
            "period": submission.period,
            "status": submission.status.value,
            "sheet": submission.table.sheet if submission.table else None,
            "entries": {entry.indicator: [entry.value, entry.cell, entry.observed] for entry in submission.entries},
            "undecided": [[u.rule, u.reason, u.indicator] for u in submission.undecided],
        }

    def _versions(self, judged: Sequence[tuple[int, Submission]]) -> None:
        """A new version for what was accepted, unless the values in force are the same already."""
        new = [(row, submission) for judgement, submission in judged if (row := self._version(judgement, submission))]
        ids = _all_added(self.connection, t.versions, [row for row, _ in new])
        observations = [
            {"version_id": version, "indicator": e.indicator, "value": e.value, "sheet": submission.table.sheet, "cell": e.cell}
            for version, (_, submission) in zip(ids, new, strict=True)
            if submission.table
            for e in submission.entries
        ]
        if observations:
            self.connection.execute(_ADD_OBSERVATION, observations)

    def _version(self, judgement: int, submission: Submission) -> dict[str, object] | None:
        """The row of a new version, which stands from now on; None where there is none."""
        district, values = submission.district, {e.indicator: e.value for e in submission.entries if e.value is not None}
        if submission.status not in (Status.ACCEPTED, Status.BASELINE) or self.standing.values.get(district or "") == values:
            return None
        assert district is not None
        number = self.standing.numbers.get(district, 0) + 1
        self.standing.numbers[district] = number
        self.standing.values[district] = values
        row = {"judgement_id": judgement, "district": district, "period": submission.period, "number": number}
        return row | {"recorded_at": self.entry.at}


def record_decision(connection: Connection, decision: Decision, entry: LedgerEntry | None = None) -> int:
    """Write a decision, in an entry of its own where none is given; its number.

    What is returned, withdrawn or no longer explained is not in force any more, and what is withdrawn is judged no more.
    """
    when = {"recorded_at": decision.at, "entry_id": (entry or LedgerEntry(decision.at)).begun(connection)}
    row: dict[str, object] = {name: getattr(decision, name) for name in _DECIDED}
    row |= {"bound": dict(decision.values), "received_at": decision.received}
    identifier = _added(connection, insert(t.decisions), row | when)
    take_back(connection, decision, identifier, when)
    return identifier


def _all_added(connection: Connection, table: Table, rows: Sequence[dict[str, object]]) -> list[int]:
    """Their ids, in order. A database that cannot tell them of many rows at once is asked row by row."""
    if not rows:
        return []
    if not connection.dialect.insert_executemany_returning_sort_by_parameter_order:
        return [_added(connection, insert(table), row) for row in rows]
    return list(connection.scalars(_returning(table), rows))


@functools.cache
def _returning(table: Table) -> Any:
    return insert(table).returning(table.c.id, sort_by_parameter_order=True)


def _added(connection: Connection, statement: Insert, row: dict[str, object]) -> int:
    key = connection.execute(statement, row).inserted_primary_key
    assert key is not None
    return int(key[0])


def _finding(judgement: int, position: int, finding: Finding) -> dict[str, object]:
    fields = {name: getattr(finding, name) for name in Finding.__dataclass_fields__}
    return {"judgement_id": judgement, "position": position, **fields}


def _explained(connection: Connection, submission_id: int, every: Sequence[Explanation], when: dict[str, object]) -> None:
    """What the file explains; an explanation that was recorded of it before is not written again."""
    e = t.explanations.c
    columns = (e.rule, e.indicator, e.bound, e.compared, e.text)
    known = [tuple(old) for old in connection.execute(select(*columns).where(e.submission_id == submission_id))]
    for one in every:
        row = (one.rule, one.indicator, dict(one.values), one.compared, one.text)
        if row not in known:
            named = dict(zip((column.name for column in columns), row, strict=True))
            place = {"submission_id": submission_id, "district": one.district, "period": one.period, "by": one.by}
            connection.execute(insert(t.explanations), {**named, **place, **when})
