"""Ledgers of earlier versions: migrated, every row keeps its place in the order in which things happened."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, text

from pipeline.ledger.database import alembic_config, open_engine, prepare
from pipeline.ledger.store import sqlite_url
from pipeline.upkeep.restore import restore
from pipeline.workspace.workspace import open_workspace
from schemas.programme import DEFAULT_PROGRAMME
from tests import TEST_DATA
from tests.ledger.test_ledger_database import New, new

__all__ = ["new"]

KEPT = TEST_DATA / "ledgers" / "workspace-0.1.0.zip"
NOON = dt.datetime(2025, 4, 3, 12, 0)
PLACE = {"district": "鹿城区", "period": "2025-03-31"}


def at(minutes: int) -> str:
    return (NOON + dt.timedelta(minutes=minutes)).isoformat(" ")


class Old:
    """Rows of revision 0004; minutes are those the clock showed."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.made = {"submissions": 0, "judgements": 0, "decisions": 0, "explanations": 0, "versions": 0}

    def add(self, table: str, **row: Any) -> int:
        if table in self.made:
            self.made[table] += 1
            row = {"id": self.made[table], **row}
        names = ", ".join(f'"{name}"' for name in row)
        values = ", ".join(f":{name}" for name in row)
        kept = {name: json.dumps(value) if isinstance(value, (dict, list)) else value for name, value in row.items()}
        self.connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), kept)
        return self.made.get(table, 0)

    def sent(self, sha: str, minutes: int, status: str = "accepted") -> int:
        """A file with its judgement."""
        self.add("originals", sha256=sha, size=1, kept_at=at(minutes))
        times = {"received_at": at(minutes), "recorded_at": at(minutes)}
        submission = self.add("submissions", arrival=sha, sha256=sha, file=f"{sha}.xlsx", **times)
        self.judged(submission, minutes, status)
        return submission

    def judged(self, submission: int, minutes: int, status: str = "accepted") -> int:
        row = {"status": status, "entries": {}, "undecided": [], "rules_version": "1", "recorded_at": at(minutes)}
        return self.add("judgements", submission_id=submission, **PLACE, **row)

    def decided(self, act: str, minutes: int, sha: str | None = None, **about: Any) -> int:
        row = {"reason": "…", "basis": "…", "wording": "", "bound": {}, "source": "command", "recorded_at": at(minutes)}
        return self.add("decisions", act=act, by="张三", sha256=sha, **(PLACE | row | about))

    def retracted(self, judgement: int, decision: int) -> None:
        number = self.made["versions"] + 1
        version = self.add("versions", judgement_id=judgement, number=number, recorded_at=at(0), **PLACE)
        self.add("retractions", version_id=version, decision_id=decision)


def plain(old: Old) -> None:
    old.sent("a", 0)
    old.decided("approve", 1, "a")
    old.sent("b", 2)


def one_run(old: Old) -> None:
    """Two files of one run; the decision of a 办理单 is recorded at the run's own time, before it."""
    old.sent("a", 0)
    old.decided("approve", 5, "a")
    old.sent("b", 5)
    old.sent("c", 5)


def clock_back(old: Old) -> None:
    """The second run an hour back, and a decision after it."""
    old.sent("a", 60)
    old.sent("b", 0)
    old.decided("approve", 1, "b")


def behind(old: Old) -> None:
    """A second machine ten minutes behind decides about a file that the first had posted."""
    old.sent("a", 10)
    old.decided("return", 1, "a")
    old.sent("b", 20)


def taken_out(old: Old) -> None:
    """The decision that took a version out of force comes after it, and the withdrawn state after the decision."""
    first = old.sent("a", 0)
    old.decided("approve", 1, "a")
    old.judged(first, 30)
    old.retracted(2, old.decided("withdraw", 2, "a"))
    old.judged(first, 2, "withdrawn")
    old.sent("b", 40)


def imported(old: Old) -> None:
    old.sent("a", 0, "baseline")
    old.decided("import", 0, "a", district=None)


CASES: list[tuple[Callable[[Old], None], list[int], list[int]]] = [
    (plain, [1, 3], [2]),
    (one_run, [1, 3, 3], [2]),
    (clock_back, [1, 2], [3]),
    (behind, [1, 3], [2]),
    (taken_out, [1, 3, 5, 6], [2, 4]),
    (imported, [1], [2]),
]


def migrated(url: str, case: Callable[[Old], None]) -> dict[str, list[Any]]:
    """The entries of every table's rows, in the order of their numbers."""
    engine = open_engine(url)
    with engine.execution_options(writes=True).begin() as connection:
        command.upgrade(alembic_config(connection), "0004")
        case(Old(connection))
    prepare(engine)
    found: dict[str, list[Any]] = {}
    with engine.connect() as connection:
        for table in ("submissions", "judgements", "decisions", "explanations"):
            found[table] = list(connection.scalars(text(f"SELECT entry_id FROM {table} ORDER BY id")))
        for table in ("decisions", "explanations"):
            found[f"compared by {table}"] = list(connection.scalars(text(f"SELECT compared FROM {table} ORDER BY id")))
        found["entries"] = list(connection.scalars(text("SELECT id FROM entries ORDER BY id")))
        found["times"] = [str(when)[:19] for when in connection.scalars(text("SELECT recorded_at FROM entries ORDER BY id"))]
        if engine.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    with engine.execution_options(writes=True).begin() as connection:
        added = "INSERT INTO entries (recorded_at) VALUES ('2025-05-01') RETURNING id"
        assert connection.scalar(text(added)) == len(found["entries"]) + 1
    engine.dispose()
    return found


