"""One return as the rules see it: its entries beside what was accepted, issued, prefilled and planned around it."""

from __future__ import annotations

import datetime as dt
import itertools
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.model import Accepted, Act, Entry, History, Known, Place, Prefilled, Table
from pipeline.model.matters import holding
from pipeline.rules.judging.calendar import Calendar
from pipeline.rules.place import Placed
from schemas.pace import Measure, measure
from schemas.programme import Programme

Row = tuple[int, ...]
"""A return's values in programme order, all of them known."""

Dated = tuple[dt.date, Accepted]
"""A version in force and its as-of date."""


@dataclass(frozen=True)
class Case:
    """One return as the rules see it; what it has nothing of is empty or None."""

    placed: Placed
    entries: tuple[Entry, ...]
    row: Row | None
    """Its values, where every indicator has one: a missing column (S01) has not even an entry."""
    earlier: tuple[Dated, ...] = ()
    """What was accepted before, oldest first: the last ``P05_periods`` of it."""
    later: Dated | None = None
    current: Accepted | None = None
    """The version of the same period that is in force in the ledger; of a return that is in force itself, the one it replaced."""
    issued: Mapping[str, int] | None = None
    """The district's values in the issued bulletin of the period, which the return may not change."""
    twins: tuple[dt.date, tuple[str, ...]] | None = None
    """Other districts with the same row, and of when."""
    altered: Mapping[str, tuple[str, int]] | None = None
    """Prefilled values that were changed: indicator → what is shown, what was prefilled."""
    prefilled_of: dt.date | None = None
    annual: Mapping[int, int] | None = None
    """Annual targets of the headline, by year."""
    owed: Measure | None = None
    """What is owed of them."""
    failing: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Rules that are arithmetic on columns → the indicators at which they fail."""
    ordered: tuple[Entry, ...] = ()
    """The entries in programme order."""

    @property
    def district(self) -> str | None:
        return self.placed.district

    @property
    def period(self) -> dt.date | None:
        return self.placed.period

    @property
    def table(self) -> Table | None:
        return self.placed.table

    @property
    def in_year(self) -> bool:
        """Before the year is over."""
        return self.period is not None and (self.period.month, self.period.day) != (12, 31)

    def entry(self, indicator: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.indicator == indicator), None)

    @cached_property
    def numbers(self) -> tuple[tuple[Entry, int], ...]:
        """The entries that have a number, with it, in programme order."""
        return tuple((entry, entry.value) for entry in self.ordered if entry.value is not None)

    @cached_property
    def met(self) -> frozenset[str]:
        """The rules met while its cells were read."""
        return frozenset(problem.rule for entry in self.entries for problem in entry.problems)

    @cached_property
    def values(self) -> dict[str, int | None]:
        return {entry.indicator: entry.value for entry in self.entries}

    @property
    def known(self) -> bool:
        """Whether every indicator has a number."""
        return self.row is not None

    @property
    def previous(self) -> Dated | None:
        return self.earlier[-1] if self.earlier else None

    def before(self, indicator: str) -> int | None:
        """The last accepted value of an earlier period."""
        return self.earlier[-1][1].values.get(indicator) if self.earlier else None

    def increases(self, periods: int) -> tuple[int, ...]:
        """Increases of all indicators together over the last ``periods`` periods, oldest first."""
        sums = [sum(accepted.values.values()) for _, accepted in self.earlier[-periods - 1 :]]
        return tuple(b - a for a, b in itertools.pairwise(sums))


@dataclass(frozen=True)
class FileCase:
    """One file as the rules see it. ``entries`` are those of the district's own row, ``past`` is what was accepted, of this run
    too, ``owed`` as ``owed_periods`` gives them."""

    placed: Placed
    entries: tuple[Entry, ...]
    past: History
    owed: Sequence[dt.date]
    known: Known
    calendar: Calendar

    @property
    def programme(self) -> Programme:
        return self.calendar.programme

    @property
    def table(self) -> Table:
        """For rules that need one."""
        assert self.placed.table is not None
        return self.placed.table

    @property
    def place(self) -> Place:
        """For rules that need it."""
        assert self.placed.district is not None
        assert self.placed.period is not None
        return self.placed.district, self.placed.period

    @property
    def is_due(self) -> bool:
        """Whether it is clear whose it is and for when, and that period was called."""
        if self.placed.district is None or self.placed.period is None:
            return False
        return not any(self.programme.role_of(finding.rule) == "uncalled" for finding in self.placed.findings)

    @cached_property
    def received(self) -> dt.datetime | None:
        """UTC: the time of receipt that the city registered last for the file, else when it came."""
        receipts = (d for d in holding(self.known.decisions) if d.act == Act.RECEIVE)
        times = [d.received for d in receipts if d.sha256 == self.placed.reading.sha256]
        return (times[-1] if times else None) or self.placed.received


def owed_periods(past: History, calendar: Calendar) -> list[dt.date]:
    """Periods that were called, or that anybody reported for, in order."""
    return sorted(day for day in calendar.called.union(*past.values()) if day >= calendar.programme.start)


@dataclass(frozen=True)
class Around:
    """What a batch is compared with. ``past`` is what was accepted before (of this run too), ``known`` the ledger's alone."""

    past: History
    known: Known
    days: Mapping[str, Sequence[dt.date]]
    """The periods of ``past`` by district, in order of time."""
    now: Mapping[tuple[dt.date, Row], set[str]]
    """Who states this row for this period: in the ledger, or in this run whatever becomes of it."""
    then: Mapping[Row, list[Place]]
    """Whose accepted row this was, and when."""


