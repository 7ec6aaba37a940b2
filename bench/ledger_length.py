"""Neighbour checks and posting of thirteen returns, with ten million observations in the ledger and with none."""

from __future__ import annotations

import datetime as dt
import sqlite3
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.workspaces import empty_workspace
from pipeline.ledger.originals import keep_originals
from pipeline.ledger.store import Ledger
from pipeline.model.work import silent
from pipeline.reading.inbox import scan
from pipeline.reading.read import read_submission
from pipeline.reading.unreadable import limits_of
from pipeline.rules.judging.batch import put_together, settle_run
from pipeline.run.posting import post_periods
from pipeline.workspace.known_around import calendar, known, placed
from pipeline.workspace.workspace import Workspace, open_workspace
from tests.returns import ReturnSpec, clean_panel, file_name, write_return

OBSERVATIONS = 10_000_000
OTHERS = 2_500
"""Districts of elsewhere that the observations belong to."""

INDICATORS = ("enterprises", "projects", "transfers", "institutes")
FIRST, LAST_BEFORE = dt.date(2024, 1, 31), dt.date(2023, 12, 31)
NOW = dt.datetime(2026, 11, 1, 2, tzinfo=dt.UTC)
REPETITIONS = 12


def measure(scratch: Path) -> tuple[list[float], list[float]]:
    """Seconds of each repetition in the long ledger and in the short one, taken in turns."""
    periods = [FIRST + dt.timedelta(days=31 * n) for n in range(REPETITIONS + 1)]
    ledgers = [_workspace(scratch / name, periods) for name in ("long", "short")]
    fill(ledgers[0].root / "ledger" / "ledger.db", OBSERVATIONS)
    panel = clean_panel(ledgers[0].programme, periods, seed=2024)
    seen: tuple[list[float], list[float]] = ([], [])
    for period in periods:
        specs = [
            ReturnSpec(district, day, values, layout="plan", naming="district_iso", programme=ledgers[0].programme)
            for (district, day), values in panel.items()
            if day == period
        ]
        for times, workspace in zip(seen, ledgers, strict=True):
            times.append(_post(workspace, specs))
    return seen[0][1:], seen[1][1:]  # the first round fills the caches


def _workspace(folder: Path, periods: Sequence[dt.date]) -> Workspace:
    empty_workspace(folder, periods)
    workspace = open_workspace(folder)
    with workspace.ledger():
        return workspace


def _post(workspace: Workspace, specs: Sequence[ReturnSpec]) -> float:
    """Read thirteen returns, then time what the ledger's length could matter to. RuntimeError unless all are accepted."""
    for spec in specs:
        (workspace.inbox / file_name(spec)).write_bytes(write_return(spec))
    arrivals = [arrival for arrival in scan(workspace.inbox, limits_of(workspace.programme), NOW) if not arrival.stays]
    readings = [
        read_submission(arrival.name, arrival.path.read_bytes(), workspace.programme, workspace.called) for arrival in arrivals
    ]
    with workspace.ledger() as ledger:
        kept = keep_originals(ledger, [(a.path, r.sha256) for a, r in zip(arrivals, readings, strict=True)])
        start = time.perf_counter()
        with ledger.reading() as connection:
            days = calendar(connection, workspace, NOW)
            files = [(file, NOW) for file in placed(connection, readings, days, None)]
            around = known(connection, [file for file, _ in files], workspace)
        judged = put_together(files, settle_run(files, around, days))
        posted = _posted(ledger, list(zip(arrivals, judged, strict=True)), kept, workspace)
        elapsed = time.perf_counter() - start
    if posted != len(specs):
        raise RuntimeError(f"{posted} of {len(specs)} returns accepted")
    return elapsed


def _posted(ledger: Ledger, judged: Sequence, kept: set[Path], workspace: Workspace) -> int:  # type: ignore[type-arg]
    batches = post_periods(ledger, judged, kept, NOW, workspace.programme, silent)
    return sum(submission.status == "accepted" for _, submissions in batches for submission in submissions)


def fill(database: Path, observations: int) -> None:
    """Accepted versions of districts elsewhere, one a day up to LAST_BEFORE: rows like those that posting writes."""
    versions = observations // len(INDICATORS)
    stamp, digest = "2024-01-01 00:00:00.000000", "0" * 64
    connection = sqlite3.connect(database, isolation_level=None)
    try:
        for pragma in ("journal_mode=OFF", "synchronous=OFF"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        connection.execute("INSERT INTO entries VALUES (1, ?)", (stamp,))
        connection.execute("INSERT INTO originals VALUES (?, 1, ?)", (digest, stamp))
        connection.execute("INSERT INTO submissions VALUES (1, 'filled', ?, 'filled.xlsx', ?, ?, 1)", (digest, stamp, stamp))
        connection.executemany(
            "INSERT INTO judgements VALUES (?, 1, ?, ?, 'accepted', '附件2', '{}', '[]', '1', ?, 1)",
            ((n, *place, stamp) for n, place in _places(versions)),
        )
        connection.executemany(
            "INSERT INTO versions VALUES (?, ?, ?, ?, 1, ?)", ((n, n, *place, stamp) for n, place in _places(versions))
        )
        connection.executemany(
            "INSERT INTO observations VALUES (?, ?, ?, '附件2', 'C7')",
            ((n, indicator, n % 1000) for n in range(1, versions + 1) for indicator in sorted(INDICATORS)),
        )
        connection.execute("INSERT INTO reviews VALUES (1, 1)")
        connection.execute("INSERT INTO publications VALUES (1, ?, ?, NULL, NULL)", (LAST_BEFORE.isoformat(), versions))
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()


def _places(versions: int) -> Iterator[tuple[int, tuple[str, str]]]:
    for n in range(versions):
        day = LAST_BEFORE - dt.timedelta(days=n // OTHERS)
        yield n + 1, (f"县{n % OTHERS:04}", day.isoformat())
