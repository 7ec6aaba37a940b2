"""``annex2 issue`` (interface.md): a period frozen, its number and date registered."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.given import a_day, a_period, now
from pipeline.cli.say import say, say_refused
from pipeline.decisions import Refused, district_named
from pipeline.issue.issuing import Issued, Order
from pipeline.issue.pdfs import notices_left_without
from pipeline.model.labels import date_label, period_label
from pipeline.model.words import Words
from pipeline.run.rebuild import issue_period
from pipeline.workspace.workspace import Workspace
from schemas.programme import DEFAULT_WORDING

_help = Words(DEFAULT_WORDING, "help")

Period = Annotated[str, typer.Argument(help=_help.raw("issue_period"), metavar="P", show_default=False)]
By = Annotated[str, typer.Option("--by", help=_help.raw("decision_by"), metavar="NAME")]
Document = Annotated[str | None, typer.Option("--number", help=_help.raw("issue_number"), metavar="TEXT")]
Date = Annotated[str | None, typer.Option("--date", help=_help.raw("issue_date"), metavar="D")]
Missing = Annotated[list[str] | None, typer.Option("--allow-missing", help=_help.raw("issue_missing"), metavar="D")]
Reason = Annotated[str, typer.Option("--reason", help=_help.raw("issue_reason"), metavar="TEXT", show_default=False)]
NOT_ACCEPTED, REFUSED = 1, 2
"""Exit status: the gate found something, and: the order cannot be carried out."""


def issue(
    context: typer.Context,
    period: Period,
    by: By,
    number: Document = None,
    date: Date = None,
    allow_missing: Missing = None,
    reason: Reason = "",
) -> None:
    workspace = context.obj.workspace()
    day = a_period(period, workspace)
    missing = tuple(district_named(name, workspace.programme) for name in allow_missing or ())
    order = Order(day, by, reason, missing, number, a_day(date) if date else None)
    try:
        issued = issue_period(workspace, order, now())
    except Refused as refused:
        say_refused(refused, workspace.programme)
        raise typer.Exit(REFUSED) from refused
    _say_issued(issued, order, workspace)
    add_pdfs([issued.folder] if issued.folder else [], workspace)
    if issued.acceptance and not issued.folder:
        raise typer.Exit(NOT_ACCEPTED)


def _say_issued(issued: Issued, order: Order, workspace: Workspace) -> None:
    """What was frozen and where it is; or what keeps it from being issued, and where the gate's findings are."""
    programme, words = workspace.programme, Words(workspace.programme, "messages")
    period = period_label(order.period, programme)
    if issued.folder:
        files = Words(programme, "outbox").table("files")
        name, notice = (files[product].format(as_of=order.period) for product in ("bulletin", "notice"))
        if issued.issue.missing:
            missing = words.text("separator").join(issued.issue.missing)
            say(programme, "issued_missing", by=issued.issue.by, districts=missing, reason=issued.issue.reason)
        key = "issued_notice" if programme.notices else "issued"
        say(programme, key, period=period, path=issued.folder / name, notice=issued.folder / notice)
    elif issued.acceptance:
        queries = (words.text("issue_query", message=f"{check.message}{check.fix}") for check in issued.acceptance.queries)
        refusals = [f"{check.message}{check.fix}" for check in issued.acceptance.refusals] or queries
        say(programme, "issue_refused", reasons="".join(refusals))
        folder = workspace.outbox / order.period.isoformat() / Words(programme, "outbox").raw("acceptance")
        say(programme, "issue_docs", path=folder / "index.html")
    if (order.document is not None or order.date is not None) and (issued.folder or not issued.acceptance):
        date = date_label(order.date, programme) if order.date else words.text("not_given")
        document, number = order.document or words.text("not_given"), issued.issue.number
        say(programme, "imprinted", period=period, number=number, document=document, date=date)


def add_pdfs(folders: Iterable[Path], workspace: Workspace) -> None:
    """A PDF beside every notice in folders of issued products, where LibreOffice is installed; says which could not be made."""
    for notice in notices_left_without(folders, workspace):
        say(workspace.programme, "no_pdf", path=notice)
