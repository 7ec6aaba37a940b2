"""``annex2 import`` (interface.md): a consolidated table of an earlier time, as baseline."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.given import a_file, a_period, now
from pipeline.cli.say import say_effect, say_refused
from pipeline.decisions import Refused
from pipeline.model.labels import period_label
from pipeline.model.quoting import quoted
from pipeline.model.words import Words
from pipeline.upkeep.baseline import Imported, ImportRefused, take_over
from schemas.programme import DEFAULT_WORDING, Programme

_help = Words(DEFAULT_WORDING, "help")

File = Annotated[Path, typer.Argument(help=_help.raw("import_file"), metavar="FILE", show_default=False)]
Period = Annotated[str, typer.Option("--period", help=_help.raw("import_period"), metavar="P", show_default=False)]
By = Annotated[str, typer.Option("--by", help=_help.raw("decision_by"), metavar="NAME", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", help=_help.raw("import_reason"), metavar="TEXT", show_default=False)]

RETURNED, REFUSED = 1, 2
"""Exit status: the table is not what it must be, and: somebody may not import."""


def import_(context: typer.Context, file: File, period: Period, by: By, reason: Reason = "") -> None:
    workspace = context.obj.workspace()
    a_file(file)
    day = a_period(period, workspace)
    try:
        imported, outcome = take_over(workspace, file, day, by, now(), reason)
    except Refused as refused:
        say_refused(refused, workspace.programme)
        raise typer.Exit(REFUSED) from refused
    except ImportRefused as refused:
        _say_import_refused(refused.lines, workspace.programme)
        raise typer.Exit(RETURNED) from refused
    _say_imported(imported, day, workspace.programme)
    say_effect(outcome, workspace.programme)


def _say_imported(imported: Imported, period: dt.date, programme: Programme) -> None:
    """How many districts were taken over, what was confirmed, who is as before, and who has no numbers in the table."""
    words = Words(programme, "messages")
    separator = words.text("separator")
    if imported.districts:
        print(words.text("import.done", period=period_label(period, programme), count=len(imported.districts)), file=sys.stderr)
    if imported.asked:
        shown = (words.text("import.neighbour", district=found.district, message=found.message) for found in imported.asked)
        print(
            words.text("import.confirmed"), *(words.text("import.line", text=text) for text in shown), sep="\n", file=sys.stderr
        )
    for text, names in (("unchanged", imported.unchanged), ("without", imported.without)):
        if names:
            print(words.text(f"import.{text}", districts=separator.join(names)), file=sys.stderr)


def _say_import_refused(lines: Sequence[str], programme: Programme) -> None:
    """Everything that keeps a table from being taken over."""
    words = Words(programme, "messages")
    shown = (words.text("import.line", text=quoted(line, programme)) for line in lines)
    print(words.text("import.refused"), *shown, sep="\n", file=sys.stderr)
