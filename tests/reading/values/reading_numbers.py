"""What the tests of read_number share."""

from __future__ import annotations

from pipeline.model import Cell, Kind
from pipeline.reading.values import read_number
from schemas.programme import Programme, load_programme

PROGRAMME = load_programme()
ENTERPRISES = PROGRAMME.indicator("enterprises")  # unit 家, ceiling 2000


def read(cell: Cell, programme: Programme = PROGRAMME, *, all_text: bool = False) -> tuple[int | None, str]:
    """The number, and the rules found, as one text."""
    value, problems = read_number(cell, programme.indicators[0], programme, all_text=all_text)
    return value, " ".join(problem.rule for problem in problems)


def text(written: str, *, formula: bool = False) -> Cell:
    return Cell(Kind.TEXT, written, formula=formula)


def params(cell: Cell) -> dict[str, str]:
    return dict(read_number(cell, ENTERPRISES, PROGRAMME)[1][0].params)
