"""``annex2 rebuild``: the outbox made again from the ledger (interface.md)."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.given import period_or_none
from pipeline.cli.issue import add_pdfs
from pipeline.cli.say import progress_bars, say
from pipeline.model.words import Words
from pipeline.run.rebuild import rebuild as rebuild_outbox
from pipeline.run.rebuild import rebuild_issue
from schemas.programme import DEFAULT_WORDING

_help, _messages = Words(DEFAULT_WORDING, "help"), Words(DEFAULT_WORDING, "messages")

Period = Annotated[str | None, typer.Argument(help=_help.raw("rebuild_period"), metavar="[P]", show_default=False)]
Issue = Annotated[int | None, typer.Option("--issue", help=_help.raw("rebuild_issue"), metavar="N", min=1)]


def rebuild(context: typer.Context, period: Period = None, issue: Issue = None) -> None:
    workspace = context.obj.workspace()
    given = period_or_none(period, workspace)
    if issue and not given:
        raise typer.BadParameter(_messages.text("no_period", text=""))
    with progress_bars(workspace) as progress:
        folders = rebuild_issue(workspace, given, issue) if issue and given else rebuild_outbox(workspace, given, progress)
    for folder in folders:
        say(workspace.programme, "rebuilt", path=folder)
    if not folders:
        say(workspace.programme, "rebuilt_nothing")
    add_pdfs(folders, workspace)
