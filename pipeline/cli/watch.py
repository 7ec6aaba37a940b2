"""``annex2 watch`` (interface.md): a window that stays open."""

from __future__ import annotations

import datetime as dt
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.failures import passing_failure, told_unmade
from pipeline.cli.say import say_outcome
from pipeline.model.account import account
from pipeline.model.errors import WorkspaceBusy
from pipeline.model.view import SHOWN_ZONE
from pipeline.model.words import Words
from pipeline.run import Outcome
from pipeline.run.watch import watch as watch_folders
from pipeline.workspace.workspace import Workspace
from schemas.programme import DEFAULT_WORDING

_help, _messages = Words(DEFAULT_WORDING, "help"), Words(DEFAULT_WORDING, "messages")

STOPS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Ctrl-C, the system's end, the window closed: on Linux, and on Windows."""

Interval = Annotated[float, typer.Option("--interval", help=_help.raw("watch_interval"), metavar="S", min=0.1, max=3600)]


def watch(context: typer.Context, interval: Interval = 1.0) -> None:
    stops: list[int] = []
    for name in STOPS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda number, _frame: stops.append(number))
    workspace = context.obj.workspace()
    window = Window(workspace.root)
    watch_folders(workspace, interval, window, lambda: bool(stops))
    window.ended()


class Window:
    """What the watcher does, said on standard error; what lasts is said once. A window that was closed hears nothing."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._trouble = ""
        self._waiting: set[str] = set()

    def begun(self, workspace: Workspace) -> None:
        folder = workspace.root / Words(workspace.programme, "decisions").text("sheets.folder")
        _say(_messages.text("watch.begun", inbox=workspace.inbox, folder=folder))

    def done(self, outcome: Outcome, workspace: Workspace) -> None:
        waiting = {file.file for file in outcome.files if file.status == "waiting"}
        news = tuple(file for file in outcome.files if file.file not in waiting & self._waiting)
        self._waiting = waiting
        if news or outcome.told:
            _say(_stamp())
            with suppress(OSError):
                say_outcome(replace(outcome, files=news), workspace)
        if missing := told_unmade(account()):
            _say(_stamp() + missing)

    def reloaded(self) -> None:
        _say(_stamp() + _messages.text("watch.reloaded"))

    def troubled(self, error: Exception) -> None:
        busy = isinstance(error, WorkspaceBusy)
        words = _messages.table("watch")
        trouble = words["busy"] if busy else words["trouble"].format(reason=passing_failure(error, self._root))
        if trouble != self._trouble:
            _say(_stamp() + trouble)
        self._trouble = trouble

    def recovered(self) -> None:
        if self._trouble:
            _say(_stamp() + _messages.text("watch.recovered"))
        self._trouble = ""

    def ended(self) -> None:
        _say(_messages.text("watch.stopped"))


def _say(text: str) -> None:
    with suppress(OSError):
        print(text, file=sys.stderr, flush=True)


def _stamp() -> str:
    return _messages.text("watch.time", time=dt.datetime.now(SHOWN_ZONE).strftime("%m-%d %H:%M"))