@pytest.mark.parametrize(("case", "judgements", "decisions"), CASES, ids=[case.__name__ for case, *_ in CASES])
def test_rows_keep_the_order_in_which_things_happened(
    new: New, case: Callable[[Old], None], judgements: list[int], decisions: list[int]
) -> None:
    found = migrated(new(), case)
    assert (found["judgements"], found["decisions"]) == (judgements, decisions)
    assert found["entries"] == sorted({*judgements, *decisions})


def test_an_entry_shows_the_time_it_was_recorded_at(new: New) -> None:
    assert migrated(new(), clock_back)["times"] == [at(60), at(0), at(1)]


def test_submissions_and_explanations_came_with_their_judgement(new: New) -> None:
    def case(old: Old) -> None:
        first = old.sent("a", 0, "pending")
        old.decided("explain", 1, "a")
        old.sent("b", 2)
        old.judged(first, 2)
        said = {"rule": "X01", "bound": {"projects": 1}, "text": "…", "by": "李四"}
        old.add("explanations", submission_id=first, **PLACE, **said, recorded_at=at(0))
        old.add("explanations", submission_id=first, **PLACE, **said, recorded_at=at(2))

    found = migrated(new(), case)
    assert (found["submissions"], found["judgements"], found["explanations"]) == ([1, 3], [1, 3, 3], [1, 3])


@pytest.mark.parametrize(
    ("indicator", "bound", "expected"),
    [("projects", {"projects": 5}, "8"), ("projects", {"projects": 5, "transfers": 2}, None), (None, {"projects": 5}, None)],
    ids=["one value", "all values", "the row"],
)
def test_old_decisions_and_explanations_know_what_was_compared(
    new: New, indicator: str | None, bound: dict[str, int], expected: str | None
) -> None:
    """As the last judgement up to then said; a later one compared with another value."""

    def case(old: Old) -> None:
        first = old.sent("a", 0, "pending")
        about = {"rule": "P01", "indicator": indicator, "bound": bound}
        old.add("explanations", submission_id=first, **PLACE, **about, text="…", by="李四", recorded_at=at(0))
        old.decided("approve", 1, "a", **about)
        old.judged(first, 2)
        for judgement, compared in ((1, "8"), (2, "13")):
            words = {"grade": "error", "message": "…", "fix": "…", "state": "open", "expected": compared}
            of = {"rule": "P01", "indicator": "projects", **PLACE}
            old.add("findings", judgement_id=judgement, position=0, **of, **words)

    found = migrated(new(), case)
    assert (found["compared by decisions"], found["compared by explanations"]) == ([expected], [expected])


# --- a workspace as version 0.1.0 left it


def rows(database: Path, *tables: str) -> dict[str, list[dict[str, Any]]]:
    with closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        return {table: [dict(row) for row in connection.execute(f"SELECT * FROM {table}")] for table in tables}


def test_what_an_older_version_wrote_stays_as_it_is(tmp_path: Path) -> None:
    restore(KEPT, tmp_path / "office", DEFAULT_PROGRAMME)
    database = tmp_path / "office" / "ledger" / "ledger.db"
    tables = ("originals", "submissions", "judgements", "findings", "versions", "observations", "decisions", "issues", "products")
    before = rows(database, *tables)
    with open_workspace(tmp_path / "office").ledger():
        pass
    after = rows(database, *tables)
    assert {
        table: [{name: row[name] for name in old} for old, row in zip(before[table], after[table], strict=True)]
        for table in tables
    } == before


def test_what_an_older_version_wrote_is_in_order(tmp_path: Path) -> None:
    """One run posted 40 files; then two issues, an explanation by telephone with the run after it, and a period reopened."""
    restore(KEPT, tmp_path / "office", DEFAULT_PROGRAMME)
    engine = open_engine(sqlite_url(tmp_path / "office" / "ledger" / "ledger.db"))
    prepare(engine)
    with engine.connect() as connection:
        judged = connection.execute(text("SELECT entry_id, count(*) FROM judgements GROUP BY 1 ORDER BY 1")).all()
        decided = connection.execute(text("SELECT act, entry_id FROM decisions ORDER BY id")).all()
        compared = connection.scalars(text("SELECT compared FROM decisions WHERE act = 'explain'")).all()
    engine.dispose()
    assert [tuple(row) for row in judged] == [(1, 40), (5, 1)]
    assert [tuple(row) for row in decided] == [("issue", 2), ("issue", 3), ("explain", 4), ("reopen", 6)]
    assert all(compared)
