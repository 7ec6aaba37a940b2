"""Reading in worker processes: the task, and what becomes of a reader that hangs or dies."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import logging
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import TimeoutError as LimitReached
from pathlib import Path, PurePosixPath
from typing import Any

from pipeline.intake.container import megabytes
from pipeline.intake.read import limits_of, read_anyhow, unhandled_reading, unreadable
from pipeline.model import Reading, UnreadableFile
from pipeline.opening import open_regular, out_of_reach, passes
from pipeline.progress import Progress
from pipeline.workers import Workers, at_hand
from schemas.programme import Programme

log = logging.getLogger(__name__)

TOGETHER = 24  # files read in one task

Item = tuple[Path, str]
"""A file and the name it goes by: its path in the inbox."""


def read_file(path: Path, name: str, called: frozenset[dt.date]) -> Reading:
    """The worker's task. A file that cannot be read (no sha256 then) or has grown over the limit is F01."""
    programme = at_hand()
    limit = limits_of(programme).max_bytes
    try:
        with open_regular(path) as stream:
            content = stream.read(limit + 1)
    except (OSError, UnreadableFile) as trouble:
        return _unopened(path, name, trouble, programme)
    if len(content) > limit:
        return _unread(path, name, "too_large", programme, size=megabytes(path.stat().st_size), limit=megabytes(limit))
    return read_anyhow(name, content, programme, called)


def _unopened(path: Path, name: str, trouble: OSError | UnreadableFile, programme: Programme) -> Reading:
    """A reading of F01 without a hash; ``incomplete`` where the file has gone or another program holds it: that passes."""
    problem = out_of_reach(trouble, str(path)) if isinstance(trouble, OSError) else trouble
    finding = unreadable(programme, PurePosixPath(name).name, problem)
    return Reading(name, "", 0, findings=(finding,), incomplete=passes(trouble))


def _unread(path: Path, name: str, reason: str, programme: Programme, **params: str) -> Reading:
    """A reading of F01 for a file whose content was not looked into."""
    finding = unreadable(programme, PurePosixPath(name).name, UnreadableFile(reason, **params))
    return dataclasses.replace(_hashed(path, name), findings=(finding,))


def _hashed(path: Path, name: str) -> Reading:
    """Nothing but the hash and the size, to keep the file by; without them where it has gone or cannot be read any more."""
    try:
        with open_regular(path) as stream:
            return Reading(name, hashlib.file_digest(stream, "sha256").hexdigest(), path.stat().st_size)
    except (OSError, UnreadableFile):
        return Reading(name, "", 0, incomplete=True)


def read_files(items: Sequence[Item], called: frozenset[dt.date]) -> list[Reading]:
    """The worker's task for files that are read in one go: sending each alone would cost as much as reading it."""
    return [read_file(path, name, called) for path, name in items]


def start_reading(
    workers: Workers, items: Sequence[Item], programme: Programme, called: frozenset[dt.date], progress: Progress
) -> Callable[[], list[Reading]]:
    """Hand the files to the workers; the result, when called, waits for the readings in the order of ``items``.

    Files that hang or kill their reader together are read again one by one, so that only the guilty one is F01. One that an
    internal error ended is F18.
    """
    limit = programme.thresholds["F01_read_seconds"]
    parts = [items[start : start + TOGETHER] for start in range(0, len(items), TOGETHER)]

    def schedule(part: Sequence[Item]) -> Any:
        return workers.schedule(read_files, args=(part, called), timeout=limit)

    tasks = [(part, schedule(part)) for part in parts]

    def collect() -> list[Reading]:
        readings: list[Reading] = []
        for part, task in tasks:
            readings += _collect(part, task, schedule, lambda item, failure: _given_up(item, failure, programme, called))
            progress("read", len(readings), len(items))
        for reading in readings:
            if reading.trouble:
                log.error("file %s (sha256 %s) could not be read\n%s", reading.file, reading.sha256, reading.trouble)
        return readings

    return collect


def _collect(
    part: Sequence[Item],
    task: Any,
    schedule: Callable[[Sequence[Item]], Any],
    given_up: Callable[[Item, Exception], Reading],
) -> list[Reading]:
    try:
        readings: list[Reading] = task.result()
    except Exception as failure:
        if len(part) == 1:
            return [given_up(part[0], failure)]
        alone = [([item], schedule([item])) for item in part]
        return [reading for item, task in alone for reading in _collect(item, task, schedule, given_up)]
    return readings


def _given_up(item: Item, failure: Exception, programme: Programme, called: frozenset[dt.date]) -> Reading:
    """The reading of a file whose task brought none: its reader hung or died, or what it had read could not be handed over."""
    from pebble import ProcessExpired

    path, name = item
    if isinstance(failure, LimitReached):
        return _unread(path, name, "timeout", programme)
    if isinstance(failure, ProcessExpired):
        return _unread(path, name, "damaged", programme)
    trouble = "".join(traceback.format_exception(failure))
    return unhandled_reading(dataclasses.replace(_hashed(path, name), trouble=trouble), programme, called)
