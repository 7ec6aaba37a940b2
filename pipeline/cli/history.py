"""``annex2 history``: values with their versions and sources, as the ledger knows them or knew them (interface.md)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated

import typer

from pipeline.cli.help import Command
from schemas.programme import Programme, read_wording

_help, _messages = read_wording("help"), read_wording("messages")

District = Annotated[str | None, typer.Option("--district", help=_help["decision_district"], metavar="D")]
Indicator = Annotated[str | None, typer.Option("--indicator", help=_help["decision_indicator"], metavar="I")]
Period = Annotated[str | None, typer.Option("--period", help=_help["decision_period"], metavar="P")]
AsOf = Annotated[str | None, typer.Option("--as-of", help=_help["history_as_of"], metavar="TIME")]
All = Annotated[bool, typer.Option("--all", help=_help["history_all"])]
Json = Annotated[bool, typer.Option("--json", help=_help["json"])]


def add_history(app: typer.Typer, period_of: Callable[..., dt.date | None]) -> None:
    """Register the command. ``period_of`` reads a period as an option gives it."""

    @app.command("history", cls=Command, help=_help["history"])
    def history(
        context: typer.Context,
        district: District = None,
        indicator: Indicator = None,
        period: Period = None,
        as_of: AsOf = None,
        everything: All = False,
        json: Json = False,
    ) -> None:
        from pipeline.cli import say as console
        from pipeline.cli import say_history as console_history
        from pipeline.ledger.all_versions import versions
        from pipeline.ledger.entries import entry_by

        workspace = context.obj.workspace()
        programme = workspace.programme
        named = _district(district, programme) if district else None
        measured = [_indicator(indicator, programme)] if indicator else programme.indicator_ids
        day, until = period_of(period, workspace), _until(as_of) if as_of else None
        with workspace.ledger_to_read() as ledger, ledger.reading() as connection:
            up_to = entry_by(connection, until) if until else None
            known = versions(connection, programme, district=named, period=day, up_to=up_to)
        found = [version for version in known if everything or version.in_force]
        if json:
            console.print_json(console_history.history_json(found, measured))
        elif not found:
            console.say(programme, "no_history" if named or day or until else "no_ledger")
        elif everything:
            console_history.say_history_with_findings(found, measured, programme)
        else:
            console_history.say_history(found, measured, programme)


def _district(text: str, programme: Programme) -> str:
    from pipeline.decisions import district_named

    name = district_named(text, programme)
    if name not in programme.district_names:
        known = _messages["separator"].join(programme.district_names)
        raise typer.BadParameter(_messages["no_district"].format(text=text, districts=known))
    return name


def _indicator(text: str, programme: Programme) -> str:
    from pipeline.decisions import indicator_named

    identifier = indicator_named(text, programme)
    if identifier not in programme.indicator_ids:
        known = _messages["separator"].join(indicator.name for indicator in programme.indicators)
        raise typer.BadParameter(_messages["no_indicator"].format(text=text, indicators=known))
    return identifier


def _until(text: str) -> dt.datetime:
    from pipeline.reading.values.times import parse_until

    moment = parse_until(text)
    if moment is None:
        raise typer.BadParameter(_messages["no_time"].format(text=text))
    return moment
