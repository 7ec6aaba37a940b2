"""The ledger opened. What is written is in ``records``, what checks ask of it in ``lookup``, what outputs show in ``picture``."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from pipeline.ledger.database import alone, open_engine, prepare, trouble
from pipeline.model.account import account
from pipeline.model.errors import LedgerTrouble


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
        """Raises LedgerTrouble."""
        with _trouble_told(self.engine.url), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it or nothing. Raises LedgerTrouble."""
        with _trouble_told(self.engine.url), self.engine.execution_options(writes=True).begin() as connection:
            yield connection
        account().changed = True


@contextmanager
def held(url: str | URL, seconds: float, name: str = "annex2") -> Iterator[None]:
    """The ledger at ``url`` for one writer alone, whatever machine the others are on: what is judged together stays together.
    Another ``name`` is another lock.

    Raises TimeoutError when another has it for longer, LedgerUnavailable when it cannot be reached.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(alone(make_url(url), seconds, name))
        except TimeoutError:
            raise
        except (DBAPIError, ArgumentError, ImportError, OSError) as error:
            raise _unavailable(url) from error
        yield


@contextmanager
def _trouble_told(address: URL) -> Iterator[None]:
    """What keeps the database from its work becomes LedgerTrouble, with the address without a password."""
    try:
        yield
    except DBAPIError as error:
        if problem := trouble(error):
            raise LedgerTrouble(problem, address.render_as_string(hide_password=True)) from error
        raise


def sqlite_url(database: Path) -> URL:
    """The address of a database file, whatever signs its path holds."""
    return URL.create("sqlite", database=str(database))


def database_file(url: str | URL) -> Path | None:
    """The file of a database of SQLite, None for one on a server. Raises LedgerUnavailable for what is no address."""
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise _unavailable(url) from error
    return Path(address.database or "") if address.get_backend_name() == "sqlite" else None


def open_ledger(url: str | URL, originals: Path) -> Ledger:
    """The ledger at ``url``, created or migrated as needed. Raises LedgerUnavailable, and LedgerTrouble where it exists."""
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite" and address.database:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        engine = open_engine(address)
        with _trouble_told(address):
            prepare(engine)
    except (DBAPIError, ArgumentError, ImportError, OSError) as error:
        raise _unavailable(url) from error
    originals.mkdir(parents=True, exist_ok=True)
    return Ledger(engine, originals)


def _unavailable(url: str | URL) -> LedgerUnavailable:
    return LedgerUnavailable(address_shown(url))


def address_shown(url: str | URL) -> str:
    """The address without the password, also where it is none."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return re.sub(r"(?<=://).*@", "***@", str(url))


def empty_ledger() -> Ledger:
    """A ledger that holds nothing and is written nowhere: for commands that only look, before there is one."""
    engine = open_engine("sqlite://")
    prepare(engine)
    return Ledger(engine, Path(os.devnull))
