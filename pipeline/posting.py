"""From judged submissions to the ledger: original kept, one transaction, then the file leaves the inbox.

Killed anywhere, nothing is lost and nothing counted twice.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import itertools
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from pipeline.intake.inbox import Arrival, is_still
from pipeline.ledger.publications import Edition
from pipeline.ledger.store import Ledger, known_arrivals, post
from pipeline.model import Reading, Status, Submission
from pipeline.progress import Progress

Read = tuple[Arrival, Reading]

Batch = tuple[Edition | None, list[Submission]]
"""A period's edition as the ledger stands once it is posted (None when nothing was), and its submissions."""


def _clear(arrival: Arrival) -> None:
    """Remove a file that is in the ledger; one that was replaced meanwhile is new.

    What cannot be removed now is known to be in the ledger: the next run removes it, and does not count it again.
    """
    with contextlib.suppress(OSError):
        if is_still(arrival):
            arrival.path.unlink()


def finish_interrupted(ledger: Ledger, read: Sequence[Read]) -> list[Read]:
    """Clear away files that an interrupted run had posted but not removed; what is left is new."""
    keys = [arrival.key(reading.sha256) for arrival, reading in read]
    with ledger.reading() as connection:
        posted = known_arrivals(connection, keys)
    for (arrival, _), key in zip(read, keys, strict=True):
        if key in posted:
            _clear(arrival)
    return [item for item, key in zip(read, keys, strict=True) if key not in posted]


def post_periods(
    ledger: Ledger,
    judged: Sequence[tuple[Arrival, Submission]],
    kept: Collection[Path],
    now: dt.datetime,
    rules_version: str,
    progress: Progress,
) -> Iterator[Batch]:
    """Post period by period, in the order given.

    A file whose original could not be kept, because it changed since it was read, stays where it is for the next run.
    """
    done = 0
    for period, group in itertools.groupby(judged, key=lambda each: each[1].period):
        posted: list[Submission] = []
        last = 0
        with ledger.posting() as connection:
            for arrival, submission in group:
                if arrival.path in kept:
                    with connection.begin():
                        last = post(connection, submission, arrival.key(submission.reading.sha256), now, rules_version)
                    _clear(arrival)
                    posted.append(submission)
                else:
                    posted.append(dataclasses.replace(submission, status=Status.WAITING, findings=()))
                done += 1
                progress("post", done, len(judged))
        yield (Edition(period, last) if last else None), posted