def around(past: History, known: Known, stated: Iterable[tuple[Place, Row]], programme: Programme) -> Around:
    """``stated`` are the complete rows of the run itself; rows of small numbers agree by chance and are left out (P03)."""
    least = programme.thresholds["P03_total"]
    now: dict[tuple[dt.date, Row], set[str]] = {}
    for (district, day), row in itertools.chain(stated, _rows(known.history, programme)):
        if sum(row) >= least:
            now.setdefault((day, row), set()).add(district)
    then: dict[Row, list[Place]] = {}
    for place, row in _rows(past, programme):
        if sum(row) >= least:
            then.setdefault(row, []).append(place)
    return Around(past, known, {district: sorted(days) for district, days in past.items()}, now, then)


def _rows(history: History, programme: Programme) -> Iterable[tuple[Place, Row]]:
    ids = programme.indicator_ids
    for district, periods in history.items():
        for day, accepted in periods.items():
            values = accepted.values
            if len(values) == len(ids):
                yield (district, day), tuple(values[i] for i in ids)


def make_case(placed: Placed, entries: tuple[Entry, ...], near: Around, programme: Programme) -> Case:
    """The return with all that the rules compare it with; nothing, while its district or period is open."""
    district, period = placed.district, placed.period
    row = complete_row(entries, programme)
    ordered = tuple(sorted(entries, key=lambda entry: programme.indicator_ids.index(entry.indicator)))
    if not (district and period):
        return Case(placed, entries, row, ordered=ordered)
    here = near.known.history.get(district, {})
    earlier, days = near.past.get(district, {}), near.days.get(district, ())
    end = bisect_left(days, period)
    window = days[max(0, end - int(programme.thresholds["P05_periods"])) : end]
    later = min((day for day in here if day > period), default=None)
    targets = programme.target_of(programme.headline, period)
    annual = targets.annual.get(district) if targets else None
    replaced = near.known.in_force.get((district, period))  # judged again while in force: nothing is asked twice of a pair
    altered, of = _altered(placed.reading.form.prefilled, near.known.prefilled.get((district, period), ()))
    return Case(
        placed,
        entries,
        row,
        earlier=tuple((day, earlier[day]) for day in window),
        later=(later, here[later]) if later and (replaced is None or replaced.came_last) else None,
        current=current_version(near.known, (district, period)),
        issued=_frozen(placed, district, period, here.get(period), entries, near.known) if replaced is None else None,
        twins=_twins(district, period, row, near, programme),
        altered=altered,
        prefilled_of=of,
        annual=annual,
        ordered=ordered,
        owed=measure(annual, period) if annual else None,
    )


def current_version(known: Known, place: Place) -> Accepted | None:
    """What a return of the place replaces."""
    replaced = known.in_force.get(place)
    return replaced.version if replaced else known.history.get(place[0], {}).get(place[1])


def _frozen(
    placed: Placed, district: str, period: dt.date, current: Accepted | None, entries: tuple[Entry, ...], known: Known
) -> Mapping[str, int] | None:
    """The issued values of the district, unless they are open for restatement and the return was sent since: what was sent
    before has to be sent again. A return that states what is in force changes nothing."""
    issued = known.issued.get(period)
    if issued is None or (current and current.values == {entry.indicator: entry.value for entry in entries}):
        return None
    since = issued.opening.since(district)
    before = since is not None and placed.again is not None and known.sent.get(placed.again, since) < since
    return issued.values.get(district) if since is None or before else None


def _twins(
    district: str, period: dt.date, row: Row | None, near: Around, programme: Programme
) -> tuple[dt.date, tuple[str, ...]] | None:
    """Other districts with this row in this period, else in their last accepted period before it: the nearest in time."""
    if row is None:
        return None
    places = [(name, period) for name in near.now.get((period, row), ())]
    places += [(name, day) for name, day in near.then.get(row, ()) if day == _last_before(near.days[name], period)]
    others = [(name, day) for name, day in places if name != district]
    last = max((day for _, day in others), default=None)
    return (last, tuple(name for name in programme.district_names if (name, last) in others)) if last else None


def _last_before(days: Sequence[dt.date], period: dt.date) -> dt.date | None:
    end = bisect_left(days, period)
    return days[end - 1] if end else None


def complete_row(entries: Iterable[Entry], programme: Programme) -> Row | None:
    """The values in programme order; None while one is missing."""
    values = {entry.indicator: entry.value for entry in entries if entry.value is not None}
    return tuple(values[i] for i in programme.indicator_ids) if len(values) == len(programme.indicator_ids) else None


def _altered(shown: Mapping[str, str], made: Sequence[Prefilled]) -> tuple[Mapping[str, tuple[str, int]] | None, dt.date | None]:
    """What was changed of the template's previous values, by the template nearest to what is shown, and their period.

    Several templates may have been made for the place, at different times: what agrees with any of them was not changed.
    """
    found = [(made_for, _changed(shown, made_for)) for made_for in reversed(made) if made_for.previous]
    if not shown or not found:
        return None, None
    template, changed = min(found, key=lambda each: len(each[1]))
    return (changed, template.previous) if changed else (None, None)


def _changed(shown: Mapping[str, str], made_for: Prefilled) -> dict[str, tuple[str, int]]:
    return {i: (shown[i], value) for i, value in made_for.values.items() if i in shown and _number(shown[i]) != value}


def _number(text: str) -> int | None:
    bare = text.strip().replace(",", "")
    return int(bare) if bare.isascii() and bare.isdecimal() else None
