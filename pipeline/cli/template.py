"""``annex2 template``: blank returns for a period (interface.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.given import a_period, now
from pipeline.cli.say import say
from pipeline.model.words import Words
from pipeline.run.templates import TemplateRefused, make_templates
from schemas.programme import DEFAULT_WORDING

_help = Words(DEFAULT_WORDING, "help")

Period = Annotated[str, typer.Option("--period", help=_help.raw("template_period"), metavar="P", show_default=False)]
Districts = Annotated[list[str] | None, typer.Option("--district", help=_help.raw("template_district"), metavar="D")]
Out = Annotated[Path | None, typer.Option("--out", help=_help.raw("template_out"), metavar="DIR")]


def template(context: typer.Context, period: Period, district: Districts = None, out: Out = None) -> None:
    workspace = context.obj.workspace()
    day = a_period(period, workspace)
    try:
        folder, count = make_templates(workspace, day, district or (), out, now())
    except TemplateRefused as refused:
        raise typer.BadParameter(refused.text(workspace.programme)) from refused
    say(workspace.programme, "templates", count=count, path=folder)
