"""From judged submissions to the ledger: originals kept, one transaction for a period, then its files leave the inbox.

Killed anywhere, nothing is lost and nothing counted twice.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import itertools
import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pipeline.ledger.entries import LedgerEntry
from pipeline.ledger.publications import Edition, decided_up_to
from pipeline.ledger.records import Posting, known_arrivals, register_originals, standing
from pipeline.ledger.store import Ledger
from pipeline.ledger.waiting import Waiting
from pipeline.model import Status, Submission
from pipeline.model.account import account
from pipeline.model.catalogue import unhandled
from pipeline.model.errors import SURROUNDINGS
from pipeline.model.work import Progress
from pipeline.processes.apart import failing
from pipeline.reading.inbox import Arrival, is_still
from pipeline.run.gathering import Source
from pipeline.run.members import Read
from schemas.programme import Programme

if TYPE_CHECKING:
    from sqlalchemy import Connection

log = logging.getLogger(__name__)

Judged = tuple[Source, Submission]

InForce = tuple[int, Submission]
"""A return in force judged again, with the ledger's number of its submission."""

Item = TypeVar("Item", Judged, InForce)
Result = TypeVar("Result")

Posted = tuple[Edition | None, list[Submission]]
"""A period's edition as the ledger stands once it is posted (None when nothing was), and its submissions that are new or judged
otherwise than before."""


def _clear(arrival: Arrival) -> None:
    """Remove a file that is in the ledger; one that was replaced meanwhile is new. What came inside it was there before it.

    What cannot be removed now is known to be in the ledger: the next run removes it, and does not count it again.
    """
    with contextlib.suppress(OSError):
        if arrival.envelope is None and is_still(arrival):
            arrival.path.unlink()


def finish_interrupted(ledger: Ledger, read: Sequence[Read]) -> set[Arrival]:
    """Clear away files that an interrupted run had posted but not removed: those that are in the ledger. The others are new."""
    keys = {arrival: arrival.key(reading.sha256) for arrival, reading in read}
    with ledger.reading() as connection:
        known = known_arrivals(connection, list(keys.values()))
    posted = {arrival for arrival, key in keys.items() if key in known}
    for arrival in posted:
        _clear(arrival)
    return posted


def kept_whole(judged: Sequence[Judged], kept: Collection[Path]) -> set[Path]:
    """Of what was kept that of which nothing is lacking: a file with all that came inside it, and the files of one district and
    period, of which only all together say that they differ (F17), are posted together or wait together."""
    together = [(source, _together(source, submission)) for source, submission in judged if isinstance(source, Arrival)]
    waiting: set[object] = set()
    left = [each for each in together if each[0].path in kept]
    lacking = [each for each in together if each[0].path not in kept]
    while lacking:
        waiting.update(*(belongs for _, belongs in lacking))
        lacking = [each for each in left if not waiting.isdisjoint(each[1])]
        left = [each for each in left if waiting.isdisjoint(each[1])]
    return {source.path for source, _ in left}


def _together(source: Arrival, submission: Submission) -> set[object]:
    """What a file is posted with: the file of the inbox it is or was in, and others of its district and period."""
    place = (submission.district, submission.period)
    return {source.in_inbox, *([place] if all(place) else [])}


class _Undone(Exception):
    """Ends a transaction that was only an attempt."""


def post_periods(
    ledger: Ledger,
    judged: Sequence[Judged],
    kept: Collection[Path],
    now: dt.datetime,
    programme: Programme,
    progress: Progress,
) -> Iterator[Posted]:
    """Post period by period, in the order given.

    A period is one transaction: what was judged together (rivals, districts that report the same) is in the ledger together, so
    that a run stopped in between never makes the next one judge half of it. A mail or an archive comes last of all that was in
    it: once it is in the ledger nothing of it is lacking, and only then it leaves the inbox. A file whose original could not be
    kept, because it changed since it was read, stays where it is for the next run; one with which the transaction fails is
    posted as F18. All periods share one entry of the ledger's sequence: they came together.
    """
    done, entry = 0, LedgerEntry(now)
    for period, group in itertools.groupby(judged, key=lambda each: each[1].period):
        submissions = list(group)
        edition, posted = _post_period(ledger, period, submissions, kept, entry, programme)
        done += len(submissions)
        account().posted += sum(submission.status != Status.WAITING for submission in posted)
        account().complete = done == len(judged)
        for source, _ in submissions:
            if isinstance(source, Arrival) and source.path in kept:
                _clear(source)
        progress("post", done, len(judged))
        yield edition, posted


