"""What a run did, as data: what became of every file, and what is to be told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.model import Finding, Reading, Status, Submission
from pipeline.model.view import FileRecord
from pipeline.reading.inbox import Arrival
from pipeline.reading.unreadable import unreadable
from pipeline.workspace.workspace import Workspace


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
