"""``annex2 watch``: a run whenever something laid into the inbox or into ``办理/`` has come to rest."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import Protocol

from pipeline.decisions.sheets_read import laid_in
from pipeline.model import Status
from pipeline.model.account import begin
from pipeline.model.errors import FolderAway, WorkspaceBusy
from pipeline.model.opening import GONE
from pipeline.model.work import silent
from pipeline.processes.crew import Crew
from pipeline.reading.inbox import escaped, scan
from pipeline.reading.unreadable import limits_of
from pipeline.run import Outcome, run_with
from pipeline.run.rest import Marks, Rest, mark
from pipeline.workspace.workspace import Workspace, open_workspace
from schemas.programme import reload_programme

BUSY_SECONDS = 1.0  # a busy workspace is looked at again soon; a request to stop is not kept waiting
AGAIN = 60.0  # seconds until a file that still waits is tried again
PAUSE, LONGEST_PAUSE = 5.0, 600.0  # seconds after a run that failed; each time twice as long
HEED = 0.1  # seconds until a request to stop is noticed
WORKERS = 2


class Listener(Protocol):
    """Who is told what happens."""

    def begun(self, workspace: Workspace) -> None: ...
    def done(self, outcome: Outcome, workspace: Workspace) -> None: ...
    def reloaded(self) -> None: ...
    def troubled(self, error: Exception) -> None:
        """Called while the error is handled, again and again as long as it lasts."""

    def recovered(self) -> None:
        """Called whenever all is well."""


def watch(workspace: Workspace, interval: float, listener: Listener, stopping: Callable[[], bool]) -> None:
    """Look into the folders every ``interval`` seconds until ``stopping``; a run under way is ended first.

    Raises AlreadyWatched, and SettingsError or ProgrammeError where they are wrong from the start. Whatever comes later is told
    and waited for.
    """
    workspace = open_workspace(workspace.root, workspace.programme_file, BUSY_SECONDS)
    with workspace.watched(), Crew(least=WORKERS) as crew:
        watcher = _Watcher(workspace, crew, listener)
        listener.begun(workspace)
        while not stopping():
            watcher.turn()
            _sleep(interval, stopping)


def _sleep(seconds: float, stopping: Callable[[], bool]) -> None:
    """In short pieces: a signal's handler does not end a sleep."""
    until = time.monotonic() + seconds
    while not stopping() and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, HEED))


class _Watcher:
    """One look after another, and the runs that follow from them."""

    def __init__(self, workspace: Workspace, crew: Crew, listener: Listener) -> None:
        self._workspace, self._crew, self._listener = workspace, crew, listener
        self._print = self._loaded = _fingerprint(workspace)
        self._rest = Rest()
        self._failures = 0
        self._run_due = 0.0  # at once: what a stopped run has left is finished
        for folder, configured in (
            (workspace.inbox, workspace.settings.paths.inbox),
            (workspace.outbox, workspace.settings.paths.outbox),
        ):
            if not configured.is_absolute():  # one that is elsewhere, on a share perhaps, is waited for
                folder.mkdir(parents=True, exist_ok=True)

    def turn(self) -> None:
        """Look once, and run if something is ripe."""
        try:
            if not self._reread():
                return
            self._look()
        except Exception as error:
            self._rest.forget()
            self._listener.troubled(error)
            return
        now = time.monotonic()
        ripe = self._rest.ripe(now)
        if ripe or now >= self._run_due:
            self._run(ripe)
        elif not self._failures:
            self._listener.recovered()

    def _reread(self) -> bool:
        """Settings and programme again where their files have changed; False while they still change."""
        seen, self._print = self._print, _fingerprint(self._workspace)
        if self._print != seen:
            return False
        if self._print != self._loaded:
            fresh = open_workspace(self._workspace.root, self._workspace.programme_file, BUSY_SECONDS)
            reload_programme(fresh.programme_file)
            _ = fresh.settings, fresh.programme
            self._workspace, self._loaded = fresh, self._print
            self._listener.reloaded()
        return True

    def _look(self) -> None:
        """Raises FolderAway, and OSError."""
        workspace = self._workspace
        if away := _away(workspace):
            raise away
        arrivals = (*scan(workspace.inbox, limits_of(workspace.programme), _utc()), *laid_in(workspace, _utc()))
        marks = {}
        for path in (arrival.path for arrival in arrivals if not arrival.left_alone):
            if found := _mark(path):
                marks[path] = found
        self._rest.look(marks, time.monotonic())

    def _run(self, ripe: Marks) -> None:
        workspace = self._workspace
        begin()
        try:
            outcome = run_with(
                self._crew, workspace, None, _utc(), silent, lambda path: path in ripe and _mark(path) == ripe[path]
            )
        except WorkspaceBusy as busy:
            self._listener.troubled(busy)
            return
        except Exception as error:
            self._failures += 1
            self._run_due = time.monotonic() + min(PAUSE * 2 ** (self._failures - 1), LONGEST_PAUSE)
            self._rest.taken(ripe, ripe, self._run_due)
            away = _away(workspace) if isinstance(error, OSError) else None
            self._listener.troubled(away or error)
            return
        self._failures, self._run_due = 0, inf
        waiting = {file.file for file in outcome.files if file.status == Status.WAITING}
        again = {path for path in ripe if path.is_relative_to(workspace.inbox) and _name(path, workspace) in waiting}
        self._rest.taken(ripe, again, time.monotonic() + AGAIN)
        self._listener.recovered()
        self._listener.done(outcome, workspace)


def _away(workspace: Workspace) -> FolderAway | None:
    """What is out of reach of the folders that a run needs."""
    folders = (("inbox", workspace.inbox), ("outbox", workspace.outbox))
    return next((FolderAway(name, str(folder)) for name, folder in folders if not folder.is_dir()), None)


def _name(path: Path, workspace: Workspace) -> str:
    """As the run's outcome calls it."""
    return escaped(path.relative_to(workspace.inbox).as_posix())


def _mark(path: Path) -> str:
    """Empty for a file that has gone; one that must not be looked at rests, so that a run tells of it."""
    try:
        return mark(path)
    except GONE:
        return ""
    except OSError as error:
        return str(error.errno)


def _fingerprint(workspace: Workspace) -> tuple[tuple[Path, str], ...]:
    """The files of settings and programme as they stand."""
    folder = workspace.programme_file.parent
    own = (path for pattern in ("*.toml", "*.csv", "*/*.toml") for path in folder.glob(pattern))
    return tuple((path, _mark(path)) for path in (workspace.root / "settings.toml", *sorted(own)))


def _utc() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
