"""What the gate is asked: the period, and all it has to know that does not stand in the ledger. Plain data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pipeline.model import Finding
from schemas.programme import Programme

Place = tuple[str, str]
"""(district, indicator)."""


class Flaw(StrEnum):
    """What is wrong with an original (B07)."""

    MISSING = "missing"
    ALTERED = "altered"


@dataclass(frozen=True)
class Held:
    """A file in force: where it lies among the originals, and where the ledger says its values stand.

    ``file`` is its name in the inbox; ``cells`` are indicator → A1 address in ``sheet``.
    """

    district: str
    sha256: str
    file: str
    sheet: str
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Reread:
    """One value read again from its original. ``value`` is None where nothing can be read; ``cell`` is where, in Chinese."""

    district: str
    indicator: str
    sha256: str
    flaw: Flaw | None = None
    value: int | None = None
    cell: str = ""


@dataclass(frozen=True)
class Shown:
    """A figure of the staged bulletin as its workbook shows it: "20", "未报", "" where there is none.

    ``district`` is empty for a total.
    """

    sheet: str
    district: str
    indicator: str
    text: str


@dataclass(frozen=True)
class GateTask:
    """The period to accept, ``at`` when (UTC).

    ``due``: districts that owe a return; neither those excused nor those that may be missing. ``excused`` are 免报.
    ``approved``: (district, indicator) whose fall the city approved. ``bulletins``: the values of every earlier bulletin, oldest
    first; ``previous`` is the period of the last of them. ``originals``: every value in force read again (``evidence.reread``).
    ``bulletin``: the staged workbook read back (``evidence.read_bulletin``). ``restated``: values of the previous bulletin that
    are others now. ``scans_due``, ``scans_there``: districts asked for a stamped scan, and those that sent one.
    ``open``: findings of the period that are not settled, each with its district where it has one.
    """

    programme: Programme
    period: dt.date
    at: dt.datetime
    due: tuple[str, ...]
    excused: tuple[str, ...] = ()
    previous: dt.date | None = None
    approved: frozenset[Place] = frozenset()
    bulletins: tuple[Mapping[Place, int], ...] = ()
    originals: tuple[Reread, ...] = ()
    bulletin: tuple[Shown, ...] = ()
    restated: tuple[Place, ...] = ()
    scans_due: tuple[str, ...] = ()
    scans_there: tuple[str, ...] = ()
    open: tuple[Finding, ...] = ()
