"""Separated values: one table of texts without addresses."""

from __future__ import annotations

import csv
import io
from functools import lru_cache

from pipeline.model import Cell, Grid, Kind, UnreadableFile
from pipeline.reading.formats.draft import Budget, Sheet
from pipeline.reading.formats.encodings import decode
from pipeline.reading.formats.kinds import Limits
from pipeline.reading.formats.text import delimiter


def read_csv(content: bytes, limits: Limits, name: str) -> tuple[Sheet, ...]:
    """One sheet named ``name``; one record is one row. Raises UnreadableFile (damaged, no_encoding, too_many_cells)."""
    text = decode(content)
    budget = Budget(limits)
    cells: dict[tuple[int, int], Cell] = {}
    try:
        for row, values in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text)), start=1):
            held = {(row, column): _text(value) for column, value in enumerate(values, start=1) if value}
            budget.spend(len(held), bool(held))
            cells.update(held)
    except csv.Error as error:
        raise UnreadableFile("damaged") from error
    return (Sheet(Grid(name, cells, addressed=False, all_text=True), 0),)


@lru_cache(maxsize=1024)  # offices copy the form: the same texts and small numbers come again in file after file
def _text(value: str) -> Cell:
    return Cell(Kind.TEXT, value)
