"""The ledger: the append-only record, written here. What checks ask of it is in ``lookup``, what outputs show in ``picture``."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, Insert, bindparam, insert, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from pipeline.ledger import tables as t
from pipeline.ledger.database import open_engine, prepare
from pipeline.model import Finding, Status, Submission

# Statements are made once: a run posts a thousand returns.
_ORIGINAL = select(t.originals.c.size).where(t.originals.c.sha256 == bindparam("hash"))
_IN_FORCE = (
    select(t.versions.c.id, t.versions.c.number)
    .where(t.versions.c.district == bindparam("place_district"), t.versions.c.period == bindparam("place_period"))
    .order_by(t.versions.c.number.desc())
    .limit(1)
)
_VALUES = select(t.observations.c.indicator, t.observations.c.value).where(t.observations.c.version_id == bindparam("version"))
_ADD_ORIGINAL, _ADD_SUBMISSION, _ADD_JUDGEMENT = insert(t.originals), insert(t.submissions), insert(t.judgements)
_ADD_FINDING, _ADD_VERSION, _ADD_OBSERVATION = insert(t.findings), insert(t.versions), insert(t.observations)


class LedgerUnavailable(Exception):
    """The database cannot be opened; the text is its address without a password."""


@dataclass(frozen=True)
class Ledger:
    """``originals`` is the folder of files as sent, each under its sha256."""

    engine: Engine
    originals: Path

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        """Close every connection: SQLite then leaves no files of its own beside the database."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it or nothing."""
        with self.engine.execution_options(writes=True).begin() as connection:
            yield connection

    @contextmanager
    def posting(self) -> Iterator[Connection]:
        """One connection for many transactions, each of which its user begins."""
        with self.engine.execution_options(writes=True).connect() as connection:
            yield connection


def sqlite_url(database: Path) -> URL:
    """The address of a database file, whatever signs its path holds."""
    return URL.create("sqlite", database=str(database))


def open_ledger(url: str | URL, originals: Path) -> Ledger:
    """The ledger at ``url``, created or migrated as needed. Raises LedgerUnavailable."""
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite" and address.database:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        engine = open_engine(address)
        prepare(engine)
    except (DBAPIError, ArgumentError, ImportError, OSError) as error:
        shown = str(url) if isinstance(error, ArgumentError) else address.render_as_string(hide_password=True)
        raise LedgerUnavailable(shown) from error
    originals.mkdir(parents=True, exist_ok=True)
    return Ledger(engine, originals)


def empty_ledger() -> Ledger:
    """A ledger that holds nothing and is written nowhere: for commands that only look, before there is one."""
    engine = open_engine("sqlite://")
    prepare(engine)
    return Ledger(engine, Path(os.devnull))


def keep_originals(ledger: Ledger, files: Sequence[tuple[Path, str]]) -> set[Path]:
    """Copy files into the originals under their sha256, safely on disk before they are named; the files that were kept.

    A file whose bytes are not those of its hash any more is left out.
    """
    kept = {source for source, sha256 in files if _keep(ledger.originals, source, sha256)}
    _sync_folder(ledger.originals)
    return kept


def _keep(originals: Path, source: Path, sha256: str) -> bool:
    target = originals / sha256
    try:
        content = source.read_bytes()
    except OSError:  # gone, or locked by the program that wrote it
        return False
    if hashlib.sha256(content).hexdigest() != sha256:
        return False
    if target.exists() and target.stat().st_size == len(content):
        return True
    handle, name = tempfile.mkstemp(dir=originals, suffix=".part")
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    Path(name).replace(target)
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


def post(connection: Connection, submission: Submission, arrival: str, now: dt.datetime, rules_version: str) -> int:
    """Write one submission with its judgement, findings and, if accepted with new values, its version. The judgement's id.

    The caller holds the transaction and has kept the original.
    """
    sha256 = submission.reading.sha256
    if connection.execute(_ORIGINAL, {"hash": sha256}).first() is None:
        connection.execute(_ADD_ORIGINAL, {"sha256": sha256, "size": submission.reading.size, "kept_at": now})
    sent = {"arrival": arrival, "sha256": sha256, "file": submission.reading.file, "received_at": submission.received}
    identifier = _added(connection, _ADD_SUBMISSION, sent | {"recorded_at": now})
    judgement = _judgement(connection, identifier, submission, now, rules_version)
    if submission.status is Status.ACCEPTED:
        _version(connection, judgement, submission, now)
    return judgement


def _added(connection: Connection, statement: Insert, row: dict[str, object]) -> int:
    key = connection.execute(statement, row).inserted_primary_key
    assert key is not None
    return int(key[0])


def _judgement(connection: Connection, submission_id: int, submission: Submission, now: dt.datetime, rules_version: str) -> int:
    row: dict[str, object] = {
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
    judgement = _added(connection, _ADD_JUDGEMENT, row)
    if submission.findings:
        connection.execute(_ADD_FINDING, [_finding(judgement, position, f) for position, f in enumerate(submission.findings)])
    return judgement


def _finding(judgement: int, position: int, finding: Finding) -> dict[str, object]:
    fields = {name: getattr(finding, name) for name in Finding.__dataclass_fields__}
    return {"judgement_id": judgement, "position": position, **fields}


def _version(connection: Connection, judgement: int, submission: Submission, now: dt.datetime) -> None:
    """A new version, unless the values in force are the same already."""
    place = {"place_district": submission.district, "place_period": submission.period}
    in_force = connection.execute(_IN_FORCE, place).first()
    values = {entry.indicator: entry.value for entry in submission.entries}
    if in_force and values == {row.indicator: row.value for row in connection.execute(_VALUES, {"version": in_force.id})}:
        return
    assert submission.table is not None
    number = in_force.number + 1 if in_force else 1
    row = {"judgement_id": judgement, "district": submission.district, "period": submission.period, "number": number}
    version = _added(connection, _ADD_VERSION, row | {"recorded_at": now})
    sheet = submission.table.sheet
    rows = [
        {"version_id": version, "indicator": e.indicator, "value": e.value, "sheet": sheet, "cell": e.cell}
        for e in submission.entries
    ]
    connection.execute(_ADD_OBSERVATION, rows)
