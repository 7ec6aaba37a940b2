"""The one place that puts the stages in order: inbox → readings → checks → ledger → outbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pipeline.decisions.sheets_read import laid_in, start_books
from pipeline.model import Finding, Known, Reading, Status, Submission
from pipeline.model.labels import time_label
from pipeline.model.view import FileRecord
from pipeline.model.words import Words
from pipeline.model.work import Progress, Workers, silent
from pipeline.processes.crew import Crew
from pipeline.processes.judging import start_judging
from pipeline.processes.pool import workers_for
from pipeline.processes.publish import warm
from pipeline.processes.read_files import Item, start_reading
from pipeline.reading.inbox import Arrival, Ripe, everything, scan
from pipeline.reading.unreadable import limits_of, unreadable
from pipeline.rules.judging.batch import replaced_place, settle_run
from pipeline.rules.judging.calendar import Calendar
from pipeline.rules.place import Placed
from pipeline.run.members import Read, with_members, with_senders, with_their_places
from pipeline.run.reviewing import review_in_force
from pipeline.workspace.known_around import calendar, known, placed, placed_again
from pipeline.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pipeline.ledger.store import Ledger
    from pipeline.ledger.waiting import Waiting
    from pipeline.run.posting import Batch

PER_WORKER = 24  # below this many files a second worker takes longer to start than it saves


@dataclass(frozen=True)
class Outcome:
    """What one run did. ``missing`` are the districts of ``period`` without any return; ``folders`` is what was published."""

    files: tuple[FileRecord, ...]
    period: dt.date | None = None
    missing: tuple[str, ...] = ()
    folders: tuple[Path, ...] = ()
    told: tuple[str, ...] = ()
    """That the clock is behind the ledger, and what became of the city's decision workbooks; in Chinese."""
    reviewed: tuple[FileRecord, ...] = ()
    """Returns in force of which something else is said now: what they were compared with has changed. None was received."""


def run(workspace: Workspace, given: dt.date | None, now: dt.datetime, progress: Progress = silent) -> Outcome:
    """The main job on everything in the inbox, and on what waits in the ledger. One bad file never stops the others.

    ``given`` is the period of files that state none, ``now`` is UTC. Raises WorkspaceBusy, SettingsError, ProgrammeError, and
    OSError when the workspace cannot be read or written.
    """
    with Crew() as crew:
        workspace.inbox.mkdir(parents=True, exist_ok=True)
        return run_with(crew, workspace, given, now, progress)


def run_with(
    crew: Crew,
    workspace: Workspace,
    given: dt.date | None,
    now: dt.datetime,
    progress: Progress = silent,
    ripe: Ripe = everything,
) -> Outcome:
    """``run`` by a crew that may be at work already, on the files that are ``ripe``: the others are left for a later run.

    The inbox is not made: one that has gone away must not be taken for an empty one. Raises FileNotFoundError as well.
    """
    crew.judge()  # begins to import before anything else
    with workspace.locked(), workspace.staging() as staging, crew.ended_on_failure():
        arrivals = [arrival for arrival in scan(workspace.inbox, limits_of(workspace.programme), now) if ripe(arrival.path)]
        taken = [arrival for arrival in arrivals if not arrival.stays]
        outcome = _run(crew, workspace, taken, given, now, progress, ripe, staging)
    stayed = [stays(arrival, None, workspace) for arrival in arrivals if arrival.stays]
    return replace(outcome, files=tuple(sorted((*outcome.files, *stayed), key=lambda record: record.file)))


def run_waiting(workspace: Workspace, now: dt.datetime, progress: Progress = silent) -> Outcome:
    """Judge again what waits in the ledger, after a decision; the inbox is left for the next run. The workspace is locked."""
    with Crew() as crew:
        return _run(crew, workspace, (), None, now, progress, everything)


