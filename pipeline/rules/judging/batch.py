"""A batch of readings judged as one: placed, compared with files received before, with each other, then by the rules."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

from pipeline.model import Entry, Explanation, Finding, Known, Place, Seen, Status, Submission, Undecided
from pipeline.model.catalogue import unhandled
from pipeline.rules.arrivals import again, repeated, rivals
from pipeline.rules.judging.calendar import Calendar
from pipeline.rules.judging.judge import Judged, judge_each, judge_together
from pipeline.rules.own_row import own_entries
from pipeline.rules.parcels_again import repeated_in_run, repeated_parcels
from pipeline.rules.place import Placed
from schemas.programme import Programme

Received = tuple[Placed, dt.datetime]
"""A placed file and when it was received (UTC)."""

Settled = tuple[Status, tuple[Entry, ...], tuple[Finding, ...], tuple[Undecided, ...], tuple[Explanation, ...]]
"""What was found in a file, without the file: little to send between processes."""


def check_batch(files: Sequence[Received], known: Known, calendar: Calendar) -> list[Submission]:
    """Judge each file alone against the ledger (``check``), in the order given."""
    programme = calendar.programme
    marked = [_against_ledger(dataclasses.replace(p, received=received), known, calendar) for p, received in files]
    marked = repeated_parcels(marked, known, calendar.programme)
    judged = iter(judge_each([p for p in marked if _to_judge(p, programme)], known, calendar))
    return [
        _submission(p, received, next(judged) if _to_judge(p, programme) else None, programme)
        for p, (_, received) in zip(marked, files, strict=True)
    ]


def run_batch(files: Sequence[Received], known: Known, calendar: Calendar) -> list[Submission]:
    """Judge a run's files together, in the order given: the first of several with the same bytes counts, rivals wait (F17)."""
    programme = calendar.programme
    marked = [_against_ledger(dataclasses.replace(p, received=received), known, calendar) for p, received in files]
    marked = repeated_parcels(marked, known, calendar.programme)
    first, twins = _twins(marked, programme)
    twins |= {n: like for n, like in repeated_in_run(marked).items() if not _is_repeated(marked[n], calendar.programme)}
    for number, placed in enumerate(marked):
        if number not in twins and placed.again is None:
            earlier = first[placed.reading.sha256]
            marked[number] = _of_another(placed, marked[earlier], files[earlier][1], calendar)
    singles = [n for n, placed in enumerate(marked) if n not in twins and _to_judge(placed, calendar.programme)]
    batch = _with_rivals([marked[n] for n in singles], calendar)
    judged = dict(zip(singles, judge_together(batch, known, calendar), strict=True))
    submissions = [
        _submission(p, received, judged.get(n), programme) for n, (p, (_, received)) in enumerate(zip(marked, files, strict=True))
    ]
    return [_twin(s, submissions[twins[n]], calendar) if n in twins else s for n, s in enumerate(submissions)]


def settle_in_force(files: Sequence[Received], known: Known, calendar: Calendar) -> list[Settled]:
    """Returns that are in force judged again, as a task for another process: each alone against the ledger, and never held for a
    repetition of its own bytes."""
    programme = calendar.programme
    placed = [dataclasses.replace(p, received=received) for p, received in files]
    judged = iter(judge_each([p for p in placed if _to_judge(p, programme)], known, calendar))
    return [
        _settled_of(_submission(p, received, next(judged) if _to_judge(p, programme) else None, programme))
        for p, (_, received) in zip(placed, files, strict=True)
    ]


def settle_run(files: Sequence[Received], known: Known, calendar: Calendar) -> list[Settled]:
    """``run_batch`` as a task for another process: what it found, without the readings it was given."""
    return [_settled_of(submission) for submission in run_batch(files, known, calendar)]


def settle_check(files: Sequence[Received], known: Known, calendar: Calendar) -> list[Settled]:
    """``check_batch`` as a task for another process."""
    return [_settled_of(submission) for submission in check_batch(files, known, calendar)]


def _settled_of(submission: Submission) -> Settled:
    return submission.status, submission.entries, submission.findings, submission.undecided, submission.explanations


def settle_unhandled(placed: Placed, programme: Programme) -> Settled:
    """A file that the checks could not be done with (F18)."""
    return Status.RETURNED, (), _at_its_place((unhandled(programme, placed.reading.file),), placed), (), ()


def put_together(files: Sequence[Received], settled: Sequence[Settled]) -> list[Submission]:
    """The submissions of files and what another process found in them."""
    return [
        Submission(p.reading, status, received, p.district, p.period, p.table, entries, findings, undecided, explanations)
        for (p, received), (status, entries, findings, undecided, explanations) in zip(files, settled, strict=True)
    ]


