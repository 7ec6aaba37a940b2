"""The ledger opened. What is written is in ``records``, what checks ask of it in ``lookup``, what outputs show in ``picture``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from pipeline.ledger.database import open_engine, prepare


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
