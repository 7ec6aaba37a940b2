"""The database behind the ledger: one schema however it is made, opened by many at once, its troubles told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import ProgrammingError

from pipeline.ledger.database import alembic_config, open_engine, prepare
from pipeline.ledger.store import Ledger, LedgerUnavailable, open_ledger, sqlite_url
from pipeline.ledger.tables import REVISION, metadata
from pipeline.model.errors import LedgerTrouble
from tests.support import postgres
from tests.support.command import annex2

New = Callable[[], str]
"""The address of an empty database."""

ADD = "insert into originals values (:sha256, 1, '2025-01-01')"


@pytest.fixture(params=["sqlite", "postgresql"])
def new(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[New]:
    """Empty databases of each kind in turn."""
    made: list[str] = []

    def make() -> str:
        file = tmp_path / f"{len(made)}.db"
        made.append(postgres.schema() if request.param == "postgresql" else str(sqlite_url(file)))
        return made[-1]

    yield make
    for url in made if request.param == "postgresql" else ():
        postgres.drop(url)


@pytest.fixture
def ledger(tmp_path: Path, new: New) -> Iterator[Ledger]:
    with open_ledger(new(), tmp_path / "originals") as ledger:
        yield ledger


@pytest.fixture
def migrated(new: New) -> Iterator[Engine]:
    """An empty database taken through every migration."""
    engine = open_engine(new())
    with engine.execution_options(writes=True).begin() as connection:
        command.upgrade(alembic_config(connection), "head")
    yield engine
    engine.dispose()


def described(engine: Engine) -> dict[str, Any]:
    """Everything the database says of its tables."""
    inspector = inspect(engine)
    return {
        table: (
            [(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in inspector.get_columns(table)],
            inspector.get_pk_constraint(table)["constrained_columns"],
            sorted((k["name"], k["constrained_columns"], k["referred_table"]) for k in inspector.get_foreign_keys(table)),
            sorted((i["name"], i["column_names"], i["unique"]) for i in inspector.get_indexes(table)),
            sorted((u["name"], u["column_names"]) for u in inspector.get_unique_constraints(table)),
        )
        for table in inspector.get_table_names()
    }


def revision_of(engine: Engine) -> str | None:
    with engine.connect() as connection:
        found: str | None = connection.execute(text("select version_num from alembic_version")).scalar()
        return found


# --- one schema however it is made


def test_the_created_schema_is_the_migrated_one(ledger: Ledger, migrated: Engine) -> None:
    assert described(ledger.engine) == described(migrated)
    assert revision_of(ledger.engine) == revision_of(migrated) == REVISION


def test_alembic_finds_nothing_to_migrate(migrated: Engine) -> None:
    with migrated.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_the_tables_stand_for_the_last_migration(ledger: Ledger) -> None:
    with ledger.reading() as connection:
        assert ScriptDirectory.from_config(alembic_config(connection)).get_heads() == [REVISION]


def test_a_ledger_of_an_earlier_revision_is_migrated(new: New) -> None:
    """Stamped as the state before the first table: opening it runs every migration."""
    engine = open_engine(new())
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(text("create table alembic_version (version_num varchar(32) not null primary key)"))
    prepare(engine)
    assert revision_of(engine) == REVISION
    assert set(metadata.tables) <= set(described(engine))
    engine.dispose()


def count(connection: Connection) -> int:
    return int(connection.scalar(text("select count(*) from originals")) or 0)


def test_opening_twice_changes_nothing(tmp_path: Path, new: New) -> None:
    url = new()
    with open_ledger(url, tmp_path / "originals") as first, first.writing() as connection:
        connection.execute(text(ADD), {"sha256": "0" * 64})
    with open_ledger(url, tmp_path / "originals") as again, again.reading() as connection:
        assert count(connection) == 1


def test_many_may_open_a_new_ledger_at_once(tmp_path: Path, new: New) -> None:
    url, opened = new(), list[int]()

    def _open() -> None:
        with open_ledger(url, tmp_path / "originals") as ledger, ledger.reading() as connection:
            opened.append(count(connection))

    several = [threading.Thread(target=_open) for _ in range(6)]
    for one in several:
        one.start()
    for one in several:
        one.join()
    assert opened == [0] * 6


def test_a_ledger_of_a_newer_program_is_left_alone(tmp_path: Path, new: New) -> None:
    (tmp_path / "inbox").mkdir()
    url = new()
    with open_ledger(url, tmp_path / "originals") as ledger, ledger.writing() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    done = annex2("run", folder=tmp_path, ANNEX2_LEDGER__URL=url)
    assert (done.status, done.said.splitlines()[1:]) == (2, ["请先升级本机的程序再运行。"])


# --- while others write


def test_within_a_look_at_the_ledger_it_stands_still(ledger: Ledger) -> None:
    with ledger.reading() as connection:
        before = count(connection)
        with ledger.writing() as other:
            other.execute(text(ADD), {"sha256": "0" * 64})
        assert count(connection) == before
    with ledger.reading() as connection:
        assert count(connection) == before + 1


# --- troubles


@pytest.mark.parametrize("name", ["a b", "50%", "甲?乙", "c#d", "e&f=g"])
def test_a_path_may_hold_any_sign(tmp_path: Path, name: str) -> None:
    path = tmp_path / name / "ledger.db"
    open_ledger(sqlite_url(path), tmp_path / "originals")
    assert path.is_file()


@pytest.mark.parametrize("url", ["nonsense", "nodatabase://here/x", "sqlite:////proc/nowhere/ledger.db"])
def test_a_database_that_cannot_be_opened_is_told(tmp_path: Path, url: str) -> None:
    with pytest.raises(LedgerUnavailable):
        open_ledger(url, tmp_path / "originals")


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"no database at all, but long enough to be looked at" * 100)
    with pytest.raises(LedgerUnavailable, match=r"ledger\.db"):
        open_ledger(sqlite_url(tmp_path / "ledger.db"), tmp_path / "originals")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Ledger]:
    url = postgres.schema()
    with open_ledger(url, tmp_path / "originals") as ledger:
        yield ledger
    postgres.drop(url)


def ended(ledger: Ledger, connection: Connection) -> None:
    """The server ends the connection."""
    process = connection.scalar(text("select pg_backend_pid()"))
    with ledger.writing() as other:
        other.execute(text("select pg_terminate_backend(:process)"), {"process": process})


def read_only(_: Ledger, connection: Connection) -> None:
    connection.execute(text("set transaction read only"))


@pytest.mark.parametrize(("trouble", "problem"), [(ended, "unreachable"), (read_only, "unwritable")])
def test_what_keeps_a_server_from_its_work_is_told(
    server: Ledger, trouble: Callable[[Ledger, Connection], None], problem: str
) -> None:
    def _write() -> None:
        with server.writing() as connection:
            trouble(server, connection)
            connection.execute(text(ADD), {"sha256": "0" * 64})

    with pytest.raises(LedgerTrouble) as told:
        _write()
    assert told.value.problem == problem


def test_a_server_that_has_gone_is_told_without_the_password(tmp_path: Path) -> None:
    gone = Ledger(open_engine("postgresql+psycopg://clerk:secret@127.0.0.1:1/annex2"), tmp_path)
    with pytest.raises(LedgerTrouble) as told, gone.reading():
        pass
    assert (told.value.problem, "secret" in told.value.ledger) == ("unreachable", False)


def test_a_mistake_of_the_program_is_none_of_the_server(server: Ledger) -> None:
    with pytest.raises(ProgrammingError), server.reading() as connection:
        connection.execute(text("select nothing from nowhere"))
