"""``annex2 send``: a period's mails as drafts, and sent (interface.md)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated

import typer

from pipeline.cli.help import Command
from schemas.programme import read_wording

_help = read_wording("help")

Period = Annotated[str, typer.Argument(help=_help["send_period"], metavar="P", show_default=False)]
Yes = Annotated[bool, typer.Option("--yes", help=_help["send_yes"])]

LEFT, UNABLE = 1, 2
"""Exit status: some letter did not go out, and: the server takes nothing, or there is nothing that could be sent."""


def add_send(app: typer.Typer, period_of: Callable[..., dt.date | None]) -> None:
    """Register the command. ``period_of`` reads a period as an option gives it."""

    @app.command("send", cls=Command, help=_help["send"])
    def send(context: typer.Context, period: Period, yes: Yes = False) -> None:
        from pipeline.cli import say_send as console_send
        from pipeline.mail.sending import deliver, prepare
        from pipeline.mail.smtp import ServerTrouble

        workspace = context.obj.workspace()
        day = period_of(period, workspace)
        assert day is not None  # the argument is required
        post = prepare(workspace, day, dt.datetime.now(dt.UTC))
        if not post.letters:
            console_send.say_nothing(post, workspace.programme)
            raise typer.Exit(0 if post.called else UNABLE)
        if not yes:
            console_send.say_drafts(post, workspace.programme)
            return
        said = console_send.Said(workspace.programme)
        try:
            said.tell(post.letters, deliver(workspace, post, lambda: dt.datetime.now(dt.UTC)))
        except ServerTrouble as trouble:
            said.tell_trouble(trouble)
            raise typer.Exit(UNABLE) from trouble
        if said.left:
            raise typer.Exit(LEFT)
