"""From the ledger to the outbox: views are taken here, products are made by workers."""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from concurrent.futures import wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.ledger.period_view import period_view, unplaced
from pipeline.ledger.publications import Edition, outdated, record
from pipeline.ledger.store import Ledger
from pipeline.model.account import unmade
from pipeline.model.allowance import for_products
from pipeline.model.errors import SURROUNDINGS
from pipeline.model.words import Words
from pipeline.model.work import Progress, Workers
from pipeline.processes.publish import Published, publish_period, publish_unplaced_files
from pipeline.run.books import refresh_books
from pipeline.workspace.known_around import completed
from pipeline.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass
class Publisher:
    """Editions under way: ``start`` hands them to the workers, ``finish`` waits for them, ``note`` records them in the ledger."""

    ledger: Ledger
    workers: Workers
    workspace: Workspace
    progress: Progress
    _under_way: list[tuple[Edition, Any]] = field(default_factory=list)
    _failed: set[Edition] = field(default_factory=set)
    _unmade: list[str] = field(default_factory=list)

    def start(self, editions: Iterable[Edition]) -> None:
        """Take the view of each edition now; its products follow. One whose view cannot be taken keeps nobody waiting."""
        with self.ledger.reading() as connection:
            for edition in editions:
                self._overtake(edition)
                try:
                    self._under_way.append((edition, self._scheduled(connection, edition)))
                except SURROUNDINGS:
                    raise
                except Exception:
                    self._fails(edition)

    def _overtake(self, edition: Edition) -> None:
        """Products of the same folder that are under way are waited for: what is newer is written last."""
        older = [task for known, task in self._under_way if known.period == edition.period]
        wait(older)
        self._under_way = [item for item in self._under_way if item[1] not in older]

    def _scheduled(self, connection: Connection, edition: Edition) -> Any:
        workspace, originals = self.workspace, self.ledger.originals
        if edition.period is None:
            files = unplaced(connection, workspace.programme)
            allowance = for_products(workspace.programme, len(files))
            return self.workers.schedule(
                publish_unplaced_files, (workspace.outbox, files, edition.decision, originals), allowance
            )
        view = completed(period_view(connection, edition, workspace.programme), workspace)
        allowance = for_products(workspace.programme, len(view.files))
        return self.workers.schedule(publish_period, (workspace.outbox, view, originals), allowance)

    def _fails(self, edition: Edition) -> None:
        """None of its products could be made. Called while the error is handled."""
        self._failed.add(edition)
        unplaced_folder = str(Words(self.workspace.programme, "outbox").raw("unplaced"))
        self._lost(edition.period.isoformat() if edition.period else unplaced_folder, traceback.format_exc())

    def _lost(self, name: str, trace: str) -> None:
        self._unmade.append(name)
        unmade(name, trace)

    def start_outdated(self) -> None:
        """Everything that is behind the ledger and not under way."""
        with self.ledger.reading() as connection:
            behind = outdated(connection, self.workspace.outbox_name)
        started = {edition for edition, _ in self._under_way} | self._failed
        self.start(edition for edition in behind if edition not in started)

    def finish(self) -> tuple[Path, ...]:
        """Meanwhile write what is about more than one period, then wait; the folders, in the order they were started."""
        years = {edition.period.year for edition, _ in self._under_way if edition.period}
        for name, trace in refresh_books(self.ledger, self.workspace, years):
            self._lost(name, trace)
        folders = []
        for done, (edition, task) in enumerate(self._under_way, 1):
            folders += self._folder(edition, task)
            self.progress("publish", done, len(self._under_way))
        return tuple(folders)

    def _folder(self, edition: Edition, task: Any) -> list[Path]:
        try:
            published: Published = task.result()
        except SURROUNDINGS:
            raise
        except Exception:
            self._fails(edition)
            return []
        for name, trace in published.unmade:
            self._lost(name, trace)
        return [published.folder]

    def note(self) -> None:
        """Record in the ledger what now stands in the outbox; nothing where anything could not be made. What is behind the ledger
        is told from the last record: it is all made again."""
        if self._under_way and not self._unmade:
            with self.ledger.writing() as connection:
                record(connection, [edition for edition, _ in self._under_way], self.workspace.outbox_name)