def replaced_place(placed: Placed, known: Known) -> Place | None:
    """The district and period whose waiting return a new file replaces; None for an attachment, or bytes received before."""
    if placed.district is None or placed.period is None or placed.reading.attachment:
        return None
    here = (placed.district, placed.period)
    return None if any((s.district, s.period) == here for s in known.seen.get(placed.reading.sha256, ())) else here


def _to_judge(placed: Placed, programme: Programme) -> bool:
    """Unreadable files, attachments and repeated files have their verdict already."""
    return not placed.reading.findings and not _is_repeated(placed, programme)


def _is_repeated(placed: Placed, programme: Programme) -> bool:
    return any(programme.role_of(finding.rule) == "repeated" for finding in placed.findings)


def _against_ledger(placed: Placed, known: Known, calendar: Calendar) -> Placed:
    """With F07 or F13, when the ledger knows the bytes. A file judged again may only be another's, sent before it."""
    seen = known.seen.get(placed.reading.sha256, ())
    if placed.again is not None:
        here = (placed.district, placed.period)
        seen = tuple(s for s in seen if (s.district, s.period) != here and s.submission < placed.again)
    return _marked(placed, repeated(seen, placed.district, placed.period, calendar.programme))


def _marked(placed: Placed, finding: Finding | None) -> Placed:
    if finding is None or placed.reading.findings:
        return placed
    return dataclasses.replace(placed, findings=(*placed.findings, finding))


def _twins(marked: Sequence[Placed], programme: Programme) -> tuple[dict[str, int], dict[int, int]]:
    """The first file of each sha256, and file → first file for those with the same bytes and place as it."""
    first: dict[str, int] = {}
    twins: dict[int, int] = {}
    for number, placed in enumerate(marked):
        if placed.again is not None:
            continue
        earlier = first.setdefault(placed.reading.sha256, number)
        same = (placed.district, placed.period) == (marked[earlier].district, marked[earlier].period)
        if earlier != number and same and placed.district and placed.period and _to_judge(placed, programme):
            twins[number] = earlier
    return first, twins


def _of_another(placed: Placed, first: Placed, received: dt.datetime, calendar: Calendar) -> Placed:
    """With F13, when the first file of the run with these bytes is another district's or period's."""
    if placed is first or _is_repeated(placed, calendar.programme):
        return placed
    seen = Seen(first.district, first.period, Status.PENDING, received)
    finding = repeated((seen,), placed.district, placed.period, calendar.programme)
    return _marked(placed, finding if finding and calendar.programme.role_of(finding.rule) == "of_another" else None)


def _with_rivals(batch: Sequence[Placed], calendar: Calendar) -> list[Placed]:
    """F17 on every file of a district and period of which this run has several with other values."""
    groups: dict[tuple[str, dt.date], list[Placed]] = {}
    for placed in batch:
        if placed.district and placed.period:
            groups.setdefault((placed.district, placed.period), []).append(placed)
    found: dict[int, Finding] = {}
    for group in (group for group in groups.values() if len(group) > 1):
        files = [(p.reading.file, tuple((e.indicator, e.value) for e in own_entries(p, calendar.programme))) for p in group]
        finding = rivals(files, calendar.programme)
        found |= {id(placed): finding for placed in group if finding}
    return [_marked(placed, found.get(id(placed))) for placed in batch]


def _submission(placed: Placed, received: dt.datetime, judged: Judged | None, programme: Programme) -> Submission:
    return Submission(
        reading=placed.reading,
        status=judged.status if judged else _verdict_without_rules(placed, programme),
        received=received,
        district=placed.district,
        period=placed.period,
        table=placed.table,
        entries=judged.entries if judged else (),
        findings=judged.findings if judged else _at_its_place(placed.findings, placed),
        undecided=judged.undecided if judged else (),
        explanations=judged.explanations if judged else (),
    )


def _at_its_place(findings: tuple[Finding, ...], placed: Placed) -> tuple[Finding, ...]:
    period = placed.period.isoformat() if placed.period else None
    return tuple(dataclasses.replace(finding, district=placed.district, period=period) for finding in findings)


def _verdict_without_rules(placed: Placed, programme: Programme) -> Status:
    if _is_repeated(placed, programme):
        return Status.DUPLICATE
    return Status.ATTACHMENT if placed.reading.attachment else Status.RETURNED


def _twin(submission: Submission, first: Submission, calendar: Calendar) -> Submission:
    """A file of the same run with the same bytes and place: F07, which says what became of the first."""
    version = 1 if first.status is Status.ACCEPTED else None
    seen = Seen(first.district, first.period, first.status, first.received, version, version)
    period = submission.period.isoformat() if submission.period else None
    finding = dataclasses.replace(again(seen, calendar.programme), district=submission.district, period=period)
    return dataclasses.replace(submission, status=Status.DUPLICATE, findings=(finding,))
