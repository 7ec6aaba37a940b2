"""A workspace: the folder with inbox, outbox and ledger, its settings and its programme."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from pipeline.checks.calendar import Calendar
from pipeline.settings import Settings, SettingsError, load_settings
from pipeline.view import SHOWN_ZONE
from schemas.programme import DEFAULT_PROGRAMME, Programme, load_programme

if TYPE_CHECKING:
    from pipeline.ledger.store import Ledger

LOCK_SECONDS = 60  # another run of an office's size is done by then


class WorkspaceBusy(Exception):
    """Another process is writing in this workspace."""


class OccupiedFolder(Exception):
    """A folder that was to become a demonstration holds something else; nothing was touched."""


@dataclass(frozen=True)
class Workspace:
    root: Path
    settings: Settings
    programme: Programme

    @property
    def inbox(self) -> Path:
        return self.root / self.settings.paths.inbox

    @property
    def outbox(self) -> Path:
        return self.root / self.settings.paths.outbox

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Held while something is written. Raises WorkspaceBusy when another process has it for longer than a moment."""
        path = self.root / "ledger" / "annex2.lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path, timeout=LOCK_SECONDS)
        try:
            lock.acquire()
        except Timeout as busy:
            raise WorkspaceBusy(str(path)) from busy
        try:
            yield
        finally:
            lock.release()

    @property
    def called(self) -> frozenset[dt.date]:
        return self.settings.periods.called

    def calendar(self, now: dt.datetime) -> Calendar:
        """What is called and open on the day ``now`` (UTC) falls on in the office's zone."""
        return Calendar(self.programme, now.astimezone(SHOWN_ZONE).date(), self.called)

    def ledger(self) -> Ledger:
        """The ledger, created if there is none. Raises SettingsError when it cannot be opened."""
        from pipeline.ledger.store import LedgerUnavailable, open_ledger, sqlite_url

        url = self.settings.ledger.url or sqlite_url(self.root / "ledger" / "ledger.db")
        try:
            return open_ledger(url, self.root / self.settings.ledger.originals)
        except LedgerUnavailable as error:
            raise SettingsError("ledger", ledger=str(error)) from error

    def ledger_to_read(self) -> Ledger:
        """The ledger if there is one, else an empty one that is written nowhere."""
        from pipeline.ledger.store import empty_ledger

        database = self.root / "ledger" / "ledger.db"
        return self.ledger() if self.settings.ledger.url or database.exists() else empty_ledger()


def open_workspace(root: Path, programme: Path | None = None) -> Workspace:
    """The workspace at ``root``. Raises SettingsError or ProgrammeError when its configuration cannot be used."""
    root = root.resolve()
    return Workspace(root, load_settings(root), load_programme(programme or DEFAULT_PROGRAMME))
