"""Accepted returns judged again when what they were compared with has changed (domain.md).

That is a restatement, a withdrawal, an earlier period that came late, a time of receipt, a decision. They stay in force whatever
is found; what is found stands open on them.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.ledger.period_view import findings_of
from pipeline.ledger.reviews import last_entry, note_reviewed, outdated_in_force, reviewed_up_to
from pipeline.model import Finding, Status, Submission
from pipeline.model.work import Workers, silent
from pipeline.processes.crew import Crew
from pipeline.processes.judging import start_judging
from pipeline.processes.read_files import Item, start_reading
from pipeline.rules.judging.batch import settle_in_force
from pipeline.run.posting import post_in_force
from pipeline.workspace.known_around import calendar, known, placed_in_force
from pipeline.workspace.workspace import Workspace
from schemas.programme import Programme

if TYPE_CHECKING:
    from pipeline.ledger.reviews import Held
    from pipeline.ledger.store import Ledger

log = logging.getLogger(__name__)


def review_in_force(crew: Crew, ledger: Ledger, workspace: Workspace, workers: Workers, now: dt.datetime) -> list[Submission]:
    """Judge again what is in force and does not know what was recorded since: those of which something else is said now.

    In passes, each file once a pass, until nothing is left that one of them does not know. What cannot be read again as it is in
    the ledger is left as it was said of it, and tried again by the next run: the gate tells what is wrong with it (B07, B08).
    """
    with ledger.reading() as connection:
        begun, last = reviewed_up_to(connection), last_entry(connection)
    since, complete, changed = begun, True, list[Submission]()
    while last > since:
        with ledger.reading() as connection:
            held = outdated_in_force(connection, since)
        judged = _judge_again(crew, ledger, workspace, workers, held, now) if held else []
        said, posted = post_in_force(ledger, judged, now, workspace.programme)
        complete = complete and posted and len(judged) == len(held)
        changed += said
        with ledger.reading() as connection:
            since, last = last, last_entry(connection)
    if complete and last > begun:
        with ledger.writing() as connection:
            note_reviewed(connection, last)
    return changed


def review_what_is_left(workspace: Workspace, now: dt.datetime) -> None:
    """What a stopped run has left to be seen to: whoever issues must not be told less than the ledger knows. The workspace is
    locked."""
    with workspace.ledger() as ledger:
        with ledger.reading() as connection:
            left = outdated_in_force(connection, reviewed_up_to(connection))
        if left:
            with Crew() as crew:
                crew.judge()
                review_in_force(crew, ledger, workspace, crew.workers(workspace.programme, 1), now)


def _judge_again(
    crew: Crew, ledger: Ledger, workspace: Workspace, workers: Workers, held: Sequence[Held], now: dt.datetime
) -> list[tuple[int, Submission]]:
    """Each with the ledger's number of its submission; without those that do not read as the ledger has them."""
    items = [Item(ledger.originals / each.sha256, each.file, each.envelope) for each in held]
    readings = start_reading(workers, items, workspace.programme, workspace.called, silent)()
    with ledger.reading() as connection:
        days = calendar(connection, workspace, now)
        places = placed_in_force(connection, [(r, each.place) for each, r in zip(held, readings, strict=True)], days, now)
        files = [
            dataclasses.replace(file, again=each.submission, entry=each.entry) for each, file in zip(held, places, strict=True)
        ]
        around = dataclasses.replace(known(connection, files, workspace), in_force={each.place: each.replaced for each in held})
        said = findings_of(connection, [each.judgement for each in held])
    received = [(file, each.received) for each, file in zip(held, files, strict=True)]
    submissions = start_judging(crew, settle_in_force, received, around, days)()
    return [
        (each.submission, _still_in_force(submission, said.get(each.judgement, ()), workspace.programme))
        for each, submission in zip(held, submissions, strict=True)
        if _reads_as_held(submission, each)
    ]


def _reads_as_held(submission: Submission, held: Held) -> bool:
    read = {indicator: value for indicator, value in submission.values.items() if value is not None}
    same = submission.reading.sha256 == held.sha256 and read == held.values
    if not same:
        log.warning("file %s (sha256 %s) does not read as its version in force", held.file, held.sha256)
    return same


def _still_in_force(submission: Submission, said: Sequence[Finding], programme: Programme) -> Submission:
    """Accepted, with what is found now by comparison, and of what was said of the file itself what still is."""
    before = {(finding.rule, finding.indicator, finding.cell) for finding in said}
    findings = tuple(
        finding
        for finding in submission.findings
        if _may_arise(finding.rule, programme) or (finding.rule, finding.indicator, finding.cell) in before
    )
    return dataclasses.replace(submission, status=Status.ACCEPTED, findings=findings)


def _may_arise(rule: str, programme: Programme) -> bool:
    """Whether a rule may say something new of what is in force; the others were answered when it was accepted."""
    return programme.rules[rule].may_arise_later
