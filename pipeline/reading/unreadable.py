"""Files that cannot be read (F01): what one may cost by the programme, and what is said of it."""

from __future__ import annotations

from functools import lru_cache

from pipeline.model import Finding, UnreadableFile
from pipeline.model.catalogue import make_finding
from pipeline.model.words import Words
from pipeline.reading.formats.kinds import Limits
from schemas.programme import Programme

REASONS = {"time": "timeout", "memory": "too_many_cells", "died": "damaged"}
"""What F01 says of a file that its reader could not bring home."""


@lru_cache(maxsize=4)
def limits_of(programme: Programme) -> Limits:
    """The safety limits of the programme (F01)."""
    limits = programme.thresholds
    units = frozenset(indicator.unit for indicator in programme.indicators)
    counts = (
        "max_bytes", "max_cells", "max_rows", "max_sheets", "max_members", "max_levels", "max_folders", "max_path",
    )  # fmt: skip
    return Limits(**{name: int(limits[f"F01_{name}"]) for name in counts}, units=units)


def unreadable(programme: Programme, file: str, problem: UnreadableFile) -> Finding:
    """F01 with the reason and the advice of wording.md 4.2."""
    words = Words(programme, "intake").table("unreadable")[problem.reason]
    reason = str(words["reason"]).format(**problem.params)
    return make_finding(programme, "F01", file=file, reason=reason, advice=str(words["advice"]))
