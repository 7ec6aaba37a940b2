"""From the ledger to the outbox: views are taken here, products are made by workers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.books import refresh_books
from pipeline.context import completed
from pipeline.ledger.picture import period_view, unplaced
from pipeline.ledger.publications import Edition, outdated, record
from pipeline.ledger.store import Ledger
from pipeline.products import publish_period, publish_unplaced_files
from pipeline.progress import Progress
from pipeline.workers import Workers
from pipeline.workspace import Workspace


@dataclass
class Publisher:
    """Editions under way: ``start`` hands them to the workers, ``finish`` waits for them, ``note`` records them in the ledger."""

    ledger: Ledger
    workers: Workers
    workspace: Workspace
    progress: Progress
    _under_way: list[tuple[Edition, Any]] = field(default_factory=list)

    def start(self, editions: Iterable[Edition]) -> None:
        """Take the view of each edition now; its products follow."""
        task: Callable[..., Path]
        args: tuple[Any, ...]
        with self.ledger.reading() as connection:
            for edition in editions:
                if edition.period is None:
                    files = unplaced(connection, self.workspace.programme)
                    task, args = publish_unplaced_files, (self.workspace.outbox, files, self.ledger.originals)
                else:
                    view = completed(period_view(connection, edition, self.workspace.programme), self.workspace)
                    task, args = publish_period, (self.workspace.outbox, view, self.ledger.originals)
                self._under_way.append((edition, self.workers.schedule(task, args=args)))

    def start_outdated(self) -> None:
        """Everything that is behind the ledger and not under way."""
        with self.ledger.reading() as connection:
            behind = outdated(connection, self.workspace.outbox_name)
        started = {edition for edition, _ in self._under_way}
        self.start(edition for edition in behind if edition not in started)

    def finish(self) -> tuple[Path, ...]:
        """Meanwhile write what is about more than one period, then wait; the folders, in the order they were started."""
        refresh_books(self.ledger, self.workspace, {edition.period.year for edition, _ in self._under_way if edition.period})
        folders = []
        for done, (_, task) in enumerate(self._under_way, 1):
            folders.append(task.result())
            self.progress("publish", done, len(self._under_way))
        return tuple(folders)

    def note(self) -> None:
        """Record in the ledger what now stands in the outbox."""
        if self._under_way:
            with self.ledger.writing() as connection:
                record(connection, [edition for edition, _ in self._under_way], self.workspace.outbox_name)
