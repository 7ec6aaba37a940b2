"""Whether a database file is a sound ledger of ours, asked of SQLite itself before anything else opens it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import SQLAlchemyError

from pipeline.ledger.condition import condition
from pipeline.ledger.store import LedgerUnavailable, open_ledger, sqlite_url
from pipeline.ledger.tables import metadata
from pipeline.model.errors import LedgerTrouble

_NAMES = ("SELECT name FROM products", "SELECT district FROM templates")
"""What the ledger says that becomes the name of a file."""
_STRANGE = "SELECT sha256 FROM submissions WHERE sha256 NOT IN (SELECT sha256 FROM originals)"


def originals_in(database: Path) -> dict[str, int]:
    """sha256 → size in bytes of every file that the ledger was made from.

    Raises LedgerTrouble: ``damaged``, also where it is none of ours or would have files written or read elsewhere; ``newer``.
    """
    damaged = LedgerTrouble("damaged", str(database))
    try:
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=rw", uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema=OFF")
            if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",) or connection.execute(_STRANGE).fetchone():
                raise damaged
            names = {name for query in _NAMES for (name,) in connection.execute(query)}
            found = dict(connection.execute("SELECT sha256, size FROM originals").fetchall())
    except (sqlite3.Error, UnicodeError, OverflowError) as error:
        raise damaged from error
    if not all(_is_name(name) for name in (*names, *found)):
        raise damaged
    try:
        revision = condition(sqlite_url(database)).revision
    except LedgerUnavailable as error:
        raise damaged from error
    if revision is None:
        raise damaged
    return found


def _is_name(text: object) -> bool:
    """Of a file, in whatever folder: it leads nowhere else."""
    return isinstance(text, str) and text not in ("", ".", "..") and not set(text) & set("/\\:\0")


def migrate(database: Path, originals: Path) -> None:
    """Bring a ledger to the tables of this version. Raises LedgerTrouble: ``damaged`` where that cannot be done, or does not give
    them."""
    try:
        with open_ledger(sqlite_url(database), originals) as ledger, ledger.reading() as connection:
            complete = _complete(connection)
    except (SQLAlchemyError, CommandError, LedgerUnavailable) as error:
        raise LedgerTrouble("damaged", str(database)) from error
    if not complete:
        raise LedgerTrouble("damaged", str(database))


def _complete(connection: Connection) -> bool:
    """Whether every table is there with every column."""
    there = inspect(connection)
    found = {name: {column["name"] for column in there.get_columns(name)} for name in there.get_table_names()}
    return all({column.name for column in table.columns} <= found.get(table.name, set()) for table in metadata.sorted_tables)
