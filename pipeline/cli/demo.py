"""``annex2 demo``: a demonstration in a folder of its own (interface.md)."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.given import now
from pipeline.cli.say import say_run
from pipeline.model.labels import period_label
from pipeline.model.words import Words
from pipeline.run import Outcome
from pipeline.upkeep.demo.demonstrate import demonstrate
from pipeline.workspace.workspace import Workspace
from schemas.programme import DEFAULT_WORDING, Programme, load_programme

_help = Words(DEFAULT_WORDING, "help")


def demo(
    context: typer.Context, folder: Annotated[Path, typer.Argument(help=_help.raw("demo_folder"), metavar="DIR")] = Path("demo")
) -> None:
    programme = load_programme(context.obj.programme)
    _say_begin(programme, folder)
    workspace = demonstrate(folder, context.obj.programme, now(), _say_step)
    _say_end(workspace)


def _say_begin(programme: Programme, folder: Path) -> None:
    """Where the demonstration takes place."""
    print(Words(programme, "messages").text("demo.begin", path=folder.resolve()), file=sys.stderr)


def _say_step(workspace: Workspace, period: str, count: int, done: tuple[Outcome, float] | None) -> None:
    """What is dropped before a run; after it what came of it and how many seconds it took."""
    programme = workspace.programme
    words = Words(programme, "messages")
    if done is None:
        label = period_label(dt.date.fromisoformat(period), programme)
        print(words.text("demo.drop", period=label, count=count), file=sys.stderr)
    else:
        outcome, seconds = done
        say_run(outcome, workspace)
        print(words.text("demo.took", seconds=f"{seconds:.1f}"), file=sys.stderr)


def _say_end(workspace: Workspace) -> None:
    """What to open: the last period's products."""
    programme = workspace.programme
    words, names = Words(programme, "messages"), Words(programme, "outbox").table("files")
    folder = max(folder for folder in workspace.outbox.iterdir() if folder.name[:1].isdecimal())
    print(words.text("demo.end"), file=sys.stderr)
    for name, product in (("bulletin", "bulletin"), ("report", "report_page"), ("papers", "working_papers")):
        path = folder / names[product].format(as_of=folder.name)
        print(words.text("demo.item", name=words.table("demo")[name], path=path), file=sys.stderr)