def _post_period(
    ledger: Ledger,
    period: dt.date | None,
    judged: Sequence[Judged],
    kept: Collection[Path],
    entry: LedgerEntry,
    programme: Programme,
) -> Posted:
    def post(connection: Connection, part: Sequence[Judged], own: LedgerEntry) -> Posted:
        return _post(connection, period, part, kept, own, programme.version)

    def as_unhandled(each: Judged) -> Judged:
        source, submission = each
        return source, _unhandled(submission, programme)

    return _apart(ledger, judged, post, as_unhandled, entry)


def post_in_force(
    ledger: Ledger, judged: Sequence[InForce], now: dt.datetime, programme: Programme
) -> tuple[list[Submission], bool]:
    """Other judgements of returns in force, in one transaction: those that say something new, and whether all could be posted;
    of one that could not, what was said before stands. Their values are those in force, so that none becomes a version."""
    lost: list[InForce] = []

    def post(connection: Connection, part: Sequence[InForce], own: LedgerEntry) -> list[Submission]:
        changed: list[Submission] = []
        by_period = sorted(part, key=lambda each: each[1].period or dt.date.min)
        for period, group in itertools.groupby(by_period, key=lambda each: each[1].period):
            posting = Posting(connection, own, programme.version, standing(connection, period))
            changed += [submission for number, submission in group if posting.judge_again(number, submission)]
            posting.finish()
        return changed

    return (_apart(ledger, judged, post, lost.append, LedgerEntry(now)) if judged else []), not lost


def _apart(
    ledger: Ledger,
    items: Sequence[Item],
    post: Callable[[Connection, Sequence[Item], LedgerEntry], Result],
    instead: Callable[[Item], Item | None],
    entry: LedgerEntry,
) -> Result:
    """``post`` in one transaction; each item with which that fails is told apart and posted as ``instead``, or not at all."""

    def attempt(part: Sequence[Item]) -> None:
        with contextlib.suppress(_Undone), ledger.writing() as connection:
            post(connection, part, dataclasses.replace(entry))
            raise _Undone

    def write(part: Sequence[Item]) -> Result:
        own = dataclasses.replace(entry)
        with ledger.writing() as connection:
            result = post(connection, part, own)
        entry.number = own.number  # begun for good only now
        return result

    try:
        return write(items)
    except SURROUNDINGS:
        raise
    except Exception:
        log.exception("%d files could not be posted together", len(items))
    failed = failing(items, attempt, never=SURROUNDINGS)
    for number, error in failed.items():
        reading = items[number][1].reading
        log.error("file %s (sha256 %s) could not be posted", reading.file, reading.sha256, exc_info=error)
    rest = (instead(item) if number in failed else item for number, item in enumerate(items))
    return write([item for item in rest if item is not None])


def _unhandled(submission: Submission, programme: Programme) -> Submission:
    """F18 in place of whatever was said of it."""
    period = submission.period.isoformat() if submission.period else None
    finding = dataclasses.replace(unhandled(programme, submission.reading.file), district=submission.district, period=period)
    return Submission(
        submission.reading, Status.RETURNED, submission.received, submission.district, submission.period, findings=(finding,)
    )


def _post(
    connection: Connection,
    period: dt.date | None,
    judged: Sequence[Judged],
    kept: Collection[Path],
    entry: LedgerEntry,
    rules_version: str,
) -> Posted:
    new = [submission.reading for source, submission in judged if isinstance(source, Arrival) and source.path in kept]
    posted: list[Submission] = []
    register_originals(connection, [(reading.sha256, reading.size) for reading in new], entry.at)
    posting = Posting(connection, entry, rules_version, standing(connection, period))
    for source, submission in judged:
        if isinstance(source, Waiting):
            posted += [submission] if posting.judge_again(source.submission, submission) else []
        elif source.path in kept:
            posting.add(submission, source.key(submission.reading.sha256))
            posted.append(submission)
        else:
            posted.append(dataclasses.replace(submission, status=Status.WAITING, findings=()))
    last = posting.finish()
    return (Edition(period, last, decided_up_to(connection, period)) if last else None), posted
