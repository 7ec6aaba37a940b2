"""Accepted returns as the ledger keeps them, each with where its values stand and how long it was in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.model.decisions import Decision
from pipeline.model.findings import Finding


@dataclass(frozen=True, slots=True)
class Stated:
    """A value, and the cell it was read from."""

    value: int
    sheet: str
    cell: str


@dataclass(frozen=True)
class Version:
    """第×版 of a district's return for a period. Times are UTC.

    It came into force when it was ``recorded`` and was last in force when it ``ended``: replaced by a later version, or
    ``retracted`` by the city's decision. ``ended`` is None while it is in force, which it is again once later ones are retracted.
    """

    district: str
    period: dt.date
    number: int
    file: str
    sha256: str
    received: dt.datetime
    recorded: dt.datetime
    rules_version: str
    ended: dt.datetime | None = None
    retracted: dt.datetime | None = None
    values: Mapping[str, Stated] = field(default_factory=dict)
    """By indicator, in programme order."""
    findings: tuple[Finding, ...] = ()
    """As they stood when it was accepted."""

    @property
    def in_force(self) -> bool:
        return self.ended is None

    @property
    def state(self) -> str:
        """``in_force``, ``retracted`` or ``replaced``."""
        if self.in_force:
            return "in_force"
        return "retracted" if self.retracted else "replaced"


@dataclass(frozen=True)
class Register:
    """What the ledger holds of one period (None: what is about no period): all versions and decisions, in order of recording."""

    period: dt.date | None
    versions: tuple[Version, ...]
    decisions: tuple[Decision, ...]
