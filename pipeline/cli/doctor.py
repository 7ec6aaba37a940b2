"""``annex2 doctor``: what is set up on this machine, what is missing (interface.md)."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from pipeline.cli.help import Command
from schemas.programme import read_wording

_help = read_wording("help")

Connect = Annotated[bool, typer.Option("--connect", help=_help["doctor_connect"])]

UNUSABLE = 2
"""The exit status when something is missing that annex2 cannot do without."""


def add_doctor(app: typer.Typer) -> None:
    """Register the command."""

    @app.command("doctor", cls=Command, help=_help["doctor"])
    def doctor(context: typer.Context, connect: Connect = False) -> None:
        from pipeline.cli import say_doctor as console_doctor
        from pipeline.upkeep.doctor import Office, State, examine, installed

        workspace = context.obj.workspace()
        console_doctor.say_begin(workspace.root)
        counts = console_doctor.say_seen(examine(Office(workspace, dt.datetime.now(dt.UTC), installed(), connect)))
        console_doctor.say_end(counts)
        if counts[State.BROKEN]:
            raise typer.Exit(UNUSABLE)
