"""The ledger: append-only, versions numbered, every question answered by key, on each kind of database."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from pipeline.ledger import lookup, publications
from pipeline.ledger import period_view as picture
from pipeline.ledger.entries import LedgerEntry
from pipeline.ledger.originals import TOGETHER, keep_originals
from pipeline.ledger.records import Posting, register_originals, standing
from pipeline.ledger.store import Ledger, empty_ledger, open_ledger, sqlite_url
from pipeline.ledger.tables import metadata
from pipeline.model import Entry, Finding, Reading, Status, Submission, Table
from pipeline.processes.pool import start_workers
from schemas.programme import Programme

TIME = dt.datetime(2025, 4, 3, 2, 0, tzinfo=dt.UTC)
PERIODS = [dt.date(2024, 6, 30), dt.date(2024, 9, 30), dt.date(2024, 12, 31)]


SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def ledger(tmp_path: Path, database: str) -> Iterator[Ledger]:
    """An empty one in each kind of database."""
    url = os.environ["ANNEX2_LEDGER__URL"] if database == "postgresql" else sqlite_url(tmp_path / "ledger.db")
    with open_ledger(url, tmp_path / "originals") as ledger:
        yield ledger


def submission(
    programme: Programme, district: str, period: dt.date, *values: int, status: Status = Status.ACCEPTED
) -> Submission:
    """A judged return; its bytes are its place and values."""
    columns = tuple((indicator, column) for column, indicator in enumerate(programme.indicator_ids, 3))
    entries = tuple(Entry(i, 7, column, str(v), v) for (i, column), v in zip(columns, values, strict=True))
    sha256 = f"{district}{period}{values}".encode().hex().ljust(64, "0")[-64:]
    finding = Finding("C06", "error", "…", "…", indicator=programme.indicator_ids[0])
    return Submission(
        Reading(f"{district}.xlsx", sha256, 100),
        status,
        TIME,
        district,
        period,
        Table("附件2", 5, (), None, columns),
        entries,
        () if status is Status.ACCEPTED else (finding,),
    )


def add(ledger: Ledger, *submissions: Submission) -> None:
    for one in submissions:
        with ledger.writing() as connection:
            count = connection.execute(text("select count(*) from submissions")).scalar()
            post(connection, one, f"{count}")


def post(connection: Connection, one: Submission, arrival: str) -> None:
    register_originals(connection, [(one.reading.sha256, one.reading.size)], TIME)
    posting = Posting(connection, LedgerEntry(TIME), "1", standing(connection, one.period))
    posting.add(one, arrival)
    posting.finish()


def ask(ledger: Ledger, query: str) -> list[tuple[Any, ...]]:
    with ledger.reading() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


@SQLITE
def test_sqlite_writes_ahead_and_syncs(ledger: Ledger) -> None:
    pragmas = [ask(ledger, f"pragma {name}")[0][0] for name in ("journal_mode", "synchronous", "foreign_keys")]
    assert pragmas == ["wal", 2, 1]


def test_an_empty_ledger_is_written_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with empty_ledger().reading() as connection:
        assert publications.editions(connection) == []
    assert list(tmp_path.iterdir()) == []


# --- append-only


@pytest.fixture
def statements(ledger: Ledger) -> Iterator[list[str]]:
    """Every statement the engine is given from here on."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(ledger.engine, "before_cursor_execute", note)
    yield seen
    event.remove(ledger.engine, "before_cursor_execute", note)


def test_versions_are_numbered_and_earlier_ones_stay(ledger: Ledger, programme: Programme) -> None:
    add(ledger, *(submission(programme, "鹿城区", PERIODS[0], 1, 2, 3, last) for last in (4, 5, 6)))
    query = "select number, value from versions v join observations o on o.version_id = v.id where indicator = 'institutes'"
    assert ask(ledger, query) == [(1, 4), (2, 5), (3, 6)]


def test_the_same_values_make_no_new_version(ledger: Ledger, programme: Programme) -> None:
    first = submission(programme, "鹿城区", PERIODS[0], 1, 2, 3, 4)
    other = submission(programme, "鹿城区", PERIODS[0], 1, 2, 3, 4)
    add(ledger, first, other)
    assert ask(ledger, "select count(*) from versions") == [(1,)]
    assert ask(ledger, "select count(*) from judgements") == [(2,)]


def test_values_that_come_back_are_a_version_again(ledger: Ledger, programme: Programme) -> None:
    add(ledger, *(submission(programme, "鹿城区", PERIODS[0], 1, 2, 3, last) for last in (4, 5, 4)))
    assert ask(ledger, "select max(number) from versions") == [(3,)]


