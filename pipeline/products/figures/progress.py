"""Completion, pace, gaps and ranks of a period, exact (domain.md “Targets”): fractions until they are printed.

Rates are ``Fraction`` (1 is 100 %); ``printed`` rounds them as the tables show them. None stands for a number that does not
exist (no report, no target, no earlier value) and is never 0.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from pipeline.model.view import EXCUSED, PeriodView
from pipeline.products.figures.counts import Count, CountTable, counts, total
from pipeline.products.figures.ranking import Group, groups, ranked
from schemas.pace import Measure, elapsed, measure
from schemas.programme import CityGoal, Programme, Target


@dataclass(frozen=True)
class Line:
    """A row of 进度表. ``absent`` as in ``CountRow``; ``due`` is the exact 序时目标 that ``value`` is held against."""

    name: str
    absent: str | None
    value: int | None
    change: int | None
    measure: Measure | None
    completion: Fraction | None
    annual: int | None
    annual_completion: Fraction | None
    rank: int | None = None
    annual_rank: int | None = None

    @cached_property
    def pace(self) -> Fraction | None:
        return None if self.measure is None or self.completion is None else self.measure.due / self.measure.target

    @cached_property
    def gap_points(self) -> Fraction | None:
        """Percentage points, the difference of the printed rates."""
        if self.completion is None or self.pace is None:
            return None
        return (printed(self.completion) - printed(self.pace)) * 100

    @cached_property
    def gap_units(self) -> int | None:
        """Whole units before (+) or behind (−) the pace: a shortage rounds up, a surplus down, so both round towards −∞."""
        if self.completion is None or self.pace is None or self.measure is None:
            return None
        return math.floor((self.completion - self.pace) * self.measure.target)

    @cached_property
    def lagging(self) -> bool:
        """滞后, judged on the exact fractions."""
        return self.completion is not None and self.pace is not None and self.completion < self.pace


@dataclass(frozen=True, slots=True)
class ProgressTable:
    """进度表: districts in form order and the city. ``counted`` has who is missing, excused or new."""

    year: int
    elapsed: Fraction
    rows: tuple[Line, ...]
    city: Line
    counted: CountTable
    baseless: tuple[str, ...]
    """Districts that reported, without a value at the last year's end: left out of the city's annual figures."""

    @property
    def reported(self) -> int:
        return sum(row.absent is None for row in self.rows)


@dataclass(frozen=True, slots=True)
class RankLine:
    """A row of 位次表; ``rise`` is the places won (lost when negative) since the previous bulletin."""

    line: Line
    previous: int | None

    @property
    def rise(self) -> int | None:
        return None if self.previous is None or self.line.rank is None else self.previous - self.line.rank


def printed(rate: Fraction) -> Fraction:
    """As a table shows it: rounded half up to 0.1 %, by magnitude."""
    tenths = (2000 * abs(rate.numerator) + rate.denominator) // (2 * rate.denominator)
    return Fraction(tenths if rate >= 0 else -tenths, 1000)


def progress(programme: Programme, view: PeriodView) -> ProgressTable:
    """进度表 of the headline indicator: wording.md 5.1."""
    target = programme.target_of(programme.headline, view.period)
    counted = counts(programme, view, (programme.headline,))
    bases = _bases(programme, view)
    lines = [
        _line(row.name, row.absent, row.counts[0], _own(target, row.name, view.period), bases.get(row.name))
        for row in counted.rows
    ]
    among = groups(programme, view.office, view.period)
    places = ranked({line.name: line.completion for line in lines}, among)
    annual = ranked({line.name: line.annual_completion for line in lines}, among)
    rows = tuple(replace(line, rank=places.get(line.name), annual_rank=annual.get(line.name)) for line in lines)
    city = _city(rows, counted, measure(target.city, view.period) if target else None)
    new = tuple(row.name for row in rows if row.absent is None and row.annual is None)
    return ProgressTable(view.period.year, elapsed(view.period), rows, city, counted, new if city.annual is not None else ())


def ranks(programme: Programme, view: PeriodView, rows: Sequence[Line] | None = None) -> dict[str, tuple[RankLine, ...]]:
    """位次表: group (empty: all) → its districts by rank, equal ranks in form order, who has none at the end.

    Before: the previous bulletin's values and targets, among the same districts as now.
    """
    among = groups(programme, view.office, view.period)
    before = places(programme, view.previous, view.history.get(view.previous, {}), among) if view.previous else {}
    lines = {line.name: line for line in (progress(programme, view).rows if rows is None else rows)}
    last = len(lines) + 1
    return {
        group.name: tuple(
            RankLine(line, before.get(line.name))
            for line in sorted((lines[name] for name in group.districts), key=lambda line: line.rank or last)
        )
        for group in among
    }


def places(programme: Programme, day: dt.date, values: Mapping[tuple[str, str], int], among: Sequence[Group]) -> dict[str, int]:
    """district → its rank at ``day`` by these values ((district, indicator) → value) and that day's targets."""
    target = programme.target_of(programme.headline, day)
    own = {name: values.get((name, programme.headline)) for name in programme.district_names}
    return ranked({name: _rate(value, _own(target, name, day)) for name, value in own.items()}, among)


