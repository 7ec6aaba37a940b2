"""A workspace: the folder with inbox, outbox and ledger, its settings and its programme."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from pipeline.model.errors import AlreadyWatched, SettingsError, WorkspaceBusy
from pipeline.model.view import SHOWN_ZONE, NoticeChoices, Office
from pipeline.rules.judging.calendar import Calendar, Deadlines
from schemas.programme import DEFAULT_PROGRAMME, Programme, load_programme

if TYPE_CHECKING:
    from pipeline.ledger.store import Ledger
    from pipeline.workspace.settings import Settings

LOCK_SECONDS = 60  # another run of an office's size is done by then


@dataclass(frozen=True)
class Workspace:
    """Settings and programme are loaded when they are first asked for: a run starts its slowest process before."""

    root: Path
    programme_file: Path = DEFAULT_PROGRAMME
    patience: float = LOCK_SECONDS
    """Seconds that a command waits while another process writes."""
    given: Settings | None = None
    """Settings in place of those of the folder."""

    @cached_property
    def settings(self) -> Settings:
        """Raises SettingsError when they cannot be used."""
        from pipeline.workspace.settings import load_settings

        return self.given or load_settings(self.root)

    @cached_property
    def programme(self) -> Programme:
        """Raises ProgrammeError when it cannot be used."""
        return load_programme(self.programme_file)

    @property
    def inbox(self) -> Path:
        return self.root / self.settings.paths.inbox

    @property
    def outbox(self) -> Path:
        return self.root / self.settings.paths.outbox

    @property
    def outbox_name(self) -> str:
        """Tells this outbox from the others of the same ledger. A ledger in the workspace is moved and copied with its outbox."""
        if self.settings.ledger.url is None:
            return self.settings.paths.outbox.as_posix()
        import platform

        return f"{platform.node()}:{self.outbox}"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Held while something is written. Raises WorkspaceBusy when another process has it for longer than ``patience``.

        A ledger elsewhere is shared by several workspaces: it is held as well.
        """
        with self._held("annex2", self.patience, WorkspaceBusy), self._ledger_held("annex2"):
            yield

    @contextmanager
    def mailing(self) -> Iterator[None]:
        """Held while mail is sent: only another window that sends waits for it. Raises WorkspaceBusy as ``locked`` does."""
        with self._held("mail", self.patience, WorkspaceBusy), self._ledger_held("mail"):
            yield

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Held by the one process that watches this workspace. Raises AlreadyWatched when there is another."""
        with self._held("watch", 0, AlreadyWatched):
            yield

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """A folder for files that came inside others, while a run is at work; the workspace is locked."""
        folder = self.root / "ledger" / "staging"
        shutil.rmtree(folder, ignore_errors=True)  # of a run that was killed
        folder.mkdir(parents=True, exist_ok=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _held(self, name: str, seconds: float, busy: type[Exception]) -> Iterator[None]:
        path = self.root / "ledger" / f"{name}.lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path, timeout=seconds)
        try:
            lock.acquire()
        except Timeout as error:
            raise busy(str(path)) from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def _ledger_held(self, name: str) -> Iterator[None]:
        url = self.settings.ledger.url
        if url is None:
            yield
            return
        from pipeline.ledger.store import LedgerUnavailable, held

        try:
            with held(url, self.patience, name):
                yield
        except TimeoutError as busy:
            raise WorkspaceBusy(str(self.root)) from busy
        except LedgerUnavailable as error:
            raise SettingsError("ledger", ledger=str(error)) from error

    def originals_from(self, folder: Path) -> str:
        """The way from a folder to the files as sent, with slashes; absolute where they lie on another drive."""
        kept = self.root / self.settings.ledger.originals
        try:
            return Path(os.path.relpath(kept, folder)).as_posix()
        except ValueError:
            return kept.as_posix()

    @property
    def office(self) -> Office:
        """What the settings say to districts."""
        settings = self.settings.office
        units = {district: contact.unit for district, contact in self.settings.contacts.items() if contact.unit}
        return Office(
            contact=settings.contact,
            phone=settings.phone,
            units=units,
            scan=settings.scan,
            definitions_confirmed=settings.definitions_confirmed,
            notice=self._notice,
            rank_groups=self.settings.bulletin.groups,
        )

    @property
    def _notice(self) -> NoticeChoices:
        own = self.settings.notice
        template, restated = (self.root / file if file else None for file in (own.template, own.restated_template))
        return NoticeChoices(own.goals, own.late, own.cc, template, restated)

    @property
    def called(self) -> frozenset[dt.date]:
        return self.settings.periods.called

    def calendar(self, now: dt.datetime, also_called: frozenset[dt.date] = frozenset()) -> Calendar:
        """What is called and open on the day ``now`` (UTC) falls on in the office's zone."""
        due, holidays = self.settings.deadlines, self.settings.holidays
        deadlines = Deadlines(due.dates, due.working_day, due.grace)
        today = now.astimezone(SHOWN_ZONE).date()
        return Calendar(self.programme, today, self.called | also_called, deadlines, holidays.off, holidays.work)

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


def open_workspace(root: Path, programme: Path = DEFAULT_PROGRAMME, patience: float = LOCK_SECONDS) -> Workspace:
    """The workspace at ``root``, with the programme in ``programme``."""
    return Workspace(root.resolve(), programme, patience)
