"""From judged submissions to the ledger: original kept, one transaction, then the file leaves the inbox.

Killed anywhere, nothing is lost and nothing counted twice.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.intake.inbox import Arrival
from pipeline.ledger.publications import Edition
from pipeline.ledger.store import Ledger, keep_originals, known_arrivals, post
from pipeline.model import Reading, Status, Submission
from pipeline.progress import Progress

Read = tuple[Arrival, Reading]


def _clear(path: Path) -> None:
    """A file that cannot be removed now is known to be in the ledger: the next run removes it, and does not count it again."""
    with contextlib.suppress(OSError):
        path.unlink()


def finish_interrupted(ledger: Ledger, read: Sequence[Read]) -> list[Read]:
    """Clear away files that an interrupted run had posted but not removed; what is left is new."""
    keys = [arrival.key(reading.sha256) for arrival, reading in read]
    with ledger.reading() as connection:
        posted = known_arrivals(connection, keys)
    for (arrival, _), key in zip(read, keys, strict=True):
        if key in posted:
            _clear(arrival.path)
    return [item for item, key in zip(read, keys, strict=True) if key not in posted]


def post_periods(
    ledger: Ledger, judged: Sequence[tuple[Arrival, Submission]], now: dt.datetime, rules_version: str, progress: Progress
) -> Iterator[tuple[Edition | None, list[Submission]]]:
    """Post period by period, in the order given; each period's edition as the ledger then stands (None
    when nothing was posted), with its submissions.

    A file that changed since it was read stays where it is, waiting for the next run.
    """
    last, done = 0, 0
    for period, group in itertools.groupby(judged, key=lambda each: each[1].period):
        batch = list(group)
        kept = keep_originals(ledger, [(arrival.path, submission.reading.sha256) for arrival, submission in batch])
        posted = []
        for arrival, submission in batch:
            if submission.reading.sha256 in kept:
                with ledger.writing() as connection:
                    last = post(connection, submission, arrival.key(submission.reading.sha256), now, rules_version)
                _clear(arrival.path)
                posted.append(submission)
            else:
                posted.append(dataclasses.replace(submission, status=Status.WAITING, findings=()))
            done += 1
            progress("post", done, len(judged))
        yield Edition(period, last) if kept else None, posted
