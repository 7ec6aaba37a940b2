"""The state a ledger's database is in, looked at without changing, making or migrating anything."""

from __future__ import annotations

import datetime as dt
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, NullPool, create_engine, func, inspect, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from pipeline.ledger import tables as t
from pipeline.ledger.database import known_revisions, trouble
from pipeline.ledger.store import LedgerUnavailable, address_shown
from pipeline.ledger.tables import REVISION
from pipeline.model.errors import LedgerTrouble

WAIT = 5
"""Seconds for a connection, and for another program to let go of the database."""
STEPS = 100_000
"""SQLite's steps between two looks at the clock."""
TIMES = (t.originals.c.kept_at, t.entries.c.recorded_at, t.templates.c.made_at)


@dataclass(frozen=True)
class Condition:
    """``revision`` is that of the tables, None where there are none; ``older`` than this version's: the next run migrates it.

    ``last`` is the newest time in the ledger, ``originals`` the sha256 of every file it was made from. ``unfinished``: there was
    no time to look through all of it.
    """

    address: str
    revision: str | None = None
    older: bool = False
    submissions: int = 0
    last: dt.datetime | None = None
    originals: frozenset[str] = frozenset()
    unfinished: bool = False


def condition(url: str | URL, seconds: float = 0) -> Condition:
    """The condition of the database at ``url``; one of SQLite is looked through for that long, 0 for not at all.

    Raises LedgerUnavailable when it cannot be opened, LedgerTrouble for a damaged or a newer one and whatever keeps it from
    answering.
    """
    try:
        address = make_url(url)
        engine = _engine(address)
    except (ArgumentError, ImportError) as error:
        raise LedgerUnavailable(address_shown(url)) from error
    try:
        with engine.connect() as connection:
            return _condition(connection, address_shown(address), seconds)
    except DBAPIError as error:
        if problem := trouble(error):
            raise LedgerTrouble(problem, address_shown(address)) from error
        raise LedgerUnavailable(address_shown(address)) from error
    finally:
        engine.dispose()


def _engine(address: URL) -> Engine:
    """SQLite would make a file that is not there; a server that is not there would be waited for."""
    if address.get_backend_name() != "sqlite":
        waiting = {"connect_timeout": WAIT} if address.get_backend_name() == "postgresql" else {}
        return create_engine(address, connect_args=waiting, poolclass=NullPool)
    file = f"{Path(address.database or '').resolve().as_uri()}?mode=rw"  # mode=ro leaves files of its own behind
    return create_engine("sqlite://", creator=lambda: sqlite3.connect(file, timeout=WAIT, uri=True), poolclass=NullPool)


def _condition(connection: Connection, shown: str, seconds: float) -> Condition:
    unfinished = seconds > 0 and connection.dialect.name == "sqlite" and not _looked_through(connection, shown, seconds)
    if not inspect(connection).has_table("alembic_version"):
        return Condition(shown, unfinished=unfinished)
    revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if revision != REVISION:
        if revision not in known_revisions(connection):
            raise LedgerTrouble("newer", shown)
        return Condition(shown, revision, older=True, unfinished=unfinished)
    times = [connection.scalar(select(func.max(column))) for column in TIMES]
    submissions = connection.scalar(select(func.count()).select_from(t.submissions)) or 0
    originals = frozenset(connection.scalars(select(t.originals.c.sha256)))
    return Condition(shown, revision, False, submissions, max(filter(None, times), default=None), originals, unfinished)


def _looked_through(connection: Connection, shown: str, seconds: float) -> bool:
    """Whether SQLite's own check came to its end. Raises LedgerTrouble when it found something."""
    until = time.monotonic() + seconds
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.set_progress_handler(lambda: time.monotonic() > until, STEPS)
    try:
        found = connection.exec_driver_sql("PRAGMA quick_check").scalars().all()
    except OperationalError as error:
        if getattr(error.orig, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
            return False
        raise
    finally:
        driver.set_progress_handler(None, 0)
    if found != ["ok"]:
        raise LedgerTrouble("damaged", shown)
    return True
