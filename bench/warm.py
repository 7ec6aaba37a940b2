"""One dropped file in ``annex2 watch``: from at rest to products in place, by the processes that the watcher keeps."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

from bench.workspaces import empty_workspace, write_inbox
from pipeline.processes.crew import Crew
from pipeline.run import run_with
from pipeline.run.watch import WORKERS
from pipeline.workspace.workspace import open_workspace

BEFORE = (dt.date(2024, 6, 30), dt.date(2024, 9, 30))
DROPPED = (dt.date(2024, 12, 31), dt.date(2025, 3, 31))


def measure(scratch: Path) -> list[float]:
    """Seconds of each file of two periods, dropped one by one, two earlier periods being in the ledger.

    RuntimeError when a run does not publish.
    """
    folder = scratch / "office"
    inbox = empty_workspace(folder)
    write_inbox(inbox, (*BEFORE, *DROPPED))
    later = [path for path in sorted(inbox.iterdir()) if any(str(day) in path.name for day in DROPPED)]
    dropped = {path: path.read_bytes() for path in sorted(later, key=lambda path: path.name[::-1])}
    for path in dropped:
        path.unlink()
    workspace, times = open_workspace(folder), []
    with Crew(least=WORKERS) as crew:
        run_with(crew, workspace, None, dt.datetime.now(dt.UTC))
        for path, content in dropped.items():
            path.write_bytes(content)
            start = time.perf_counter()
            outcome = run_with(crew, workspace, None, dt.datetime.now(dt.UTC))
            times.append(time.perf_counter() - start)
            if not outcome.folders:
                raise RuntimeError(f"{path.name}: nothing published")
    return times
