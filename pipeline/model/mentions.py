"""Periods as texts name them, and dates that are none."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class PeriodMention:
    """A period as a text names it (``text``, cut out of it).

    ``as_of`` when a year is given, with its ``month`` and ``day``. Without a year ``as_of`` is None, and ``day`` is the day where
    one is written, else 0: the month's last day in whichever year it turns out to be.
    """

    text: str
    as_of: dt.date | None
    month: int
    day: int


@dataclass(frozen=True)
class NoPeriod:
    """A date that ends no period, or is none at all (``real`` False), where a period is looked for.

    ``binding`` where it stands in the period's own place: it then contradicts every period. ``where`` is the place in messages.
    """

    text: str
    real: bool
    where: str = ""
    binding: bool = False
