"""What is owed at a date of a table of annual targets, exact (domain.md “Targets”)."""

from __future__ import annotations

import calendar
import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Measure:
    """What is owed at a date. ``target``: cumulative at the year's end; ``annual``: this year's; ``due``: 序时目标, exact."""

    target: int
    annual: int
    due: Fraction


@functools.lru_cache(maxsize=1024)
def elapsed(day: dt.date) -> Fraction:
    """The part of the year gone by: month ends are whole twelfths."""
    return (day.month - 1 + Fraction(day.day, calendar.monthrange(day.year, day.month)[1])) / 12


def measure(annual: Mapping[int, int], day: dt.date) -> Measure | None:
    """What is owed at ``day`` of these annual targets; None when the year has none or nothing is owed by its end."""
    if day.year not in annual:
        return None
    before = sum(number for year, number in annual.items() if year < day.year)
    own = annual[day.year]
    return Measure(before + own, own, before + own * elapsed(day)) if before + own > 0 else None


def months_between(first: dt.date, last: dt.date) -> Fraction:
    """From one day to a later one; from month end to month end they are whole."""
    return 12 * (last.year - first.year + elapsed(last) - elapsed(first))


def year_before(day: dt.date) -> dt.date:
    """The same day a year before; a month's last day stays its last day."""
    last = calendar.monthrange(day.year, day.month)[1]
    earlier = calendar.monthrange(day.year - 1, day.month)[1]
    return dt.date(day.year - 1, day.month, earlier if day.day == last else min(day.day, earlier))
