"""What the ledger knows around a batch of returns: everything the checks compare with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.model.decisions import Decision, Explanation
from pipeline.model.issues import Opening
from pipeline.model.submissions import Status


@dataclass(frozen=True)
class Accepted:
    """The accepted version in force of one district and period."""

    version: int
    values: dict[str, int]


History = dict[str, dict[dt.date, Accepted]]
"""district → period → what was accepted: the neighbours that checks compare with."""

Place = tuple[str, dt.date]
"""District and period: whose return for when."""


@dataclass(frozen=True)
class Seen:
    """A file with the same bytes that was received before. ``received`` is UTC."""

    district: str | None
    period: dt.date | None
    status: Status
    received: dt.datetime
    version: int | None = None
    current: int | None = None
    """The version in force now, when the file became one."""
    submission: int = 0
    """The ledger's number of it, in the order of recording."""


@dataclass(frozen=True)
class Issued:
    """An issued bulletin: its values by district, the districts it names as missing, and what of it is being restated."""

    values: Mapping[str, Mapping[str, int]]
    missing: frozenset[str] = frozenset()
    opening: Opening = field(default_factory=Opening)


@dataclass(frozen=True)
class Receipt:
    """When the district's first return for a period came (as registered by the city, else its arrival), and when returns for it
    were sent back. UTC.

    ``returned`` are entries of the ledger's sequence with their times, in order.
    """

    first: dt.datetime
    returned: tuple[tuple[int, dt.datetime], ...] = ()


@dataclass(frozen=True)
class Replaced:
    """What a version in force took the place of: ``version`` is that of the same place that was in force before, None where it
    was the first. ``came_last``: it came after the district's next later version, so that the two were held against each other
    when it was judged (P08); where the later one came last, it is the one that was asked (P01)."""

    version: Accepted | None = None
    came_last: bool = True


@dataclass(frozen=True)
class Prefilled:
    """A template made for a district and period: its version, and the previous values it was filled with."""

    version: str
    previous: dt.date | None
    values: Mapping[str, int]


@dataclass(frozen=True)
class Known:
    """``seen`` by sha256; ``explanations`` and ``decisions`` of the periods in question (and of their years), oldest first."""

    seen: Mapping[str, tuple[Seen, ...]] = field(default_factory=dict)
    history: History = field(default_factory=dict)
    explanations: tuple[Explanation, ...] = ()
    decisions: tuple[Decision, ...] = ()
    issued: Mapping[dt.date, Issued] = field(default_factory=dict)
    receipts: Mapping[Place, Receipt] = field(default_factory=dict)
    prefilled: Mapping[Place, tuple[Prefilled, ...]] = field(default_factory=dict)
    """Templates made, oldest first."""
    in_force: Mapping[Place, Replaced] = field(default_factory=dict)
    """The returns that are judged again while they are in force; empty where new ones and those that wait are judged."""
    excused: frozenset[Place] = frozenset()
    """免报."""
    sent: Mapping[int, int] = field(default_factory=dict)
    """Submission → the entry of the ledger's sequence it came in, for those judged again."""