def _run(
    crew: Crew,
    workspace: Workspace,
    taken: Sequence[Arrival],
    given: dt.date | None,
    now: dt.datetime,
    progress: Progress,
    ripe: Ripe,
    staging: Path | None = None,
) -> Outcome:
    """Read, judge, post and publish these files. While others work, this process does what needs neither of them."""
    crew.judge()
    laid = [each for each in laid_in(workspace, now) if ripe(each.path)]
    count = workers_for(len(taken), PER_WORKER) + bool(laid)  # no return waits for a hostile 办理单
    workers = crew.workers(workspace.programme, count)
    items = [Item(arrival.path, arrival.name) for arrival in taken]
    collect = start_reading(workers, items, workspace.programme, workspace.called, progress, staging)
    books = start_books(workers, laid, workspace.programme)
    from pipeline.decisions.sheets_in import take_decision_sheets
    from pipeline.ledger.originals import keep_originals  # SQLAlchemy is imported while the workers read
    from pipeline.run.books import get_ready
    from pipeline.run.posting import finish_interrupted, kept_whole, post_periods

    with workspace.ledger() as ledger:
        told = (*_clock_behind(ledger, workspace, now), *take_decision_sheets(laid, books(), ledger, workspace, now))
        again = _read_again(ledger, workers, workspace)
        for _ in range(count):  # one for each worker, when there is nothing to read any more
            workers.schedule(warm)
        read, waiting = _at_rest(_opened(zip(taken, collect(), strict=True), workspace), now, workspace)
        posted_before = finish_interrupted(ledger, read)
        batch, around, days = _gather(ledger, workspace, read, posted_before, again(), given, now)
        files = [(file, source.received) for source, file in batch]
        submissions = start_judging(crew, settle_run, files, around, days)
        if len(batch) <= workspace.settings.book.versions:
            get_ready()
        new = [(arrival, reading) for arrival, reading in read if arrival not in posted_before]
        kept = keep_originals(ledger, [(arrival.path, reading.sha256) for arrival, reading in new], workers)
        judged = list(zip((source for source, _ in batch), submissions(), strict=True))
        batches = post_periods(ledger, judged, kept_whole(judged, kept), now, workspace.programme, progress)
        posted, reviewed, folders = _publish(
            ledger,
            workers,
            workspace,
            batches,
            lambda: review_in_force(crew, ledger, workspace, workers, now),
            lambda districts: _once_more(crew, ledger, workspace, workers, now, districts),
            progress,
        )
        period = given or max((submission.period for submission in posted if submission.period), default=None)
        with ledger.reading() as connection:
            missing = missing_districts(connection, workspace, period)
    records, again_said = ([record_of(submission, workspace) for submission in every] for every in (posted, reviewed))
    return Outcome((*records, *waiting), period, missing, folders, told, tuple(again_said))


def _opened(read: Iterable[Read], workspace: Workspace) -> list[Read]:
    """With all that came inside the files, and what the settings say of whom it is from."""
    every = [each for arrival, reading in read for each in with_members(arrival, reading)]
    return [(arrival, with_senders(reading, workspace.settings.contacts)) for arrival, reading in every]


def _at_rest(read: Sequence[Read], now: dt.datetime, workspace: Workspace) -> tuple[list[Read], list[FileRecord]]:
    """What is to be judged, and the files that stay in the inbox, with all that came inside them."""
    arriving = {arrival for arrival, reading in read if _arriving(arrival, reading, now, workspace)}
    left = {arrival.in_inbox for arrival in arriving}
    staying = [(arrival, reading if arrival in arriving else None) for arrival, reading in read if arrival.name in left]
    at_rest = [(arrival, reading) for arrival, reading in read if arrival.in_inbox not in left]
    return at_rest, [stays(arrival, reading, workspace) for arrival, reading in staying]


def _clock_behind(ledger: Ledger, workspace: Workspace, now: dt.datetime) -> tuple[str, ...]:
    """What is to be told where this machine's clock shows less than the ledger's newest time, by more than clocks differ."""
    from pipeline.ledger.entries import SLACK, latest_time

    with ledger.reading() as connection:
        last = latest_time(connection)
    if last is None or now >= last - SLACK:
        return ()
    programme = workspace.programme
    text: str = Words(programme, "messages").raw("clock_behind")
    return (text.format(now=time_label(now, programme), last=time_label(last, programme)),)


def _once_more(
    crew: Crew, ledger: Ledger, workspace: Workspace, workers: Workers, now: dt.datetime, districts: frozenset[str]
) -> Iterable[Batch]:
    """What waits, judged as the next run would; nothing where nothing waits of these districts."""
    from pipeline.ledger.waiting import waiting
    from pipeline.run.posting import post_periods

    with ledger.reading() as connection:
        if districts.isdisjoint(each.district for each in waiting(connection, workspace.programme.rule_for("unhandled"))):
            return ()
    batch, around, days = _gather(ledger, workspace, (), (), _read_again(ledger, workers, workspace)(), None, now)
    files = [(file, source.received) for source, file in batch]
    judged = zip((source for source, _ in batch), start_judging(crew, settle_run, files, around, days)(), strict=True)
    return post_periods(ledger, list(judged), (), now, workspace.programme, silent)


def _read_again(ledger: Ledger, workers: Workers, workspace: Workspace) -> Callable[[], list[tuple[Waiting, Reading]]]:
    """Have the submissions that wait read again, from their originals. One whose original has gone stays as it is, and so does
    what could not be taken out of another file, and a mail or an archive that was sent back: nobody would read what is in it."""
    from pipeline.ledger.waiting import waiting

    with ledger.reading() as connection:
        found = [
            each
            for each in waiting(connection, workspace.programme.rule_for("unhandled"))
            if not (each.envelope and each.envelope.refused)
        ]
    items = [Item(ledger.originals / each.sha256, each.file, each.envelope) for each in found]
    collect = start_reading(workers, items, workspace.programme, workspace.called, silent)

    def again() -> list[tuple[Waiting, Reading]]:
        read = [(each, reading) for each, reading in zip(found, collect(), strict=True) if reading.sha256 == each.sha256]
        return [(each, with_senders(reading, workspace.settings.contacts)) for each, reading in read if not reading.parcel]

    return again


