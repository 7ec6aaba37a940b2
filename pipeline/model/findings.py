"""What a rule says about cells, and what it could not decide."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    ERROR = "error"
    QUERY = "query"
    HINT = "hint"


class State(StrEnum):
    """How far a finding is settled (interface.md). What only the city closes stays open until it is APPROVED."""

    OPEN = "open"
    EXPLAINED = "explained"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True)
class Finding:
    """What a rule says about cells. ``district``, ``period`` (ISO), ``indicator`` (id) are None where not decided."""

    rule: str
    grade: str
    message: str
    fix: str
    sheet: str | None = None
    cell: str | None = None
    district: str | None = None
    indicator: str | None = None
    period: str | None = None
    observed: str | None = None
    expected: str | None = None
    state: str = State.OPEN
    outward: str | None = None
    """The message as a district may read it, where ``message`` names another district's figures."""
    explanation: str | None = None
    """What the district says to it, accepted or not."""
    note: str | None = None
    """Chinese: why an explanation was not taken, or what the city decided."""


@dataclass(frozen=True)
class Undecided:
    """A rule that could give no verdict: neither a pass nor a finding. ``reason`` is Chinese (wording.md 4.3)."""

    rule: str
    reason: str
    indicator: str | None = None
