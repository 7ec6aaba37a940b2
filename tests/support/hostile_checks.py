"""Checks that hang or kill their process for some files: apart from the readers, who would import all that is needed here."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model import Known
from pipeline.rules.judging.batch import Received, Settled, settle_run
from pipeline.rules.judging.calendar import Calendar
from tests.support.hostile import act


def settle_but(name: str, files: Sequence[Received], known: Known, calendar: Calendar) -> list[Settled]:
    """``batch.settle_run``, but it does what is named once a file of 瓯海区 is among the files."""
    if any(placed.reading.file.startswith("瓯海区") for placed, _ in files):
        act(name)
    return settle_run(files, known, calendar)
