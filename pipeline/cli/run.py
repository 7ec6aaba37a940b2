"""``annex2 run``: the main job on everything in the inbox (interface.md)."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

import typer

from pipeline.cli.given import now, period_or_none
from pipeline.cli.say import print_json, progress_bars, say_run
from pipeline.model import Status
from pipeline.model.words import Words
from pipeline.products.report.json_record import record_entry
from pipeline.run import Outcome
from pipeline.run import run as run_inbox
from pipeline.workspace.workspace import Workspace
from schemas.programme import DEFAULT_WORDING, Programme

_help = Words(DEFAULT_WORDING, "help")

Period = Annotated[str | None, typer.Option("--period", help=_help.raw("period"), metavar="P")]
Json = Annotated[bool, typer.Option("--json", help=_help.raw("json"))]

RETURNED = 1
"""The exit status where a file goes back to its district."""


def run(context: typer.Context, period: Period = None, json: Json = False) -> None:
    workspace = context.obj.workspace()
    given = period_or_none(period, workspace)
    with progress_bars(workspace) as progress:
        outcome = run_inbox(workspace, given, now(), progress)
    say_run(outcome, workspace)
    finish(outcome, workspace, json)


def finish(outcome: Outcome, workspace: Workspace, json: bool) -> None:
    """The record on standard output where it is asked for, and the exit status of files that were judged."""
    if json:
        print_json(outcome_json(outcome, workspace.programme))
    if any(file.status == Status.RETURNED for file in outcome.files):
        raise typer.Exit(RETURNED)


def outcome_json(outcome: Outcome, programme: Programme) -> dict[str, Any]:
    """``annex2.outcome/1`` of interface.md."""
    counts = Counter(str(file.status) for file in outcome.files)
    never = (Status.WITHDRAWN, Status.BASELINE)  # of a run
    summary: dict[str, Any] = {status.value: counts[status.value] for status in Status if status not in never}
    summary["missing"] = list(outcome.missing)
    files = [record_entry(programme, file) for file in outcome.files]
    return {"schema": "annex2.outcome/1", "files": files, "summary": summary}
