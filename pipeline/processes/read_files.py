"""Reading in worker processes: the task, and what becomes of a reader that hangs, dies or wants too much memory."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import logging
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from pipeline.model import Enclosed, Envelope, Reading, UnreadableFile
from pipeline.model.allowance import for_reading
from pipeline.model.errors import MachineShort
from pipeline.model.opening import open_regular, out_of_reach, passes
from pipeline.model.work import HelperEnded, Progress, Workers, at_hand
from pipeline.processes.limits_held import held_to
from pipeline.reading.formats.kinds import megabytes
from pipeline.reading.parcels.staging import StagingFailed, lay_out
from pipeline.reading.read import read_anyhow, unhandled_reading
from pipeline.reading.unreadable import REASONS, limits_of, unreadable
from schemas.programme import Programme

log = logging.getLogger(__name__)

TOGETHER = 24  # files read in one task


class Item(NamedTuple):
    """A file, the name it goes by (its path in the inbox), and what it came in."""

    path: Path
    name: str
    envelope: Envelope | None = None


def read_file(item: Item, called: frozenset[dt.date], staging: Path | None = None) -> Reading:
    """The worker's task. A file that cannot be read (no sha256 then) or has grown over the limit is F01. What came inside it is
    laid into a folder of ``staging``. Raises StagingFailed."""
    path, name, envelope = item
    programme = at_hand()
    limit = limits_of(programme).max_bytes
    try:
        with open_regular(path) as stream:
            content = stream.read(limit + 1)
    except (OSError, UnreadableFile) as trouble:
        return _unopened(item, trouble, programme)
    if len(content) > limit:
        return _unread(item, "too_large", programme, size=megabytes(path.stat().st_size), limit=megabytes(limit))
    return lay_out(read_anyhow(name, content, programme, called, envelope), staging)


def _unopened(item: Item, trouble: OSError | UnreadableFile, programme: Programme) -> Reading:
    """A reading of F01 without a hash; ``incomplete`` where the file has gone or another program holds it: that passes."""
    problem = out_of_reach(trouble, str(item.path)) if isinstance(trouble, OSError) else trouble
    finding = unreadable(programme, PurePosixPath(item.name).name, problem)
    return Reading(item.name, "", 0, findings=(finding,), incomplete=passes(trouble), envelope=item.envelope)


def _unread(item: Item, reason: str, programme: Programme, **params: str) -> Reading:
    """A reading of F01 for a file whose content was not looked into."""
    finding = unreadable(programme, PurePosixPath(item.name).name, UnreadableFile(reason, **params))
    return dataclasses.replace(_hashed(item), findings=(finding,))


def _hashed(item: Item) -> Reading:
    """Nothing but the hash and the size, to keep the file by; without them where it has gone or cannot be read any more."""
    path, name, envelope = item
    try:
        with open_regular(path) as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
            return Reading(name, sha256, path.stat().st_size, envelope=envelope)
    except (OSError, UnreadableFile):
        return Reading(name, "", 0, incomplete=True, envelope=envelope)


def read_files(items: Sequence[Item], called: frozenset[dt.date], staging: Path | None = None) -> list[Reading]:
    """The worker's task for files that are read in one go: sending each alone would cost as much as reading it. Each has its own
    allowance of the processor's time."""
    return [_read_within(item, called, staging) for item in items]


def _read_within(item: Item, called: frozenset[dt.date], staging: Path | None) -> Reading:
    with held_to(for_reading(at_hand())):
        return read_file(item, called, staging)


def start_reading(
    workers: Workers,
    items: Sequence[Item],
    programme: Programme,
    called: frozenset[dt.date],
    progress: Progress,
    staging: Path | None = None,
) -> Callable[[], list[Reading]]:
    """Hand the files to the workers; the result, when called, waits for the readings in the order of ``items``.

    Files that hang or kill their reader together are read again one by one, so that only the guilty one is F01. One that an
    internal error ended is F18. What came inside files is laid into ``staging`` and read like them; without one it is left out.
    The result raises StagingFailed, and MachineShort where it is not the files that want too much.
    """
    allowance = dataclasses.replace(for_reading(programme), seconds=None, memory=None)  # both are each file's own

    def schedule(part: Sequence[Item], fresh: bool = False) -> Any:
        return workers.schedule(read_files, args=(part, called, staging), allowance=allowance, fresh=fresh)

    def given_up(item: Item, failure: Exception) -> Reading:
        return _given_up(item, failure, programme, called)

    tasks = _scheduled(items, schedule)

    def collect() -> list[Reading]:
        readings: list[Reading] = []
        for part, task in tasks:
            readings += _collect(part, task, schedule, given_up)
            progress("read", len(readings), len(items))
        inside = [Item(e.path, e.file, e.envelope) for reading in readings for e in _unread_yet(reading) if e.path]
        members: list[Reading] = []
        for part, task in _scheduled(inside, schedule):
            members += _collect(part, task, schedule, given_up)
            progress("read", len(items) + len(members), len(items) + len(inside))
        for reading in (*readings, *members):
            if reading.trouble:
                log.error("file %s (sha256 %s) could not be read\n%s", reading.file, reading.sha256, reading.trouble)
        rest = iter(members)
        return [_with_members(reading, rest) for reading in readings]

    return collect


def _scheduled(items: Sequence[Item], schedule: Callable[[Sequence[Item]], Any]) -> list[tuple[Sequence[Item], Any]]:
    parts = [items[start : start + TOGETHER] for start in range(0, len(items), TOGETHER)]
    return [(part, schedule(part)) for part in parts]


def _unread_yet(reading: Reading) -> list[Enclosed]:
    return [each for each in reading.enclosed if each.reading is None]


def _with_members(reading: Reading, members: Iterator[Reading]) -> Reading:
    """With what was read of the files inside. None of them is still arriving: what they came in is complete."""
    if not reading.enclosed:
        return reading
    enclosed = (
        each if each.reading else dataclasses.replace(each, reading=dataclasses.replace(next(members), incomplete=False))
        for each in reading.enclosed
    )
    return dataclasses.replace(reading, enclosed=tuple(enclosed))


def _collect(
    part: Sequence[Item],
    task: Any,
    schedule: Callable[..., Any],
    given_up: Callable[[Item, Exception], Reading],
    fresh: bool = False,
) -> list[Reading]:
    """Of several each is read once more alone. What a reader had read before may have left it little memory, or broken it: last
    of all a new one is asked."""
    try:
        readings: list[Reading] = task.result()
    except (StagingFailed, MachineShort):
        raise
    except Exception as failure:
        last = fresh or not isinstance(failure, HelperEnded) or failure.reason == "time"
        if len(part) == 1 and last:
            return [given_up(part[0], failure)]
        anew = len(part) == 1
        alone = [([item], schedule([item], anew)) for item in part]
        return [reading for item, again in alone for reading in _collect(item, again, schedule, given_up, anew)]
    return readings


def _given_up(item: Item, failure: Exception, programme: Programme, called: frozenset[dt.date]) -> Reading:
    """The reading of a file whose task brought none: its reader ended, or what it had read could not be handed over."""
    if isinstance(failure, HelperEnded):
        return _unread(item, REASONS[failure.reason], programme)
    trouble = "".join(traceback.format_exception(failure))
    return unhandled_reading(dataclasses.replace(_hashed(item), trouble=trouble), programme, called)
