"""``annex2 import`` (interface.md): a consolidated table of an earlier time, as baseline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.help import Command
from schemas.programme import read_wording

_help = read_wording("help")

File = Annotated[Path, typer.Argument(help=_help["import_file"], metavar="FILE", show_default=False)]
Period = Annotated[str, typer.Option("--period", help=_help["import_period"], metavar="P", show_default=False)]
By = Annotated[str, typer.Option("--by", help=_help["decision_by"], metavar="NAME", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", help=_help["import_reason"], metavar="TEXT", show_default=False)]

RETURNED, REFUSED = 1, 2
"""Exit status: the table is not what it must be, and: somebody may not import."""


def add_import(app: typer.Typer, period_of: Callable[..., dt.date | None]) -> None:
    """Register the command. ``period_of`` reads a period as an option gives it."""

    @app.command("import", cls=Command, help=_help["import"])
    def import_(context: typer.Context, file: File, period: Period, by: By, reason: Reason = "") -> None:
        from pipeline.cli import say as console
        from pipeline.decisions import Refused
        from pipeline.run import run_waiting
        from pipeline.upkeep.baseline import ImportRefused, import_baseline

        workspace = context.obj.workspace()
        if not file.is_file():
            raise typer.BadParameter(str(read_wording("messages")["no_file"]).format(file=file))
        day = period_of(period, workspace)
        assert day is not None  # the option is required
        now = dt.datetime.now(dt.UTC)
        with workspace.locked():
            try:
                imported = import_baseline(workspace, file, day, by, now, reason)
            except Refused as refused:
                console.say_refused(refused, workspace.programme)
                raise typer.Exit(REFUSED) from refused
            except ImportRefused as refused:
                console.say_import_refused(refused.lines, workspace.programme)
                raise typer.Exit(RETURNED) from refused
            outcome = run_waiting(workspace, now)  # what is compared with the baseline is judged again
        console.say_imported(imported, day, workspace.programme)
        console.say_effect(outcome, workspace.programme)
