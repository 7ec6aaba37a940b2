"""The city's decisions as commands (interface.md): one shape for all of them, recorded and carried out at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.help import Command
from pipeline.model import Act
from schemas.programme import read_wording

if TYPE_CHECKING:
    from pipeline.decisions import Request
    from pipeline.workspace.workspace import Workspace

_help = read_wording("help")

District = Annotated[str | None, typer.Option("--district", help=_help["decision_district"], metavar="D")]
Period = Annotated[str | None, typer.Option("--period", help=_help["decision_period"], metavar="P")]
Rule = Annotated[str | None, typer.Option("--rule", help=_help["decision_rule"], metavar="R")]
Indicator = Annotated[str | None, typer.Option("--indicator", help=_help["decision_indicator"], metavar="I")]
File = Annotated[str | None, typer.Option("--file", help=_help["decision_file"], metavar="SHA")]
By = Annotated[str, typer.Option("--by", help=_help["decision_by"], metavar="NAME")]
Reason = Annotated[str, typer.Option("--reason", help=_help["decision_reason"], metavar="TEXT")]
Basis = Annotated[str, typer.Option("--basis", help=_help["decision_basis"], metavar="TEXT", show_default=False)]
Wording = Annotated[str, typer.Option("--wording", help=_help["decision_wording"], metavar="TEXT", show_default=False)]
At = Annotated[str | None, typer.Option("--at", help=_help["decision_at"], metavar="TIME")]

REFUSED = 2
"""The exit status of a decision that is not taken."""

COMMANDS = (Act.APPROVE, Act.REFUSE, Act.EXPLAIN, Act.RETURN, Act.WITHDRAW, Act.ASSIGN, Act.EXCUSE)


def add_decisions(app: typer.Typer, period_of: Callable[..., dt.date | None]) -> None:
    """Register the commands. ``period_of`` reads a period as an option gives it."""

    def decided(act: Act) -> Callable[..., None]:
        def command(
            context: typer.Context,
            by: By,
            reason: Reason,
            district: District = None,
            period: Period = None,
            rule: Rule = None,
            indicator: Indicator = None,
            file: File = None,
            basis: Basis = "",
            wording: Wording = "",
        ) -> None:
            _decide(context, period_of, act, by, reason, district, period, rule, indicator, file, basis, wording)

        return command

    for act in COMMANDS:
        app.command(act.value, cls=Command, help=_help[act.value])(decided(act))

    @app.command("receive", cls=Command, help=_help["receive"])
    def receive(
        context: typer.Context,
        by: By,
        reason: Reason,
        at: At = None,
        district: District = None,
        period: Period = None,
        file: File = None,
        basis: Basis = "",
    ) -> None:
        _decide(context, period_of, Act.RECEIVE, by, reason, district, period, None, None, file, basis, "", at)


def _decide(
    context: typer.Context,
    period_of: Callable[..., dt.date | None],
    act: Act,
    by: str,
    reason: str,
    district: str | None,
    period: str | None,
    rule: str | None,
    indicator: str | None,
    file: str | None,
    basis: str,
    wording: str,
    at: str | None = None,
) -> None:
    """Record the decision, then judge again what waits: the outbox shows it at once."""
    from pipeline.decisions import Request, district_named, indicator_named
    from pipeline.reading.values.times import parse_time

    workspace = context.obj.workspace()
    programme = workspace.programme
    request = Request(
        act.value,
        by,
        reason,
        district_named(district, programme) if district else None,
        period_of(period, workspace),
        rule.upper() if rule else None,
        indicator_named(indicator, programme) if indicator else None,
        file,
        basis,
        wording,
        parse_time(at) if at else None,
    )
    carry_out(workspace, request, file or "")


def carry_out(workspace: Workspace, request: Request, file: str) -> None:
    """Record what is asked for, then judge again what waits, and say what came of it."""
    carry_out_together(workspace, (request,), file)


def carry_out_together(workspace: Workspace, requests: Sequence[Request], file: str = "") -> None:
    """The same of several requests, of which all are recorded or none."""
    from pipeline.cli import say as console
    from pipeline.decisions import Refused
    from pipeline.decisions.record import record_requests
    from pipeline.run import run_waiting

    programme = workspace.programme
    now = dt.datetime.now(dt.UTC)
    with workspace.locked():
        try:
            with workspace.ledger() as ledger:
                decisions = record_requests(ledger, workspace, requests, now)
        except Refused as refused:
            console.say_refused(refused, programme)
            raise typer.Exit(REFUSED) from refused
        outcome = run_waiting(workspace, now)
    for decision in decisions:
        console.say_decision(decision, file or decision.sha256 or "", programme)
    console.say_effect(outcome, programme)
