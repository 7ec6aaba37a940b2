"""Files received and judged."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from pipeline.model.decisions import Explanation
from pipeline.model.findings import Finding, Undecided
from pipeline.model.readings import Entry, Reading, Table


class Status(StrEnum):
    """What became of a file (interface.md)."""

    ACCEPTED = "accepted"
    PENDING = "pending"
    RETURNED = "returned"
    DUPLICATE = "duplicate"
    ATTACHMENT = "attachment"
    IGNORED = "ignored"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    """Taken back by the city; kept, and never of a run."""
    BASELINE = "baseline"
    """Taken over from a consolidated table (基期数); never of a run."""


@dataclass(frozen=True)
class Submission:
    """One file received, placed and judged."""

    reading: Reading
    status: Status
    received: dt.datetime
    """UTC."""
    district: str | None = None
    period: dt.date | None = None
    table: Table | None = None
    entries: tuple[Entry, ...] = ()
    findings: tuple[Finding, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    """Of its findings, as the file itself gives them and they were taken."""

    @property
    def values(self) -> dict[str, int | None]:
        return {entry.indicator: entry.value for entry in self.entries}
