"""From the ledger to the outbox: views are taken here, products made by workers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.ledger.picture import period_view, unplaced
from pipeline.ledger.publications import Edition, outdated, record
from pipeline.ledger.store import Ledger
from pipeline.outputs.publish import publish
from pipeline.outputs.unplaced import publish_unplaced
from pipeline.progress import Progress
from pipeline.workers import Workers
from pipeline.workspace import Workspace


def publish_editions(
    ledger: Ledger, workers: Workers, workspace: Workspace, editions: Sequence[Edition], progress: Progress
) -> tuple[Path, ...]:
    """Make the products of these editions and put them in place; their folders, periods in order."""
    tasks = []
    with ledger.reading() as connection:
        for edition in editions:
            if edition.period is None:
                files = unplaced(connection, workspace.programme)
                tasks.append(workers.schedule(publish_unplaced, args=(workspace.outbox, files, ledger.originals)))
            else:
                view = period_view(connection, edition.period, workspace.programme)
                tasks.append(workers.schedule(publish, args=(workspace.outbox, view)))
    folders = []
    for done, task in enumerate(tasks, 1):
        folders.append(task.result())
        progress("publish", done, len(tasks))
    return tuple(folders)


def publish_outdated(ledger: Ledger, workers: Workers, workspace: Workspace, progress: Progress) -> tuple[Path, ...]:
    """Publish what is behind the ledger, and note it."""
    with ledger.reading() as connection:
        editions = outdated(connection)
    folders = publish_editions(ledger, workers, workspace, editions, progress)
    if editions:
        with ledger.writing() as connection:
            record(connection, editions)
    return folders
