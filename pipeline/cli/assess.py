"""``annex2 assess``: the year-end figures as issued, and how each district reported in the year (interface.md)."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from pipeline.cli.help import Command
from schemas.programme import read_wording

_help = read_wording("help")

Year = Annotated[int, typer.Argument(help=_help["assess_year"], metavar="YEAR", min=dt.MINYEAR + 1, max=dt.MAXYEAR)]

REFUSED = 2
"""The exit status for a year whose last bulletin is not issued."""


def add_assess(app: typer.Typer) -> None:
    """Register the command."""

    @app.command("assess", cls=Command, help=_help["assess"])
    def assess(context: typer.Context, year: Year) -> None:
        from pipeline.cli import say_assess as console_assess
        from pipeline.run.books import assessment_of, write_assessment

        workspace = context.obj.workspace()
        with workspace.locked(), workspace.ledger_to_read() as ledger, ledger.reading() as connection:
            assessment = assessment_of(connection, workspace, year)
            path = write_assessment(workspace, assessment) if assessment else None
        if assessment is None or path is None:
            console_assess.say_not_issued(year, workspace.programme)
            raise typer.Exit(REFUSED)
        console_assess.say_assessment(assessment, path, workspace.programme)
