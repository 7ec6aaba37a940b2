"""What mutants are made from: good returns in every layout and format of the writers, and those that LibreOffice wrote."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import PurePosixPath

from bench.detection.scenes import draw
from pipeline.rules.judging.calendar import Calendar
from schemas.programme import load_programme
from tests.returns import FORMATS, Formula, file_name, sheets_of
from tests.returns.layout import Sheet
from tests.support import samples
from tests.support.judging import TODAY

SAMPLE = "sample"
"""Beside the formats of the writers: a good return of tests/data, as an office program saved it."""
KINDS = (*FORMATS, SAMPLE)
FORMULAS = 0.15
"""The share of returns that hold a formula with its stored result, where the format has any."""


@dataclass(frozen=True)
class Good:
    """A good return before it is written: ``sheets`` may still be changed. A sample has none, but its ``content``."""

    fmt: str
    name: str
    calendar: Calendar
    sheets: list[Sheet]
    own_sheet: int = 0
    content: bytes = b""

    @property
    def kind(self) -> str:
        """Which ways there are to change what is written."""
        return PurePosixPath(self.name).suffix[1:] if self.content else self.fmt.partition("-")[0]

    @property
    def own(self) -> Sheet:
        """The sheet of the district's values."""
        return self.sheets[self.own_sheet]

    def written(self) -> bytes:
        return self.content or FORMATS[self.fmt](self.sheets)


def good(rng: random.Random, fmt: str) -> Good:
    """A return of this format that no rule minds."""
    if fmt == SAMPLE:
        sample = rng.choice(samples.good())
        return Good(
            fmt, sample.path.name, Calendar(load_programme(), sample.period or TODAY), [], content=sample.path.read_bytes()
        )
    while True:
        try:
            scene = draw(rng, fmt, telling=True)
            made = Good(fmt, file_name(scene.spec), scene.calendar, sheets_of(scene.spec), scene.spec.form.own_sheet)
            if not fmt.startswith(("csv", "html")) and rng.random() < FORMULAS:
                _calculated(rng, made)
            made.written()
        except ValueError:  # a layout that this format, or this period, cannot be written in
            continue
        return made


def _calculated(rng: random.Random, made: Good) -> None:
    place = rng.choice(list(made.own.places.values()))
    value = made.own.cells.get(place)
    if isinstance(value, int) and value:
        made.own.cells[place] = Formula(f"{value}+0", value)
