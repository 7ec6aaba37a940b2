"""``annex2 check``: files judged, nothing written (interface.md)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.given import now, period_or_none
from pipeline.cli.run import Json, Period, finish
from pipeline.cli.say import progress_bars, say, verdict_line
from pipeline.model.words import Words
from pipeline.run import Outcome
from pipeline.run.checking import check as check_files
from schemas.programme import DEFAULT_WORDING, Programme

_help, _messages = Words(DEFAULT_WORDING, "help"), Words(DEFAULT_WORDING, "messages")

Files = Annotated[list[str], typer.Argument(help=_help.raw("check_files"), metavar="FILE|FOLDER...", show_default=False)]


def check(context: typer.Context, files: Files, period: Period = None, json: Json = False) -> None:
    workspace = context.obj.workspace()
    missing = [file for file in files if not (Path(file).is_file() or Path(file).is_dir())]
    if missing:
        raise typer.BadParameter(_messages.text("no_file", file=missing[0]))
    given = period_or_none(period, workspace)
    with progress_bars(workspace) as progress:
        outcome = check_files(workspace, files, given, now(), progress)
    say_check(outcome, workspace.programme)
    finish(outcome, workspace, json)


def say_check(outcome: Outcome, programme: Programme) -> None:
    """Each file with its status and its findings; or that there was none."""
    words = Words(programme, "messages")
    if not outcome.files:
        say(programme, "checked_nothing")
    for file in outcome.files:
        print(verdict_line(file, programme), file=sys.stderr)
        for f in file.findings:
            grade = words.table("grades")[f.grade]
            print(words.text("check.finding", grade=grade, message=f.message, fix=f.fix, rule=f.rule), file=sys.stderr)
