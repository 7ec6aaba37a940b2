"""From judged submissions to the ledger: original kept, one transaction, then the file leaves the inbox. Killed anywhere, nothing is lost."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

from pipeline.intake.inbox import Arrival
from pipeline.ledger.store import Ledger, keep_original, known_arrivals, post
from pipeline.model import Reading, Status, Submission
from pipeline.progress import Progress

Read = tuple[Arrival, Reading]


def finish_interrupted(ledger: Ledger, read: Sequence[Read]) -> list[Read]:
    """Clear away files that an interrupted run had posted but not removed; what is left is new."""
    keys = [arrival.key(reading.sha256) for arrival, reading in read]
    with ledger.reading() as connection:
        posted = known_arrivals(connection, keys)
    for (arrival, _), key in zip(read, keys, strict=True):
        if key in posted:
            arrival.path.unlink(missing_ok=True)
    return [item for item, key in zip(read, keys, strict=True) if key not in posted]


def post_all(
    ledger: Ledger, judged: Sequence[tuple[Arrival, Submission]], now: dt.datetime, rules_version: str, progress: Progress
) -> list[Submission]:
    """Post in the order given. A file that changed since it was read stays where it is, waiting for the next run."""
    posted = []
    for done, (arrival, submission) in enumerate(judged, 1):
        if keep_original(ledger, arrival.path, submission.reading.sha256):
            with ledger.writing() as connection:
                post(connection, submission, arrival.key(submission.reading.sha256), now, rules_version)
            arrival.path.unlink(missing_ok=True)
            posted.append(submission)
        else:
            posted.append(dataclasses.replace(submission, status=Status.WAITING, findings=()))
        progress("post", done, len(judged))
    return posted
