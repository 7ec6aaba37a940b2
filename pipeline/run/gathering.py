"""What is judged together: files that came and files that wait, earlier periods first, with all that is known around them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.ledger.waiting import Waiting, is_overtaken, waiting
from pipeline.model import Known, Reading
from pipeline.model.view import FileRecord
from pipeline.model.work import Workers, silent
from pipeline.processes.read_files import Item, start_reading
from pipeline.reading.inbox import Arrival
from pipeline.rules.judging.batch import replaced_place
from pipeline.rules.judging.calendar import Calendar
from pipeline.rules.place import Placed
from pipeline.run.members import Read, with_members, with_senders, with_their_places
from pipeline.run.outcome import stays
from pipeline.workspace.known_around import calendar, known, placed, placed_again
from pipeline.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pipeline.ledger.store import Ledger

Source = Arrival | Waiting
"""Where a file comes from: the inbox, or the ledger, to be judged again."""


@dataclass(frozen=True)
class Gathered:
    """Files with their places and where they come from, in the order in which they are judged and posted."""

    files: Sequence[tuple[Source, Placed]]
    around: Known
    days: Calendar


def opened(arrivals: Iterable[Arrival], readings: Iterable[Reading], workspace: Workspace) -> list[Read]:
    """With all that came inside the files, and what the settings say of whom it is from."""
    every = [each for arrival, reading in zip(arrivals, readings, strict=True) for each in with_members(arrival, reading)]
    return [(arrival, with_senders(reading, workspace.settings.contacts)) for arrival, reading in every]


def at_rest(read: Sequence[Read], now: dt.datetime, workspace: Workspace) -> tuple[list[Read], list[FileRecord]]:
    """What is to be judged, and the files that stay in the inbox, with all that came inside them."""
    arriving = {arrival for arrival, reading in read if _arriving(arrival, reading, now, workspace)}
    left = {arrival.in_inbox for arrival in arriving}
    staying = [(arrival, reading if arrival in arriving else None) for arrival, reading in read if arrival.name in left]
    at_rest = [(arrival, reading) for arrival, reading in read if arrival.in_inbox not in left]
    return at_rest, [stays(arrival, reading, workspace) for arrival, reading in staying]


def _arriving(arrival: Arrival, reading: Reading, now: dt.datetime, workspace: Workspace) -> bool:
    """An unfinished container that was written to a short while ago, or a file that could not be opened."""
    minutes = workspace.programme.thresholds["F01_incomplete_minutes"]
    return not reading.sha256 or (reading.incomplete and now - arrival.modified < dt.timedelta(minutes=minutes))


def read_again(ledger: Ledger, workers: Workers, workspace: Workspace) -> Callable[[], list[tuple[Waiting, Reading]]]:
    """Have the submissions that wait read again, from their originals. One whose original has gone stays as it is, and so does
    what could not be taken out of another file, and a mail or an archive that was sent back: nobody would read what is in it."""
    unhandled = workspace.programme.rule_for("unhandled")
    with ledger.reading() as connection:
        found = [each for each in waiting(connection, unhandled) if not (each.envelope and each.envelope.refused)]
    items = [Item(ledger.originals / each.sha256, each.file, each.envelope) for each in found]
    collect = start_reading(workers, items, workspace.programme, workspace.called, silent)

    def again() -> list[tuple[Waiting, Reading]]:
        read = [(each, reading) for each, reading in zip(found, collect(), strict=True) if reading.sha256 == each.sha256]
        return [(each, with_senders(reading, workspace.settings.contacts)) for each, reading in read if not reading.parcel]

    return again


def gather(
    ledger: Ledger,
    workspace: Workspace,
    read: Sequence[Read],
    posted: Collection[Arrival],
    again: Sequence[tuple[Waiting, Reading]],
    given: dt.date | None,
    now: dt.datetime,
) -> Gathered:
    """What is judged together, earlier periods first, with all that is known around it. A mail or an archive comes behind what
    was in it, and belongs where that does, be some of it ``posted`` before."""
    with ledger.reading() as connection:
        days = calendar(connection, workspace, now)
        places = with_their_places(placed(connection, [reading for _, reading in read], days, given))
        arrived = [(a, file) for (a, _), file in zip(read, places, strict=True) if a not in posted]
        recalled = placed_again(connection, [(r, w.period) for w, r in again], days)
        waited = [
            (w, replace(file, again=w.submission, entry=w.entry))
            for (w, _), file in zip(again, recalled, strict=True)
            if not _overtaken(connection, w, file)
        ]
        around = known(connection, [file for _, file in (*arrived, *waited)], workspace)
    replaced = {place for _, file in arrived if (place := replaced_place(file, around))}
    waited = [(source, file) for source, file in waited if (file.district, file.period) not in replaced]
    batch: list[tuple[Source, Placed]] = [*arrived, *waited]
    return Gathered(sorted(batch, key=lambda item: _order(item[1])), around, days)


def _order(file: Placed) -> tuple[dt.date, bool, bool, str]:
    holds_others = file.reading.parcel is not None and file.reading.envelope is None
    return file.period or dt.date.min, file.again is None, holds_others, file.reading.file


def _overtaken(connection: Connection, source: Waiting, file: Placed) -> bool:
    """A file whose place is known only now, where a later one has been received for that place."""
    if not source.lost or file.district is None or file.period is None:
        return False
    return is_overtaken(connection, source.submission, file.district, file.period)
