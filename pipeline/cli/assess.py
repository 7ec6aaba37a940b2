"""``annex2 assess``: the year-end figures as issued, and how each district reported in the year (interface.md)."""

from __future__ import annotations

import datetime as dt
import sys
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.say import print_table
from pipeline.model.labels import period_label
from pipeline.model.words import Words
from pipeline.products.assessment.figures import Assessment, Figure
from pipeline.products.assessment.year_workbook import headers
from pipeline.products.figures.progress import printed
from pipeline.run.books import assess_year
from schemas.programme import DEFAULT_WORDING, Programme

_help = Words(DEFAULT_WORDING, "help")

Year = Annotated[int, typer.Argument(help=_help.raw("assess_year"), metavar="YEAR", min=dt.MINYEAR + 1, max=dt.MAXYEAR)]

REFUSED = 2
"""The exit status for a year whose last bulletin is not issued."""


def assess(context: typer.Context, year: Year) -> None:
    workspace = context.obj.workspace()
    made = assess_year(workspace, year)
    if made is None:
        _say_not_issued(year, workspace.programme)
        raise typer.Exit(REFUSED)
    _say_assessment(*made, workspace.programme)


def _say_not_issued(year: int, programme: Programme) -> None:
    """Which bulletin is missing."""
    period = dt.date(year, 12, 31)
    text = Words(programme, "assessment").raw("refused")
    print(text.format(as_of_label=period_label(period, programme), year=year, period=period), file=sys.stderr)


def _say_assessment(assessment: Assessment, path: Path, programme: Programme) -> None:
    """The table of the workbook, and where that is."""
    words = Words(programme, "assessment")
    lines = (*assessment.districts, assessment.city)
    rows = ([line.line.name, *(_shown(figure, words.text("blank")) for figure in line.figures)] for line in lines)
    print_table([words.text("region"), *(head.replace("\n", "") for head in headers(programme))], rows)
    print(words.text("done", path=path), file=sys.stderr)


def _shown(figure: Figure, blank: str) -> str:
    if isinstance(figure, Fraction):
        return f"{float(printed(figure)):.1%}"
    return blank if figure is None else str(figure)
