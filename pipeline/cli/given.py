"""What a command is given: the workspace and the programme that were chosen, and periods and days as they are written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import typer

from pipeline.model.words import Words
from pipeline.reading.values import find_periods
from pipeline.workspace.workspace import Workspace, open_workspace
from schemas.programme import DEFAULT_WORDING

_messages = Words(DEFAULT_WORDING, "messages")


@dataclass(frozen=True)
class Chosen:
    """What the global options chose."""

    root: Path
    programme: Path

    def workspace(self) -> Workspace:
        return open_workspace(self.root, self.programme)


def now() -> dt.datetime:
    """The time of the command, UTC."""
    return dt.datetime.now(dt.UTC)


def a_period(text: str, workspace: Workspace) -> dt.date:
    """A period as an option gives it: an ISO date, or any way the form may state it. Raises BadParameter."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        days = {mention.as_of for mention in find_periods(text, workspace.programme) if mention.as_of}
    if len(days) != 1:
        raise typer.BadParameter(_messages.text("no_period", text=text))
    return days.pop()


def period_or_none(text: str | None, workspace: Workspace) -> dt.date | None:
    """The same of an option that may be left out."""
    return None if text is None else a_period(text, workspace)


def a_day(text: str) -> dt.date:
    """A day as an option gives it: an ISO date. Raises BadParameter."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(_messages.text("no_day", text=text)) from error


def a_file(path: Path) -> Path:
    """A file that is there. Raises BadParameter."""
    if not path.is_file():
        raise typer.BadParameter(_messages.text("no_file", file=path))
    return path