@pytest.mark.parametrize("status", [status for status in Status if status not in (Status.ACCEPTED, Status.BASELINE)])
def test_only_accepted_returns_become_versions(ledger: Ledger, programme: Programme, status: Status) -> None:
    add(ledger, submission(programme, "鹿城区", PERIODS[0], 1, 2, 3, 4, status=status))
    assert ask(ledger, "select count(*) from versions") == [(0,)]
    assert ask(ledger, "select status, rule from judgements join findings on judgement_id = id") == [(status.value, "C06")]


def test_nothing_is_ever_updated_or_deleted(ledger: Ledger, programme: Programme, statements: list[str]) -> None:
    add(ledger, *(submission(programme, "鹿城区", PERIODS[0], 1, 2, 3, last) for last in (4, 5)))
    with ledger.writing() as connection:
        publications.record(connection, publications.editions(connection), "office")
    assert any(statement.startswith("INSERT INTO publications") for statement in statements)
    assert not [statement for statement in statements if re.match(r"\s*(UPDATE|DELETE|REPLACE|DROP|ALTER)", statement, re.I)]


def test_a_submission_is_written_whole_or_not_at_all(ledger: Ledger, programme: Programme) -> None:
    def _post_and_fail(connection: Connection) -> None:
        post(connection, submission(programme, "鹿城区", PERIODS[0], 1, 2, 3, 4), "1")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), ledger.writing() as connection:
        _post_and_fail(connection)
    assert [ask(ledger, f"select count(*) from {table}") for table in metadata.tables] == [[(0,)]] * len(metadata.tables)


# --- originals


def test_originals_are_kept_by_hash_and_told_when_they_changed(tmp_path: Path, ledger: Ledger) -> None:
    files = [tmp_path / name for name in ("a", "b", "gone")]
    hashes = []
    for path in files:
        path.write_bytes(path.name.encode())
        hashes.append(hashlib.sha256(path.name.encode()).hexdigest())
    files[1].write_bytes(b"changed")
    files[2].unlink()
    assert keep_originals(ledger, list(zip(files, hashes, strict=True))) == {files[0]}
    assert {path.name: path.read_bytes() for path in ledger.originals.iterdir()} == {hashes[0]: b"a"}


