"""Panels of values as a city reports them over the years: made up, but such that no rule of the catalogue minds them."""

from __future__ import annotations

import calendar
import datetime as dt
import random
import statistics
from collections.abc import Sequence
from itertools import pairwise

from schemas.programme import Programme

RATIOS = (1.85, 0.95, 0.7)
"""The other indicators for every unit of the headline, in programme order: within X01 to X03 and the plan's 2 : 1 : 0.75."""
TWINS_FROM = 30
"""P03 minds equal rows of two districts from this sum on."""
BUSY_FROM = 10
BUSY_STEP = 5
"""P02 expects something new where the annual target or the median of the last increases is at least this."""

Values = dict[str, int]


def clean_panel(programme: Programme, periods: Sequence[dt.date], seed: int) -> dict[tuple[str, dt.date], Values]:
    """Cumulative values for every district and period: seeded, non-decreasing, sized by the annual targets of the headline.

    Rows of different districts never agree where they sum to 30 or more, neither within a period nor with the one before, and
    a district that usually has something new, or owes ten or more a year, always has.
    """
    rows: dict[str, list[Values]] = {district: [] for district in programme.district_names}
    for number, period in enumerate(sorted(periods)):
        for district, past in rows.items():
            planned = _grown(_planned(programme, district, period, seed), past)
            taken = [row for name, others in rows.items() if name != district for row in others[max(0, number - 1) :]]
            past.append(_made_distinct(programme, planned, _stale(programme, district, period, past), taken))
    return {(district, period): rows[district][n] for n, period in enumerate(sorted(periods)) for district in rows}


def _planned(programme: Programme, district: str, period: dt.date, seed: int) -> Values:
    """Near the pace, a little before or behind it, by district and by period."""
    temper = random.Random(f"{seed}/{district}")
    zeal = temper.uniform(0.86, 1.08)
    shares = [ratio * temper.uniform(0.92, 1.06) for ratio in RATIOS]
    jitter = random.Random(f"{seed}/{district}/{period}").uniform(0.985, 1.015)
    headline = round(_pace(programme, district, period) * zeal * jitter)
    others = iter(shares)
    return {i: headline if i == programme.headline else int(headline * next(others)) for i in programme.indicator_ids}


def _pace(programme: Programme, district: str, period: dt.date) -> float:
    """What the headline's annual targets ask for by ``period``: the years before, and this year's share of the days gone by."""
    target = programme.target_of(programme.headline, period)
    if target is None:
        raise ValueError(f"no targets of {programme.headline} at {period}")
    annual = target.annual[district]
    days = 366 if calendar.isleap(period.year) else 365
    elapsed = period.timetuple().tm_yday / days
    return sum(plan for year, plan in annual.items() if year < period.year) + annual.get(period.year, 0) * elapsed


def _grown(planned: Values, past: Sequence[Values]) -> Values:
    return {indicator: max(value, past[-1][indicator]) for indicator, value in planned.items()} if past else planned


def _stale(programme: Programme, district: str, period: dt.date, past: Sequence[Values]) -> Values | None:
    """The row that must not come again (P02); a small district may well have nothing new."""
    if not past or not any(past[-1].values()):
        return None
    target = programme.target_of(programme.headline, period)
    owes = target is not None and max(target.annual[district].values()) >= BUSY_FROM
    steps = [sum(after.values()) - sum(before.values()) for before, after in pairwise(past)]
    usual = any(statistics.median(steps[-count:]) >= BUSY_STEP for count in (2, 3, 4) if len(steps) >= count)
    return past[-1] if owes or usual else None


def _made_distinct(programme: Programme, values: Values, stale: Values | None, taken: list[Values]) -> Values:
    """One more of the first indicator beside the headline until the row is its own: there the ratios leave most room."""
    spare = next(indicator for indicator in programme.indicator_ids if indicator != programme.headline)
    while values == stale or (sum(values.values()) >= TWINS_FROM and values in taken):
        values = {**values, spare: values[spare] + 1}
    return values
