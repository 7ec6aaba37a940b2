"""The ledger: the append-only record. What is written is written here; what checks ask is in ``lookup``, what outputs show in ``picture``."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.engine import make_url

from pipeline.ledger import tables as t
from pipeline.ledger.database import open_engine, prepare
from pipeline.model import Finding, Status, Submission


@dataclass(frozen=True)
class Ledger:
    """``originals`` is the folder of files as sent, each under its sha256."""

    engine: Engine
    originals: Path

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it or nothing."""
        with self.engine.execution_options(writes=True).begin() as connection:
            yield connection


def open_ledger(url: str, originals: Path) -> Ledger:
    """The ledger at ``url``, created or migrated as needed."""
    database = make_url(url).database
    if url.startswith("sqlite") and database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    originals.mkdir(parents=True, exist_ok=True)
    engine = open_engine(url)
    prepare(engine)
    return Ledger(engine, originals)


def empty_ledger() -> Ledger:
    """A ledger that holds nothing and is written nowhere: for commands that only look, before there is one."""
    engine = open_engine("sqlite://")
    prepare(engine)
    return Ledger(engine, Path(os.devnull))


def keep_original(ledger: Ledger, source: Path, sha256: str) -> bool:
    """Copy a file into the originals under its sha256, safely on disk before it is named. False if its bytes are not these any more."""
    target = ledger.originals / sha256
    content = source.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        return False
    if target.exists() and target.stat().st_size == len(content):
        return True
    handle, name = tempfile.mkstemp(dir=ledger.originals, suffix=".part")
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    Path(name).replace(target)
    _sync_folder(ledger.originals)
    return True


def _sync_folder(folder: Path) -> None:
    """Make a rename last; Windows has no such call and needs none."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def known_arrivals(connection: Connection, arrivals: list[str]) -> set[str]:
    """Which of these arrivals are in the ledger already: an earlier run was stopped before it could clear the inbox."""
    found: set[str] = set()
    for start in range(0, len(arrivals), 500):
        part = arrivals[start : start + 500]
        found |= set(connection.scalars(select(t.submissions.c.arrival).where(t.submissions.c.arrival.in_(part))))
    return found


def post(connection: Connection, submission: Submission, arrival: str, now: dt.datetime, rules_version: str) -> int | None:
    """Write one submission with its judgement, findings and, if accepted with new values, its version. The version's number, if any.

    The caller holds the transaction and has kept the original.
    """
    sha256 = submission.reading.sha256
    if connection.execute(select(t.originals.c.size).where(t.originals.c.sha256 == sha256)).first() is None:
        connection.execute(insert(t.originals).values(sha256=sha256, size=submission.reading.size, kept_at=now))
    sent = {"arrival": arrival, "sha256": sha256, "file": submission.reading.file, "received_at": submission.received}
    identifier = connection.execute(insert(t.submissions).values(**sent, recorded_at=now)).inserted_primary_key
    assert identifier is not None
    judgement = _judgement(connection, identifier[0], submission, now, rules_version)
    if submission.status is not Status.ACCEPTED:
        return None
    return _version(connection, judgement, submission, now)


def _judgement(connection: Connection, submission_id: int, submission: Submission, now: dt.datetime, rules_version: str) -> int:
    row = {
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
    key = connection.execute(insert(t.judgements).values(**row)).inserted_primary_key
    assert key is not None
    if submission.findings:
        rows = [_finding(key[0], position, finding) for position, finding in enumerate(submission.findings)]
        connection.execute(insert(t.findings), rows)
    return int(key[0])


def _finding(judgement: int, position: int, finding: Finding) -> dict[str, object]:
    fields = {name: getattr(finding, name) for name in Finding.__dataclass_fields__}
    return {"judgement_id": judgement, "position": position, **fields}


def _version(connection: Connection, judgement: int, submission: Submission, now: dt.datetime) -> int | None:
    """A new version, unless the values in force are the same already."""
    in_force = current_version(connection, str(submission.district), submission.period)
    values = {entry.indicator: entry.value for entry in submission.entries}
    if in_force and _values(connection, in_force[0]) == values:
        return None
    number = in_force[1] + 1 if in_force else 1
    row = {"judgement_id": judgement, "district": submission.district, "period": submission.period, "number": number}
    key = connection.execute(insert(t.versions).values(**row, recorded_at=now)).inserted_primary_key
    assert key is not None and submission.table is not None
    sheet = submission.table.sheet
    rows = [{"version_id": key[0], "indicator": e.indicator, "value": e.value, "sheet": sheet, "cell": e.cell} for e in submission.entries]
    connection.execute(insert(t.observations), rows)
    return number


def current_version(connection: Connection, district: str, period: dt.date | None) -> tuple[int, int] | None:
    """(id, number) of the version in force."""
    place = (t.versions.c.district == district) & (t.versions.c.period == period)
    query = select(t.versions.c.id, t.versions.c.number).where(place).order_by(t.versions.c.number.desc()).limit(1)
    row = connection.execute(query).first()
    return (row.id, row.number) if row else None


def _values(connection: Connection, version: int) -> dict[str, int]:
    query = select(t.observations.c.indicator, t.observations.c.value).where(t.observations.c.version_id == version)
    return {row.indicator: row.value for row in connection.execute(query)}
