"""The outbox and the ledger apart from the inbox: made again, brought up to date, issued."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from pipeline.issue.in_place import restore_issues
from pipeline.issue.issuing import Issued, Order, issue
from pipeline.ledger.publications import editions
from pipeline.model.work import Progress, silent
from pipeline.processes.pool import start_workers, workers_for
from pipeline.run.books import write_master_ledger
from pipeline.run.publishing import Publisher
from pipeline.run.reviewing import review_what_is_left
from pipeline.run.templates import remake_templates
from pipeline.workspace.workspace import Workspace

PERIODS_PER_WORKER = 2


def rebuild(workspace: Workspace, period: dt.date | None, progress: Progress = silent) -> tuple[Path, ...]:
    """The outbox again, from the ledger: one period's folder, or everything; where it is."""
    with workspace.ledger_to_read() as ledger:
        with ledger.reading() as connection:
            wanted = [edition for edition in editions(connection) if period is None or edition.period == period]
        with workspace.locked(), start_workers(workers_for(len(wanted), PERIODS_PER_WORKER), workspace.programme) as workers:
            publisher = Publisher(ledger, workers, workspace, progress)
            publisher.start(wanted)
            made = publisher.finish()
            books = () if period else write_master_ledger(ledger, workspace)
            return (*made, *books, *remake_templates(ledger, workspace, period), *restore_issues(ledger, workspace, period))


def rebuild_issue(workspace: Workspace, period: dt.date, number: int) -> tuple[Path, ...]:
    """An issued bulletin with all its products, as it was frozen; empty where there is none."""
    with workspace.ledger_to_read() as ledger, workspace.locked():
        return restore_issues(ledger, workspace, period, number)


def issue_period(workspace: Workspace, order: Order, now: dt.datetime, progress: Progress = silent) -> Issued:
    """Issue a period, or register its number and date; then whatever is behind the ledger. Raises decisions.Refused."""
    with workspace.locked():
        review_what_is_left(workspace, now)
        with workspace.ledger() as ledger, start_workers(1, workspace.programme) as workers:
            issued = issue(ledger, workers, workspace, order, now)
        publish_outdated(workspace, progress)
    return issued


def publish_outdated(workspace: Workspace, progress: Progress = silent) -> tuple[Path, ...]:
    """Whatever is behind the ledger, made again; the folders. The workspace is locked."""
    with workspace.ledger() as ledger, start_workers(1, workspace.programme) as workers:
        publisher = Publisher(ledger, workers, workspace, progress)
        publisher.start_outdated()
        folders = publisher.finish()
        publisher.note()
    return folders
