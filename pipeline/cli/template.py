"""``annex2 template``: blank returns for a period (interface.md)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.help import Command
from schemas.programme import read_wording

_help = read_wording("help")

Period = Annotated[str, typer.Option("--period", help=_help["template_period"], metavar="P", show_default=False)]
Districts = Annotated[list[str] | None, typer.Option("--district", help=_help["template_district"], metavar="D")]
Out = Annotated[Path | None, typer.Option("--out", help=_help["template_out"], metavar="DIR")]


def add_template(app: typer.Typer, period_of: Callable[..., dt.date | None]) -> None:
    """Register the command. ``period_of`` reads a period as an option gives it."""

    @app.command("template", cls=Command, help=_help["template"])
    def template(context: typer.Context, period: Period, district: Districts = None, out: Out = None) -> None:
        from pipeline.cli import say as console
        from pipeline.run.templates import TemplateRefused, make_templates

        workspace = context.obj.workspace()
        day = period_of(period, workspace)
        assert day is not None  # the option is required
        try:
            folder, count = make_templates(workspace, day, district or (), out, dt.datetime.now(dt.UTC))
        except TemplateRefused as refused:
            raise typer.BadParameter(refused.text(workspace.programme)) from refused
        console.say(workspace.programme, "templates", count=count, path=folder)
