"""``annex2 reopen`` (interface.md): an issued period opened again for restatement, of every district or of some."""

from __future__ import annotations

import dataclasses
from typing import Annotated

import typer

from pipeline.cli.decide import decided
from pipeline.cli.given import a_period
from pipeline.decisions import Request, district_named
from pipeline.model import Act
from pipeline.model.words import Words
from schemas.programme import DEFAULT_WORDING

_help = Words(DEFAULT_WORDING, "help")

Period = Annotated[str, typer.Argument(help=_help.raw("issue_period"), metavar="P", show_default=False)]
By = Annotated[str, typer.Option("--by", help=_help.raw("decision_by"), metavar="NAME")]
Why = Annotated[str, typer.Option("--reason", help=_help.raw("decision_reason"), metavar="TEXT")]
Opened = Annotated[list[str] | None, typer.Option("--district", help=_help.raw("reopen_district"), metavar="D")]
Basis = Annotated[str, typer.Option("--basis", help=_help.raw("decision_basis"), metavar="TEXT", show_default=False)]
Wording = Annotated[str, typer.Option("--wording", help=_help.raw("reopen_wording"), metavar="TEXT", show_default=False)]


def reopen(
    context: typer.Context,
    period: Period,
    by: By,
    reason: Why,
    district: Opened = None,
    basis: Basis = "",
    wording: Wording = "",
) -> None:
    workspace = context.obj.workspace()
    named = dict.fromkeys(district_named(name, workspace.programme) for name in district or ())
    every = Request(Act.REOPEN, by, reason, period=a_period(period, workspace), basis=basis, wording=wording)
    decided(workspace, [dataclasses.replace(every, district=name) for name in named] or [every])
