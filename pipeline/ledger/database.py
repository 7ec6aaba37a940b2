"""The database behind the ledger: opened, created or migrated."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from pipeline.ledger.tables import REVISION, metadata
from pipeline.model.errors import LedgerTrouble

MIGRATIONS = Path(__file__).with_name("migrations")
PAUSE = 0.2  # seconds between two looks at whether the ledger is free
BUSY_SECONDS = 30  # how long another program may hold the database

_SQLITE_TROUBLES = {
    "SQLITE_BUSY": "locked",
    "SQLITE_LOCKED": "locked",
    "SQLITE_FULL": "full",
    "SQLITE_READONLY": "unwritable",
    "SQLITE_CANTOPEN": "unwritable",
    "SQLITE_IOERR": "broken",
    "SQLITE_CORRUPT": "damaged",
}

_SQLSTATE_TROUBLES = {
    "08": "unreachable",  # two digits: every state of the class
    "57": "unreachable",
    "57014": "locked",
    "53100": "full",
    "53": "unreachable",
    "25006": "unwritable",
    "42501": "unwritable",
    "40P01": "locked",
    "55P03": "locked",
    "58": "broken",
    "XX001": "damaged",
    "XX002": "damaged",
}
"""PostgreSQL, appendix A of its manual."""


def trouble(error: DBAPIError) -> str | None:
    """What about its surroundings keeps the database from its work (LedgerTrouble); None for a mistake of the program."""
    name = getattr(error.orig, "sqlite_errorname", "")  # SQLITE_IOERR_WRITE and the like have their kind first
    state = getattr(error.orig, "sqlstate", "")  # None before there is a connection that could give one
    kind = _SQLITE_TROUBLES.get("_".join(name.split("_")[:2]))
    kind = kind or _SQLSTATE_TROUBLES.get(state or "", _SQLSTATE_TROUBLES.get((state or "")[:2]))
    lost = error.connection_invalidated or (state is None and isinstance(error, OperationalError))
    return kind or ("unreachable" if lost else None)


def open_engine(url: str | URL) -> Engine:
    """An engine for the ledger's URL.

    Within one transaction the ledger stands still, whoever writes meanwhile. SQLite writes ahead and syncs every commit, and
    takes its write lock when a transaction begins. While it ``remakes`` tables it must not miss the rows that others refer to.
    """
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, isolation_level="REPEATABLE READ")
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _configure(connection: object, _record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]  # the begin event below begins, not the driver
        cursor = connection.cursor()  # type: ignore[attr-defined]
        _write_ahead(cursor)
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        connection.exec_driver_sql(f"PRAGMA foreign_keys={'OFF' if options.get('remakes') else 'ON'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")

    return engine


def _write_ahead(cursor: Any) -> None:
    """Change a new database to writing ahead. SQLite does not wait for another program that is doing the same, it refuses."""
    until = time.monotonic() + BUSY_SECONDS
    while cursor.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(PAUSE)


@contextmanager
def alone(address: URL, seconds: float, name: str) -> Iterator[None]:
    """One process at a time has the lock of this name: a file beside a SQLite database, a lock of the server elsewhere.

    Raises TimeoutError.
    """
    if address.get_backend_name() == "sqlite":
        with FileLock(f"{address.database}.{name}.lock", timeout=seconds):  # its Timeout is a TimeoutError
            yield
        return
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            until = time.monotonic() + seconds
            lock = text("SELECT pg_try_advisory_lock(hashtext(:name), hashtext(current_schema()))")
            while not connection.scalar(lock, {"name": name}):
                if time.monotonic() > until:
                    raise TimeoutError(address.render_as_string(hide_password=True))
                time.sleep(PAUSE)
            yield
    finally:
        engine.dispose()  # the lock goes with the connection


def prepare(engine: Engine) -> None:
    """Create the tables in an empty database and stamp them, or migrate an older ledger. Raises LedgerTrouble for a newer one."""
    with _changing(engine) as connection:
        if not inspect(connection).has_table("alembic_version"):
            metadata.create_all(connection)
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
            connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": REVISION})
        elif (known := connection.scalar(text("SELECT version_num FROM alembic_version"))) != REVISION:
            _upgrade(connection, known)


@contextmanager
def _changing(engine: Engine) -> Iterator[Connection]:
    """A transaction in which no other program makes or migrates the tables."""
    if engine.dialect.name == "sqlite":
        with engine.execution_options(writes=True, remakes=True).begin() as connection:
            yield connection
        return
    with engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:  # sees what was made while it waited
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('annex2 tables'), hashtext(current_schema()))"))
        yield connection


def _upgrade(connection: Connection, known: str | None) -> None:
    from alembic import command

    if known and known not in known_revisions(connection):
        raise LedgerTrouble("newer", connection.engine.url.render_as_string(hide_password=True))
    command.upgrade(alembic_config(connection), "head")


def known_revisions(connection: Connection) -> set[str]:
    """The migrations of this version."""
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(alembic_config(connection)).walk_revisions()}


def alembic_config(connection: Connection):  # type: ignore[no-untyped-def]  # alembic is imported where it is used
    """alembic's configuration for a connection that is already open."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