def completion_with_missing(programme: Programme, view: PeriodView, table: ProgressTable) -> Fraction | None:
    """The city's completion, missing districts counted with their last values (wording.md 6); excused ones stay out.

    None when nobody is missing, or when one who is has no earlier value.
    """
    owing = [row for row in table.rows if row.absent != EXCUSED]
    last = {row.name: _last(programme, view, row.name) for row in owing if row.absent}
    if not last or None in last.values():
        return None
    plan = programme.target_of(programme.headline, view.period)
    whole = measure(plan.city, view.period) if plan and len(owing) == len(table.rows) else None
    counted = [row for row in owing if whole or row.measure]
    return _rate(total(last.get(row.name, row.value) for row in counted), whole or _together(row.measure for row in counted))


def _last(programme: Programme, view: PeriodView, district: str) -> int | None:
    """The district's headline value of the latest earlier period the view knows."""
    earlier = (view.history[day].get((district, programme.headline)) for day in sorted(view.history, reverse=True))
    return next((value for value in earlier if value is not None), None)


def outcomes(programme: Programme, view: PeriodView) -> CountTable:
    """成效表: every indicator but the headline."""
    return counts(programme, view, [identifier for identifier in programme.indicator_ids if identifier != programme.headline])


def form(programme: Programme, view: PeriodView) -> CountTable:
    """The form, filled: every indicator."""
    return counts(programme, view, programme.indicator_ids)


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A row of 全市目标. ``count`` is None where the form does not hold it (本表不含)."""

    name: str
    target: str
    note: str
    count: Count | None
    completion: Fraction | None


def goals(programme: Programme, view: PeriodView) -> tuple[GoalLine, ...]:
    """City-wide goals. They have no district split, so there is no rate while a district is missing."""
    counted = form(programme, view)
    city = dict(zip(programme.indicator_ids, counted.city.counts, strict=True))
    return tuple(
        _goal(goal, city[goal.indicator] if goal.indicator else None, counted.complete)
        for goal in (programme.city_goals.rows if programme.city_goals else ())
    )


def _goal(goal: CityGoal, count: Count | None, complete: bool) -> GoalLine:
    value = count.value if count and complete else None
    completion = Fraction(value, goal.base) if value is not None and goal.base else None
    return GoalLine(goal.name, goal.target, goal.note, count, completion)


def _own(target: Target | None, district: str, day: dt.date) -> Measure | None:
    return measure(target.annual.get(district, {}), day) if target else None


def _rate(value: int | None, owed: Measure | None) -> Fraction | None:
    return None if value is None or owed is None else Fraction(value, owed.target)


def _bases(programme: Programme, view: PeriodView) -> dict[str, int]:
    """Headline values at the last year's end; 0 in the programme's first year, which nothing came before."""
    if view.period.year == programme.start.year:
        return dict.fromkeys(programme.district_names, 0)
    values = view.history.get(view.year_end, {})
    return {district: value for (district, indicator), value in values.items() if indicator == programme.headline}


def _line(name: str, absent: str | None, count: Count, owed: Measure | None, base: int | None) -> Line:
    annual = None if count.value is None or base is None else count.value - base
    annual_rate = None if annual is None or owed is None or not owed.annual else Fraction(annual, owed.annual)
    return Line(name, absent, count.value, count.change, owed, _rate(count.value, owed), annual, annual_rate)


def _city(rows: Sequence[Line], counted: CountTable, plan: Measure | None) -> Line:
    """Numerator and denominator over the same districts; the plan's own target of the city when every district reported."""
    count = counted.city.counts[0]
    reported = [row for row in rows if row.absent is None]
    whole = counted.complete and plan is not None
    owed = plan if whole else _together(row.measure for row in reported)
    value = count.value if whole else total(row.value for row in reported if row.measure)
    based = [row for row in reported if row.annual is not None]
    own = plan if whole and len(based) == len(rows) else _together(row.measure for row in based)
    annual = total(row.annual for row in based if own is plan or row.measure)
    rate = None if annual is None or own is None or not own.annual else Fraction(annual, own.annual)
    everyone = total(row.annual for row in based)
    if owed and own:
        owed = replace(owed, annual=own.annual)  # the year's target is that of the districts whose gain is known
    return Line(counted.city.name, None, count.value, count.change, owed, _rate(value, owed), everyone, rate)


def _together(measures: Iterable[Measure | None]) -> Measure | None:
    """What several owe together; None when none of them owes anything."""
    known = [each for each in measures if each]
    if not known:
        return None
    return Measure(sum(e.target for e in known), sum(e.annual for e in known), sum((e.due for e in known), Fraction()))