def test_many_originals_are_kept_by_workers_equal_ones_once(ledger: Ledger, programme: Programme, tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.xlsx" for number in range(3 * TOGETHER)]
    for number, file in enumerate(files):
        file.write_bytes(b"%d" % (number % (2 * TOGETHER)))
    hashed = [(file, hashlib.sha256(file.read_bytes()).hexdigest()) for file in files]
    files[-1].write_bytes(b"changed since it was read")
    with start_workers(2, programme) as workers:
        assert keep_originals(ledger, hashed, workers) == set(files[:-1])
    assert {path.name for path in ledger.originals.iterdir()} == {sha256 for _, sha256 in hashed}


def test_a_torn_original_is_written_again(tmp_path: Path, ledger: Ledger) -> None:
    (tmp_path / "a").write_bytes(b"whole")
    sha256 = hashlib.sha256(b"whole").hexdigest()
    (ledger.originals / sha256).write_bytes(b"who")
    keep_originals(ledger, [(tmp_path / "a", sha256)])
    assert (ledger.originals / sha256).read_bytes() == b"whole"


# --- neighbours and files seen before


def test_history_reaches_from_the_periods_before_to_the_next_one_after(ledger: Ledger, programme: Programme) -> None:
    add(ledger, *(submission(programme, "鹿城区", period, n, 2, 3, 4) for n, period in enumerate(PERIODS, 1)))
    add(ledger, submission(programme, "龙湾区", PERIODS[0], 9, 9, 9, 9))
    with ledger.reading() as connection:
        found = lookup.history(connection, ["鹿城区", "瓯海区"], PERIODS[1], PERIODS[1])
    assert found["瓯海区"] == {}
    assert {period: accepted.values["enterprises"] for period, accepted in found["鹿城区"].items()} == dict(
        zip(PERIODS, (1, 2, 3), strict=True)
    )


def test_history_holds_the_version_in_force(ledger: Ledger, programme: Programme) -> None:
    add(ledger, *(submission(programme, "鹿城区", PERIODS[0], 1, 2, 3, last) for last in (4, 5)))
    with ledger.reading() as connection:
        accepted = lookup.history(connection, ["鹿城区"], PERIODS[1], PERIODS[1])["鹿城区"][PERIODS[0]]
    assert (accepted.version, accepted.values["institutes"]) == (2, 5)


def test_seen_tells_what_became_of_the_same_bytes(ledger: Ledger, programme: Programme) -> None:
    first, second = (submission(programme, "鹿城区", PERIODS[0], 1, 2, 3, last) for last in (4, 5))
    back = submission(programme, "龙湾区", PERIODS[0], 7, 2, 3, 4, status=Status.RETURNED)
    add(ledger, first, second, back)
    with ledger.reading() as connection:
        found = lookup.seen(connection, [first.reading.sha256, back.reading.sha256, "f" * 64])
    (superseded,), (returned,) = found[first.reading.sha256], found[back.reading.sha256]
    assert set(found) == {first.reading.sha256, back.reading.sha256}
    assert (superseded.status, superseded.version, superseded.current) == (Status.ACCEPTED, 1, 2)
    assert (returned.status, returned.version, returned.district) == (Status.RETURNED, None, "龙湾区")
    assert superseded.received == TIME


def test_repeated_files_are_not_what_was_seen(ledger: Ledger, programme: Programme) -> None:
    first = submission(programme, "鹿城区", PERIODS[0], 1, 2, 3, 4)
    add(ledger, first, submission(programme, "鹿城区", PERIODS[0], 1, 2, 3, 4, status=Status.DUPLICATE))
    with ledger.reading() as connection:
        assert [one.status for one in lookup.seen(connection, [first.reading.sha256])[first.reading.sha256]] == [Status.ACCEPTED]


def plans(ledger: Ledger, statements: list[tuple[str, Any]]) -> list[str]:
    """What SQLite does for each of these statements, line by line."""
    raw = ledger.engine.raw_connection()
    try:
        return [row[3] for sql, parameters in statements for row in raw.cursor().execute(f"explain query plan {sql}", parameters)]
    finally:
        raw.close()


@pytest.fixture
def asked(ledger: Ledger) -> Iterator[list[tuple[str, Any]]]:
    """Every query with its parameters."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            seen.append((statement, parameters))

    event.listen(ledger.engine, "before_cursor_execute", note)
    yield seen
    event.remove(ledger.engine, "before_cursor_execute", note)


@SQLITE
def test_neighbours_and_seen_files_are_found_by_key(ledger: Ledger, programme: Programme, asked: list[tuple[str, Any]]) -> None:
    add(ledger, *(submission(programme, "鹿城区", period, 1, 2, 3, 4) for period in PERIODS))
    asked.clear()
    with ledger.reading() as connection:
        lookup.history(connection, programme.district_names, PERIODS[1], PERIODS[1])
        sha256 = submission(programme, "鹿城区", PERIODS[0], 1, 2, 3, 4).reading.sha256
        lookup.seen(connection, [sha256])
    assert asked
    found = plans(ledger, list(asked))
    assert [line for line in found if "SEARCH" in line]
    assert not [line for line in found if line.startswith("SCAN ") and "SCAN CONSTANT ROW" not in line]


@SQLITE
def test_posting_asks_by_key(ledger: Ledger, programme: Programme, asked: list[tuple[str, Any]]) -> None:
    add(ledger, submission(programme, "鹿城区", PERIODS[0], 1, 2, 3, 4))
    asked.clear()
    with ledger.writing() as connection:
        post(connection, submission(programme, "鹿城区", PERIODS[0], 1, 2, 3, 5), "later")
    found = plans(ledger, list(asked))
    assert len(found) >= 3
    assert not [line for line in found if line.startswith("SCAN ")]


@SQLITE
def test_the_picture_of_a_period_is_found_by_key(ledger: Ledger, programme: Programme, asked: list[tuple[str, Any]]) -> None:
    add(ledger, *(submission(programme, "鹿城区", period, 1, 2, 3, 4) for period in PERIODS))
    asked.clear()
    with ledger.reading() as connection:
        (edition,) = [e for e in publications.editions(connection) if e.period == PERIODS[1]]
        view = picture.period_view(connection, edition, programme)
    assert len(view.values) == 4
    assert not [line for line in plans(ledger, list(asked)) if line.startswith("SCAN ")]


# --- editions


def test_an_edition_knows_every_judgement_of_its_period_and_of_earlier_ones(ledger: Ledger, programme: Programme) -> None:
    add(ledger, *(submission(programme, "鹿城区", period, 1, 2, 3, 4) for period in (PERIODS[2], PERIODS[0], PERIODS[1])))
    with ledger.reading() as connection:
        found = publications.editions(connection)
    assert [(edition.period, edition.judgement) for edition in found] == list(zip(PERIODS, (2, 3, 3), strict=True))


def test_what_was_published_is_outdated_by_an_earlier_period_only(ledger: Ledger, programme: Programme) -> None:
    add(ledger, *(submission(programme, "鹿城区", period, 1, 2, 3, 4) for period in PERIODS[:2]))
    with ledger.writing() as connection:
        publications.record(connection, publications.editions(connection), "office")
    with ledger.reading() as connection:
        assert publications.outdated(connection, "office") == []
    add(ledger, submission(programme, "龙湾区", PERIODS[1], 1, 2, 3, 4))
    with ledger.reading() as connection:
        assert [edition.period for edition in publications.outdated(connection, "office")] == [PERIODS[1]]
    add(ledger, submission(programme, "龙湾区", PERIODS[0], 1, 2, 3, 4))
    with ledger.reading() as connection:
        assert [edition.period for edition in publications.outdated(connection, "office")] == PERIODS[:2]
