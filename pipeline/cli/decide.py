"""The city's decisions as commands (interface.md): one shape for all of them, recorded and carried out at once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from pipeline.cli.given import now, period_or_none
from pipeline.cli.say import say_effect, say_refused
from pipeline.decisions import Refused, Request, district_named, indicator_named, place_text
from pipeline.model import Act, Decision
from pipeline.model.labels import period_label, time_label
from pipeline.model.matters import takes_back_return
from pipeline.model.words import Words
from pipeline.reading.values.times import parse_time
from pipeline.run.deciding import carry_out
from pipeline.workspace.workspace import Workspace
from schemas.programme import DEFAULT_WORDING, Programme

_help = Words(DEFAULT_WORDING, "help")

District = Annotated[str | None, typer.Option("--district", help=_help.raw("decision_district"), metavar="D")]
Period = Annotated[str | None, typer.Option("--period", help=_help.raw("decision_period"), metavar="P")]
Rule = Annotated[str | None, typer.Option("--rule", help=_help.raw("decision_rule"), metavar="R")]
Indicator = Annotated[str | None, typer.Option("--indicator", help=_help.raw("decision_indicator"), metavar="I")]
File = Annotated[str | None, typer.Option("--file", help=_help.raw("decision_file"), metavar="SHA")]
By = Annotated[str, typer.Option("--by", help=_help.raw("decision_by"), metavar="NAME")]
Reason = Annotated[str, typer.Option("--reason", help=_help.raw("decision_reason"), metavar="TEXT")]
Basis = Annotated[str, typer.Option("--basis", help=_help.raw("decision_basis"), metavar="TEXT", show_default=False)]
Wording = Annotated[str, typer.Option("--wording", help=_help.raw("decision_wording"), metavar="TEXT", show_default=False)]
At = Annotated[str | None, typer.Option("--at", help=_help.raw("decision_at"), metavar="TIME")]

REFUSED = 2
"""The exit status of a decision that is not taken."""


def _command(act: Act) -> Callable[..., None]:
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
        workspace = context.obj.workspace()
        programme = workspace.programme
        request = Request(
            act.value,
            by,
            reason,
            district_named(district, programme) if district else None,
            period_or_none(period, workspace),
            rule.upper() if rule else None,
            indicator_named(indicator, programme) if indicator else None,
            file,
            basis,
            wording,
        )
        decided(workspace, [request])

    return command


approve, refuse, explain = _command(Act.APPROVE), _command(Act.REFUSE), _command(Act.EXPLAIN)
send_back, withdraw = _command(Act.RETURN), _command(Act.WITHDRAW)
assign, excuse = _command(Act.ASSIGN), _command(Act.EXCUSE)


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
    workspace = context.obj.workspace()
    request = Request(
        Act.RECEIVE.value,
        by,
        reason,
        district_named(district, workspace.programme) if district else None,
        period_or_none(period, workspace),
        file=file,
        basis=basis,
        received=parse_time(at) if at else None,
    )
    decided(workspace, [request])


def decided(workspace: Workspace, requests: Sequence[Request]) -> None:
    """Carry out what is asked for, and say what came of it."""
    programme = workspace.programme
    try:
        done = carry_out(workspace, requests, now())
    except Refused as refused:
        say_refused(refused, programme)
        raise typer.Exit(REFUSED) from refused
    for request, decision in zip(requests, done.decisions, strict=True):
        _say_decision(decision, request.file or decision.sha256 or "", programme)
    say_effect(done.outcome, programme)


def _say_decision(decision: Decision, file: str, programme: Programme) -> None:
    """What was recorded (wording.md 13)."""
    named = programme.rules[decision.rule].name if decision.rule else ""
    value = decision.values.get(decision.indicator) if decision.indicator else None
    text = Words(programme, "decisions").text(
        f"recorded.{_recorded(decision, programme)}",
        by=decision.by,
        place=place_text(decision, programme),
        subject=programme.indicator(decision.indicator).name if decision.indicator else named,
        value="" if value is None else value,
        reason=decision.reason,
        file=file,
        time=time_label(decision.received, programme) if decision.received else "",
        period=period_label(decision.period, programme) if decision.period else "",
        district=decision.district or "",
    )
    print(text, file=sys.stderr)


def _recorded(decision: Decision, programme: Programme) -> str:
    """The key of what is said of it."""
    if decision.act == Act.REOPEN and decision.district:
        return "reopen_district"
    if takes_back_return(decision, programme):
        return "withdraw_return"
    return "withdraw_excuse" if decision.act == Act.WITHDRAW and decision.sha256 is None else decision.act
