"""The yearly assessment as the command line shows it, on standard error."""

from __future__ import annotations

import datetime as dt
import sys
from fractions import Fraction
from pathlib import Path

from pipeline.cli.say_history import print_table
from pipeline.model.labels import period_label
from pipeline.products.assessment.figures import Assessment, Figure
from pipeline.products.assessment.year_workbook import headers
from pipeline.products.figures.progress import printed
from schemas.programme import Programme


def say_not_issued(year: int, programme: Programme) -> None:
    """Which bulletin is missing."""
    period = dt.date(year, 12, 31)
    text = programme.wording["assessment"]["refused"]
    print(text.format(as_of_label=period_label(period, programme), year=year, period=period), file=sys.stderr)


def say_assessment(assessment: Assessment, path: Path, programme: Programme) -> None:
    """The table of the workbook, and where that is."""
    words = programme.wording["assessment"]
    lines = (*assessment.districts, assessment.city)
    rows = ([line.line.name, *(_shown(figure, words["blank"]) for figure in line.figures)] for line in lines)
    print_table([words["region"], *(head.replace("\n", "") for head in headers(programme))], rows)
    print(words["done"].format(path=path), file=sys.stderr)


def _shown(figure: Figure, blank: str) -> str:
    if isinstance(figure, Fraction):
        return f"{float(printed(figure)):.1%}"
    return blank if figure is None else str(figure)
