"""Which periods are called and open (domain.md “Periods”)."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

from pipeline.parse import is_preset_end
from schemas.programme import Programme


def month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


@dataclass(frozen=True)
class Calendar:
    """``called`` are the as-of dates the settings list; with none, every preset end counts as called."""

    programme: Programme
    today: dt.date
    called: frozenset[dt.date] = frozenset()

    @property
    def last_open(self) -> dt.date:
        """The latest as-of date a return may have today (F05)."""
        return self.today + dt.timedelta(days=self.programme.open_before_days)

    def is_called(self, period: dt.date) -> bool:
        return period in self.called if self.called else is_preset_end(period, self.programme.presets)

    def open_periods(self) -> tuple[dt.date, ...]:
        """Called, begun with the programme, and not too far ahead; in order."""
        if self.called:
            return tuple(sorted(day for day in self.called if self.programme.start <= day <= self.last_open))
        days = []
        year, month = self.programme.start.year, self.programme.start.month
        while (day := month_end(year, month)) <= self.last_open:
            if self.is_called(day):
                days.append(day)
            year, month = (year + month // 12, month % 12 + 1)
        return tuple(days)
