"""``annex2 check``: files, those of folders and those inside others, each judged alone against the ledger."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.model import Reading
from pipeline.model.view import FileRecord
from pipeline.model.work import Progress, silent
from pipeline.processes.crew import Crew
from pipeline.processes.judging import start_judging
from pipeline.processes.pool import workers_for
from pipeline.processes.read_files import Item, start_reading
from pipeline.reading.inbox import escaped, scan
from pipeline.reading.unreadable import limits_of
from pipeline.rules.judging.batch import settle_check
from pipeline.run.members import members, with_senders, with_their_places
from pipeline.run.outcome import Outcome, record_of, stays
from pipeline.run.taking import PER_WORKER
from pipeline.workspace.workspace import Workspace


@dataclass(frozen=True)
class _Asked:
    """A file as the answer calls it; ``stays`` is the answer about one that nobody reads."""

    shown: str
    item: Item
    stays: FileRecord | None = None


Shown = tuple[str, Reading]
"""What was read, and how the answer calls its file."""


def check(
    workspace: Workspace, paths: Sequence[str | Path], given: dt.date | None, now: dt.datetime, progress: Progress = silent
) -> Outcome:
    """Judge files, and what lies in folders, each alone against the ledger. Nothing is written and no ledger created.

    Files are called as they are asked about, what lies in a folder or inside a file with its name behind.
    """
    with Crew() as crew:
        return check_with(crew, workspace, paths, given, now, progress)


def check_with(
    crew: Crew,
    workspace: Workspace,
    paths: Sequence[str | Path],
    given: dt.date | None,
    now: dt.datetime,
    progress: Progress = silent,
) -> Outcome:
    """``check`` by a crew that may be at work already."""
    with crew.ended_on_failure(), tempfile.TemporaryDirectory(prefix="annex2-") as staging:
        crew.judge()  # begins to import before anything else
        asked = [each for path in paths for each in _asked(path, workspace, now)]
        to_read = [each for each in asked if each.stays is None]
        workers = crew.workers(workspace.programme, workers_for(len(to_read), PER_WORKER))
        items = [each.item for each in to_read]
        collect = start_reading(workers, items, workspace.programme, workspace.called, progress, Path(staging))
        from pipeline.workspace.known_around import calendar, known, placed  # with the ledger, while the workers read

        with workspace.ledger_to_read() as ledger, ledger.reading() as connection:
            days = calendar(connection, workspace, now)
            read = [_read(each.shown, reading, workspace) for each, reading in zip(to_read, collect(), strict=True)]
            places = iter(placed(connection, [reading for every in read for _, reading in every], days, given))
            files = [(file, now) for every in read for file in with_their_places([next(places) for _ in every])]
            around = known(connection, [file for file, _ in files], workspace)
        judged = iter(start_judging(crew, settle_check, files, around, days)())
    found = iter([[record_of(next(judged), workspace, shown) for shown, _ in every] for every in read])
    return Outcome(tuple(record for each in asked for record in ([each.stays] if each.stays else next(found))), given)


def _asked(path: str | Path, workspace: Workspace, now: dt.datetime) -> Iterator[_Asked]:
    """The file, or all that lies in the folder."""
    whole = Path(path)
    if not whole.is_dir():
        yield _Asked(escaped(str(path)), Item(whole, _name(whole, whole.name, workspace)))
        return
    for arrival in scan(whole, limits_of(workspace.programme), now):
        shown = f"{escaped(str(path)).rstrip('/')}/{arrival.name}"
        item = Item(arrival.path, _name(arrival.path, arrival.name, workspace))
        yield _Asked(shown, item, stays(arrival, None, workspace, shown) if arrival.stays else None)


def _read(shown: str, reading: Reading, workspace: Workspace) -> list[Shown]:
    """The file, and behind it all that came inside."""
    every = [(shown + each.file.removeprefix(reading.file), each) for each in members(reading)]
    return [(name, with_senders(each, workspace.settings.contacts)) for name, each in every]


def _name(path: Path, name: str, workspace: Workspace) -> str:
    """What the file is called as evidence: its path in the inbox if it lies there, else its ``name`` in what was asked about."""
    absolute, inbox = path.resolve(), workspace.inbox.resolve()
    return escaped(absolute.relative_to(inbox).as_posix() if absolute.is_relative_to(inbox) else name)
