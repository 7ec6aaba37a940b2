"""``annex2 issue`` and ``annex2 reopen`` (interface.md): a period frozen, registered, opened again for restatement."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.help import Command
from pipeline.model import Act
from schemas.programme import read_wording

if TYPE_CHECKING:
    from pipeline.workspace.workspace import Workspace

_help = read_wording("help")

Period = Annotated[str, typer.Argument(help=_help["issue_period"], metavar="P", show_default=False)]
By = Annotated[str, typer.Option("--by", help=_help["decision_by"], metavar="NAME")]
Document = Annotated[str | None, typer.Option("--number", help=_help["issue_number"], metavar="TEXT")]
Date = Annotated[str | None, typer.Option("--date", help=_help["issue_date"], metavar="D")]
Missing = Annotated[list[str] | None, typer.Option("--allow-missing", help=_help["issue_missing"], metavar="D")]
Reason = Annotated[str, typer.Option("--reason", help=_help["issue_reason"], metavar="TEXT", show_default=False)]
Why = Annotated[str, typer.Option("--reason", help=_help["decision_reason"], metavar="TEXT")]
Basis = Annotated[str, typer.Option("--basis", help=_help["decision_basis"], metavar="TEXT", show_default=False)]

Opened = Annotated[list[str] | None, typer.Option("--district", help=_help["reopen_district"], metavar="D")]
Wording = Annotated[str, typer.Option("--wording", help=_help["reopen_wording"], metavar="TEXT", show_default=False)]

NOT_ACCEPTED, REFUSED = 1, 2
"""Exit status: the gate found something, and: the order cannot be carried out."""


def add_pdfs(folders: Iterable[Path], workspace: Workspace) -> None:
    """A PDF beside every notice in folders of issued products, where LibreOffice is installed; says which could not be made."""
    from pipeline.cli import say as console
    from pipeline.products.notice.pdf import libreoffice, made_beside

    name = workspace.programme.wording["outbox"]["files"]["notice"].format(as_of="*")
    notices = [notice for folder in folders for notice in folder.glob(name)]
    program = libreoffice() if notices else None
    for notice in notices:
        if program and not made_beside(notice, program):
            console.say(workspace.programme, "no_pdf", path=notice)


def add_issue(app: typer.Typer, period_of: Callable[..., dt.date | None], date_of: Callable[[str], dt.date]) -> None:
    """Register the command. ``period_of`` reads a period as an option gives it, ``date_of`` a day."""

    @app.command("issue", cls=Command, help=_help["issue"])
    def issue(
        context: typer.Context,
        period: Period,
        by: By,
        number: Document = None,
        date: Date = None,
        allow_missing: Missing = None,
        reason: Reason = "",
    ) -> None:
        from pipeline.cli import say as console
        from pipeline.decisions import Refused, district_named
        from pipeline.issue.issuing import Order
        from pipeline.run.rebuild import issue_period

        workspace = context.obj.workspace()
        day = period_of(period, workspace)
        assert day is not None  # the argument is required
        missing = tuple(district_named(name, workspace.programme) for name in allow_missing or ())
        order = Order(day, by, reason, missing, number, date_of(date) if date else None)
        try:
            issued = issue_period(workspace, order, dt.datetime.now(dt.UTC))
        except Refused as refused:
            console.say_refused(refused, workspace.programme)
            raise typer.Exit(REFUSED) from refused
        console.say_issued(issued, order, workspace)
        add_pdfs([issued.folder] if issued.folder else [], workspace)
        if issued.acceptance and not issued.folder:
            raise typer.Exit(NOT_ACCEPTED)


def add_reopen(app: typer.Typer, period_of: Callable[..., dt.date | None]) -> None:
    """Register the command."""

    @app.command("reopen", cls=Command, help=_help["reopen"])
    def reopen(
        context: typer.Context,
        period: Period,
        by: By,
        reason: Why,
        district: Opened = None,
        basis: Basis = "",
        wording: Wording = "",
    ) -> None:
        from pipeline.cli.decide import carry_out_together
        from pipeline.decisions import Request, district_named

        workspace = context.obj.workspace()
        named = dict.fromkeys(district_named(name, workspace.programme) for name in district or ())
        every = Request(Act.REOPEN, by, reason, period=period_of(period, workspace), basis=basis, wording=wording)
        carry_out_together(workspace, [dataclasses.replace(every, district=name) for name in named] or [every])
