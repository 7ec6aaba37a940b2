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
from typing import TYPE_CHECKING

from pipeline.intake.inbox import Arrival, is_still
from pipeline.ledger.publications import Edition, decided_up_to
from pipeline.ledger.records import Posting, known_arrivals, register_originals, standing
from pipeline.ledger.store import Ledger
from pipeline.ledger.waiting import Waiting
from pipeline.model import Reading, Status, Submission
from pipeline.progress import Progress

if TYPE_CHECKING:
    from sqlalchemy import Connection

Read = tuple[Arrival, Reading]

Source = Arrival | Waiting
"""Where a submission comes from: the inbox, or the ledger, to be judged again."""

Batch = tuple[Edition | None, list[Submission]]
"""A period's edition as the ledger stands once it is posted (None when nothing was), and its submissions that are new or judged
otherwise than before."""


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


def _begin(
    connection: Connection,
    period: dt.date | None,
    every: Sequence[tuple[Source, Submission]],
    kept: Collection[Path],
    now: dt.datetime,
    rules_version: str,
) -> Posting:
    """The originals of a period noted together, and its versions as they stand before it is posted."""
    new = [submission.reading for source, submission in every if not isinstance(source, Waiting) and source.path in kept]
    with connection.begin():
        register_originals(connection, [(reading.sha256, reading.size) for reading in new], now)
        return Posting(connection, now, rules_version, standing(connection, period))


def post_periods(
    ledger: Ledger,
    judged: Sequence[tuple[Source, Submission]],
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
        every = list(group)
        with ledger.posting() as connection:
            posting = _begin(connection, period, every, kept, now, rules_version)
            for source, submission in every:
                if isinstance(source, Waiting):
                    with connection.begin():
                        judgement = posting.judge_again(source.submission, submission)
                    posted += [submission] if judgement else []
                    last = judgement or last
                elif source.path in kept:
                    with connection.begin():
                        last = posting.add(submission, source.key(submission.reading.sha256))
                    _clear(source)
                    posted.append(submission)
                else:
                    posted.append(dataclasses.replace(submission, status=Status.WAITING, findings=()))
                done += 1
                progress("post", done, len(judged))
            edition = Edition(period, last, decided_up_to(connection, period)) if last else None
        yield edition, posted
