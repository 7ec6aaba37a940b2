"""``annex2 history``: values with their versions and sources, as the ledger knows them or knew them (interface.md)."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Collection, Iterable, Sequence
from typing import Annotated, Any

import typer

from pipeline.cli.given import period_or_none
from pipeline.cli.run import Json
from pipeline.cli.say import print_json, print_table, say
from pipeline.decisions import district_named, indicator_named
from pipeline.model import Finding, Version
from pipeline.model.labels import period_label, time_label
from pipeline.model.view import SHOWN_ZONE
from pipeline.model.words import Words
from pipeline.reading.values.times import parse_until
from pipeline.run.looking import versions_of
from schemas.programme import DEFAULT_WORDING, Programme

_help, _messages = Words(DEFAULT_WORDING, "help"), Words(DEFAULT_WORDING, "messages")

District = Annotated[str | None, typer.Option("--district", help=_help.raw("decision_district"), metavar="D")]
Indicator = Annotated[str | None, typer.Option("--indicator", help=_help.raw("decision_indicator"), metavar="I")]
Period = Annotated[str | None, typer.Option("--period", help=_help.raw("decision_period"), metavar="P")]
AsOf = Annotated[str | None, typer.Option("--as-of", help=_help.raw("history_as_of"), metavar="TIME")]
All = Annotated[bool, typer.Option("--all", help=_help.raw("history_all"))]


def history(
    context: typer.Context,
    district: District = None,
    indicator: Indicator = None,
    period: Period = None,
    as_of: AsOf = None,
    everything: All = False,
    json: Json = False,
) -> None:
    workspace = context.obj.workspace()
    programme = workspace.programme
    named = _district(district, programme) if district else None
    measured = [_indicator(indicator, programme)] if indicator else programme.indicator_ids
    day, until = period_or_none(period, workspace), _until(as_of) if as_of else None
    found = versions_of(workspace, named, day, until, everything)
    if json:
        print_json(_history_json(found, measured))
    elif not found:
        say(programme, "no_history" if named or day or until else "no_ledger")
    elif everything:
        _say_history_with_findings(found, measured, programme)
    else:
        _say_history(found, measured, programme)


def _district(text: str, programme: Programme) -> str:
    name = district_named(text, programme)
    if name not in programme.district_names:
        known = _messages.text("separator").join(programme.district_names)
        raise typer.BadParameter(_messages.text("no_district", text=text, districts=known))
    return name


def _indicator(text: str, programme: Programme) -> str:
    identifier = indicator_named(text, programme)
    if identifier not in programme.indicator_ids:
        known = _messages.text("separator").join(indicator.name for indicator in programme.indicators)
        raise typer.BadParameter(_messages.text("no_indicator", text=text, indicators=known))
    return identifier


def _until(text: str) -> dt.datetime:
    moment = parse_until(text)
    if moment is None:
        raise typer.BadParameter(_messages.text("no_time", text=text))
    return moment


def _history_json(versions: Iterable[Version], indicators: Collection[str]) -> list[dict[str, Any]]:
    """One record for each value, times in Asia/Shanghai."""
    return [
        {
            "district": version.district,
            "indicator": indicator,
            "period": version.period.isoformat(),
            "value": stated.value,
            "version": version.number,
            "received": _iso(version.received),
            "file": version.file,
            "sheet": stated.sheet,
            "cell": stated.cell,
            "sha256": version.sha256,
            "valid_from": _iso(version.recorded),
            "valid_to": _iso(version.ended) if version.ended else None,
        }
        for version in versions
        for indicator, stated in version.values.items()
        if indicator in indicators
    ]


def _iso(moment: dt.datetime) -> str:
    return moment.astimezone(SHOWN_ZONE).isoformat()


def _say_history(versions: Sequence[Version], indicators: Collection[str], programme: Programme) -> None:
    """A table of the values in force."""
    words = Words(programme, "history")
    print_table(words.raw("headers"), (row for version in versions for row in _rows(version, indicators, programme)))


def _say_history_with_findings(versions: Sequence[Version], indicators: Collection[str], programme: Programme) -> None:
    """A table of all versions, then under each what the rules found in it and what was said to that."""
    words = Words(programme, "history")
    rows = (
        [*row, time_label(version.ended, programme) if version.ended else ""]
        for version in versions
        for row in _rows(version, indicators, programme)
    )
    print_table([*words.raw("headers"), words.text("ended")], rows)
    for version in versions:
        place = version.district + period_label(version.period, programme)
        state = words.table("states")[version.state]
        print(
            words.text("version", place=place, number=version.number, state=state, rules=version.rules_version), file=sys.stderr
        )
        for finding in version.findings:
            print(_finding_line(finding, programme), file=sys.stderr)
        if not version.findings:
            print(words.text("no_findings"), file=sys.stderr)


def _rows(version: Version, indicators: Collection[str], programme: Programme) -> Iterable[list[str]]:
    names = {indicator.id: indicator.short for indicator in programme.indicators}
    for indicator, stated in version.values.items():
        if indicator in indicators:
            yield [
                version.district,
                names.get(indicator, indicator),
                period_label(version.period, programme),
                str(stated.value),
                Words(programme, "history").text("number", number=version.number),
                version.file,
                stated.sheet,
                stated.cell,
                time_label(version.received, programme),
                time_label(version.recorded, programme),
            ]


def _finding_line(finding: Finding, programme: Programme) -> str:
    words = Words(programme, "history")
    grade = Words(programme, "messages").table("grades")[finding.grade]
    progress = finding.note or words.table("progress")[finding.state] if finding.grade != "hint" else ""
    line = words.text("finding", grade=grade, message=finding.message, rule=finding.rule, progress=progress)
    return line + (words.text("explanation", text=finding.explanation) if finding.explanation else "")
