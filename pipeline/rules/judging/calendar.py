"""Which periods are called and open, when returns are due, and on which days one works (domain.md “Periods”)."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.model.view import SHOWN_ZONE
from pipeline.reading.values import is_preset_end
from schemas.programme import Programme

SATURDAY = 5


def month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def end_of_day(day: dt.date) -> dt.datetime:
    """The last moment of a day in the office's zone."""
    return dt.datetime.combine(day, dt.time.max, SHOWN_ZONE)


@dataclass(frozen=True)
class Deadlines:
    """When returns are due: ``dates`` by as-of date, else the ``working_day``-th working day after it; with neither, never.

    ``grace`` are the working days a district has to send a returned file again.
    """

    dates: Mapping[dt.date, dt.date] = field(default_factory=dict)
    working_day: int | None = None
    grace: int = 3


@dataclass(frozen=True)
class Calendar:
    """``called`` are the as-of dates that the settings list or templates were made for; with none, every preset end counts.

    ``off`` are days without work that are no weekend, ``work`` weekend days with it.
    """

    programme: Programme
    today: dt.date
    called: frozenset[dt.date] = frozenset()
    deadlines: Deadlines = Deadlines()
    off: frozenset[dt.date] = frozenset()
    work: frozenset[dt.date] = frozenset()

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

    def is_working(self, day: dt.date) -> bool:
        return day in self.work or (day.weekday() < SATURDAY and day not in self.off)

    def working_days_after(self, day: dt.date, count: int) -> dt.date:
        """The ``count``-th working day after ``day``; the day itself for 0."""
        while count > 0:
            day += dt.timedelta(days=1)
            count -= self.is_working(day)
        return day

    def due(self, period: dt.date) -> dt.date | None:
        """The last day for returns of a period (报送截止时间), None where there is none."""
        count = self.deadlines.working_day
        counted = self.working_days_after(period, count) if count is not None else None
        return self.deadlines.dates.get(period, counted)

    def following(self, period: dt.date) -> tuple[dt.date, dt.date] | None:
        """The next period somebody called or dated, and when it is due; presets alone call none."""
        for day in sorted({*self.called, *self.deadlines.dates}):
            due = self.due(day)
            if day > period and due:
                return day, due
        return None

    def deadline(self, period: dt.date) -> dt.datetime | None:
        """The end of the due day, with its zone; None where nothing is late."""
        day = self.due(period)
        return end_of_day(day) if day else None

    def resend_by(self, returned: dt.datetime) -> dt.datetime:
        """Until when a return sent back at this time may come again without being late: the end of its last day of grace."""
        return end_of_day(self.working_days_after(returned.astimezone(SHOWN_ZONE).date(), self.deadlines.grace))
