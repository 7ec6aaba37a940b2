"""``annex2 status``: how a period stands, district by district (interface.md)."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

import typer

from pipeline.cli.given import period_or_none
from pipeline.cli.run import Json
from pipeline.cli.say import print_json, say
from pipeline.model.labels import period_label
from pipeline.model.view import ACCEPTED, EXCUSED, RETURNED, TO_DECIDE, DistrictRecord, PeriodView
from pipeline.model.words import Words
from pipeline.run.looking import look
from schemas.programme import DEFAULT_WORDING, Programme

_help = Words(DEFAULT_WORDING, "help")

Period = Annotated[str | None, typer.Option("--period", help=_help.raw("status_period"), metavar="P")]


def status(context: typer.Context, period: Period = None, json: Json = False) -> None:
    workspace = context.obj.workspace()
    view = look(workspace, period_or_none(period, workspace))
    if json:
        print_json(_json(view, workspace.programme))
    elif view is None:
        say(workspace.programme, "no_ledger")
    else:
        _say_status(view, workspace.programme)


def _json(view: PeriodView | None, programme: Programme) -> dict[str, Any]:
    """The status record of interface.md; without a period and with an empty ledger it names no period and no district."""
    if view is None:
        return {"period": None, "districts": []}
    return {"period": view.period.isoformat(), "districts": [_district_json(record, programme) for record in view.districts]}


def _district_json(record: DistrictRecord, programme: Programme) -> dict[str, Any]:
    return {
        "district": record.district,
        "state": record.state,
        "marks": list(record.marks),
        "version": record.version,
        "values": {i: record.values.get(i) for i in programme.indicator_ids},
        "open": _open(record),
    }


def _open(record: DistrictRecord) -> dict[str, int]:
    counts = Counter(str(finding.grade) for finding in record.open_findings)
    return {grade: counts[grade] for grade in ("error", "query", "hint")}


def _say_status(view: PeriodView, programme: Programme) -> None:
    """The districts as a table, on standard error."""
    from rich.console import Console
    from rich.table import Table

    words = Words(programme, "messages")
    states = Counter(record.state for record in view.districts)
    counts = "，".join(words.text("status.count", state=state, count=count) for state, count in states.items())
    due = sum(record.state != EXCUSED for record in view.districts)
    table = Table(title=words.text("status.title", period=period_label(view.period, programme), due=due, counts=counts))
    for header in words.raw("status.headers"):
        table.add_column(header)
    for record in view.districts:
        numbers = [str(count) if count else "" for count in _open(record).values()]
        marks, version = Words(programme, "messages").text("separator").join(record.marks), str(record.version or "")
        table.add_row(record.district, record.state, marks, version, *numbers, style=_style(record.state))
    Console(stderr=True).print(table)


def _style(state: str) -> str:
    if state == ACCEPTED:
        return "green"
    return "red" if state == RETURNED else "yellow" if state == TO_DECIDE else ""
