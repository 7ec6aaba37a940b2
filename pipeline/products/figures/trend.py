"""走势: the period beside those before it, as far as its bulletin may show them (wording.md 5.6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pipeline.model.view import PeriodView
from pipeline.products.figures.counts import Count


@dataclass(frozen=True)
class Moment:
    """The accepted values of a period: (district, indicator) → value."""

    period: dt.date
    values: Mapping[tuple[str, str], int]

    @cached_property
    def by_indicator(self) -> Mapping[str, Mapping[str, int]]:
        """indicator → district → value."""
        found: dict[str, dict[str, int]] = {}
        for (district, indicator), value in self.values.items():
            found.setdefault(indicator, {})[district] = value
        return found

    def of(self, indicator: str) -> Mapping[str, int]:
        """district → value."""
        return self.by_indicator.get(indicator, {})

    def city(self, indicator: str) -> int | None:
        """Over the districts that have a value; None when there is none."""
        own = self.of(indicator)
        return sum(own.values()) if own else None


@dataclass(frozen=True)
class Trend:
    """``before`` are earlier periods, oldest first. ``year_ago`` is empty where nothing of that day may be shown."""

    before: tuple[Moment, ...]
    now: Moment
    year_ago: Moment

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        """The periods with values, oldest first."""
        return tuple(moment for moment in (*self.before, self.now) if moment.values)

    def compared(self, indicator: str) -> bool:
        """Whether the same districts reported a year ago, or there is nothing to compare."""
        now, then = self.now.of(indicator), self.year_ago.of(indicator)
        return not now or not then or now.keys() == then.keys()

    def city(self, indicator: str) -> Count:
        """The city's value a year ago and what it grew by since; no change where other districts reported then."""
        return _grown(self.year_ago.city(indicator), self.now.city(indicator) if self.compared(indicator) else None)

    def district(self, name: str, indicator: str) -> Count:
        """The same of a district."""
        return _grown(self.year_ago.of(indicator).get(name), self.now.of(indicator).get(name))


def trend(view: PeriodView) -> Trend:
    """The period and those before it."""
    history = view.history
    before = tuple(Moment(day, history.get(day, {})) for day in view.earlier)
    now = Moment(view.period, {place: source.value for place, source in view.values.items()})
    return Trend(before, now, Moment(view.period, history.get(view.year_ago, {}) if view.year_ago else {}))


def _grown(then: int | None, now: int | None) -> Count:
    return Count(then, None if then is None or now is None else now - then)
