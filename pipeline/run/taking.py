"""What lies in the inbox and in ``办理/`` taken and given to the workers, who read it while this process imports the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.decisions.sheets_read import Book, laid_in, start_books
from pipeline.model import Reading
from pipeline.model.work import Progress, Workers
from pipeline.processes.crew import Crew
from pipeline.processes.pool import workers_for
from pipeline.processes.read_files import Item, start_reading
from pipeline.reading.inbox import Arrival, Ripe
from pipeline.workspace.workspace import Workspace

PER_WORKER = 24  # below this many files a second worker takes longer to start than it saves


@dataclass(frozen=True)
class Taken:
    """The files of the inbox and of ``办理/`` in their order. ``readings`` and ``books``, when called, wait for what is read."""

    workers: Workers
    count: int
    """How many workers there were asked for."""
    arrivals: Sequence[Arrival]
    readings: Callable[[], list[Reading]]
    laid: Sequence[Arrival]
    books: Callable[[], list[Book]]


def take(
    crew: Crew,
    workspace: Workspace,
    arrivals: Sequence[Arrival],
    now: dt.datetime,
    progress: Progress,
    ripe: Ripe,
    staging: Path | None = None,
) -> Taken:
    """Have these files read, and what is ``ripe`` of ``办理/``. What came inside them is laid into ``staging``."""
    laid = [each for each in laid_in(workspace, now) if ripe(each.path)]
    count = workers_for(len(arrivals), PER_WORKER) + bool(laid)  # no return waits for a hostile 办理单
    workers = crew.workers(workspace.programme, count)
    items = [Item(arrival.path, arrival.name) for arrival in arrivals]
    readings = start_reading(workers, items, workspace.programme, workspace.called, progress, staging)
    return Taken(workers, count, arrivals, readings, laid, start_books(workers, laid, workspace.programme))
