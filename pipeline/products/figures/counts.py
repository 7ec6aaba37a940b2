"""Counts of a period beside those of the bulletin before: districts in form order, and the city over those that reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.model.view import EXCUSED, MISSING, PeriodView
from schemas.programme import Indicator, Programme


@dataclass(frozen=True, slots=True)
class Count:
    """A cumulative value, and what it grew by since the previous bulletin; None where there is none (never 0)."""

    value: int | None
    change: int | None


@dataclass(frozen=True, slots=True)
class CountRow:
    """A district, or the city. ``absent`` is the state shown instead of its values: 未报 or 免报, None when it reported."""

    name: str
    absent: str | None
    counts: tuple[Count, ...]
    """One for each indicator of the table."""


@dataclass(frozen=True, slots=True)
class CountTable:
    """Districts in form order. The city counts the districts that reported, its change those that reported both times."""

    indicators: tuple[Indicator, ...]
    rows: tuple[CountRow, ...]
    city: CountRow
    uncompared: tuple[str, ...]
    """Districts that reported now and not in the previous bulletin: left out of the city's change."""

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(row.name for row in self.rows if row.absent == MISSING)

    @property
    def excused(self) -> tuple[str, ...]:
        return tuple(row.name for row in self.rows if row.absent == EXCUSED)

    @property
    def absent(self) -> tuple[str, ...]:
        """Missing and excused districts, in form order."""
        return tuple(row.name for row in self.rows if row.absent is not None)

    @property
    def complete(self) -> bool:
        """Whether the city's counts hold every district."""
        return not self.absent


def counts(programme: Programme, view: PeriodView, indicators: Sequence[str]) -> CountTable:
    """Values and changes of these indicators. A district counts as reporting when all of them are in the ledger."""
    wanted = tuple(programme.indicator(identifier) for identifier in indicators)
    before = view.history.get(view.previous, {}) if view.previous else {}
    states = {record.district: record.state for record in view.districts}
    rows = tuple(_row(name, states.get(name, MISSING), view, before, indicators) for name in programme.district_names)
    reported = [row for row in rows if row.absent is None]
    city = tuple(_city([row.counts[place] for row in reported]) for place in range(len(wanted)))
    new = tuple(row.name for row in reported if any(count.change is None for count in row.counts))
    known = any(count.change is not None for count in city)
    return CountTable(wanted, rows, CountRow(programme.terms["city"], None, city), new if known else ())


def _row(name: str, state: str, view: PeriodView, before: Mapping[tuple[str, str], int], indicators: Sequence[str]) -> CountRow:
    values = [view.values.get((name, indicator)) for indicator in indicators]
    if any(source is None for source in values):
        return CountRow(name, EXCUSED if state == EXCUSED else MISSING, tuple(Count(None, None) for _ in indicators))
    earlier = [before.get((name, indicator)) for indicator in indicators]
    return CountRow(
        name,
        None,
        tuple(
            Count(now.value, None if then is None else now.value - then) for now, then in zip(values, earlier, strict=True) if now
        ),
    )


def _city(own: Sequence[Count]) -> Count:
    """Sums over the districts that have the number; None when none has."""
    return Count(total(count.value for count in own), total(count.change for count in own))


def total(numbers: Iterable[int | None]) -> int | None:
    """The sum of the known numbers; None when none is known."""
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None