def _gather(
    ledger: Ledger,
    workspace: Workspace,
    read: Sequence[Read],
    posted: Collection[Arrival],
    again: Sequence[tuple[Waiting, Reading]],
    given: dt.date | None,
    now: dt.datetime,
) -> tuple[list[tuple[Arrival | Waiting, Placed]], Known, Calendar]:
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
    batch: list[tuple[Arrival | Waiting, Placed]] = [*arrived, *waited]
    return sorted(batch, key=lambda item: _order(item[1])), around, days


def _order(file: Placed) -> tuple[dt.date, bool, bool, str]:
    holds_others = file.reading.parcel is not None and file.reading.envelope is None
    return file.period or dt.date.min, file.again is None, holds_others, file.reading.file


def _overtaken(connection: Connection, source: Waiting, file: Placed) -> bool:
    """A file whose place is known only now, where a later one has been received for that place."""
    from pipeline.ledger.waiting import is_overtaken

    if not source.lost or file.district is None or file.period is None:
        return False
    return is_overtaken(connection, source.submission, file.district, file.period)


def _publish(
    ledger: Ledger,
    workers: Workers,
    workspace: Workspace,
    batches: Iterable[Batch],
    review: Callable[[], list[Submission]],
    once_more: Callable[[frozenset[str]], Iterable[Batch]],
    progress: Progress,
) -> tuple[list[Submission], list[Submission], tuple[Path, ...]]:
    """Products of a period are made while the next one is posted; then what is in force is reviewed. What waits is judged once
    more as long as that accepts or says anything that it may have waited for, so that the next run finds nothing to do; then
    whatever else is behind the ledger is made. What was posted, what was said otherwise of what is in force, and the folders."""
    from pipeline.run.publishing import Publisher

    publisher = Publisher(ledger, workers, workspace, progress)
    posted: dict[_File, Submission] = {}
    reviewed: dict[_File, Submission] = {}
    while batches:
        accepted: set[str | None] = set()
        for edition, submissions in batches:
            posted |= {_file(each): each for each in submissions}
            accepted |= {each.district for each in submissions if each.status is Status.ACCEPTED}
            publisher.start([edition] if edition else [])
        again = review()
        reviewed |= {_file(each): each for each in again}
        batches = once_more(frozenset(name for name in (*accepted, *(each.district for each in again)) if name))
    publisher.start_outdated()
    from pipeline.issue.issuing import finish_issues  # imported while the workers write

    folders = publisher.finish()
    publisher.note()
    finish_issues(ledger, workspace)
    return list(posted.values()), list(reviewed.values()), folders


_File = tuple[str, str, bool]


def _file(submission: Submission) -> _File:
    """What is said of a file in a later pass takes the place of what was said before; a repetition is a file of its own."""
    return submission.reading.file, submission.reading.sha256, submission.status is Status.DUPLICATE


def missing_districts(connection: Connection, workspace: Workspace, period: dt.date | None) -> tuple[str, ...]:
    """Districts that owe a return for the period and sent none, in form order."""
    from pipeline.ledger.lookup import reported
    from pipeline.ledger.settling import excused_places

    if period is None:
        return ()
    known = reported(connection, period) | {district for district, day in excused_places(connection) if day == period}
    return tuple(district for district in workspace.programme.district_names if district not in known)


def _arriving(arrival: Arrival, reading: Reading, now: dt.datetime, workspace: Workspace) -> bool:
    """An unfinished container that was written to a short while ago, or a file that could not be opened."""
    minutes = workspace.programme.thresholds["F01_incomplete_minutes"]
    return not reading.sha256 or (reading.incomplete and now - arrival.modified < dt.timedelta(minutes=minutes))


def stays(arrival: Arrival, reading: Reading | None, workspace: Workspace, shown: str = "") -> FileRecord:
    """A file that stays in the inbox: left alone, refused in place, or still arriving. ``shown`` is another name for it."""
    findings: tuple[Finding, ...] = ()
    if arrival.refused:
        findings = (unreadable(workspace.programme, PurePosixPath(arrival.name).name, arrival.refused),)
    elif reading and not reading.incomplete:  # found to be unreadable only when it was opened
        findings = reading.findings
    status = Status.IGNORED if arrival.left_alone else Status.RETURNED if findings else Status.WAITING
    return FileRecord(shown or arrival.name, "", status, arrival.received, findings=findings)


def record_of(submission: Submission, workspace: Workspace, file: str | None = None) -> FileRecord:
    """What a run or ``check`` says of a file; ``file`` is another name for it."""
    return FileRecord(
        file=file or submission.reading.file,
        sha256=submission.reading.sha256,
        status=submission.status,
        received=submission.received,
        district=submission.district,
        period=submission.period,
        sheet=submission.table.sheet if submission.table else None,
        values={i: submission.values.get(i) for i in workspace.programme.indicator_ids},
        cells={entry.indicator: entry.cell for entry in submission.entries},
        findings=submission.findings,
        undecided=submission.undecided,
        envelope=submission.reading.envelope,
        parcel=submission.reading.parcel,
    )
