"""The made-up panels: each rule they must not break, written down anew from the catalogue."""

from __future__ import annotations

import calendar
import datetime as dt
import statistics
from collections.abc import Callable
from itertools import pairwise

import pytest

from schemas.programme import Programme
from tests.returns import clean_panel

Series = list[dict[str, int]]


def month_ends(first: int, last: int, step: int) -> list[dt.date]:
    months = [(year, month) for year in range(first, last + 1) for month in range(step, 13, step)]
    return [dt.date(year, month, calendar.monthrange(year, month)[1]) for year, month in months]


PERIODS = {
    "quarters": month_ends(2024, 2026, 3),
    "months": month_ends(2024, 2026, 1),
    "77 periods": [dt.date(2024, 1, 14) + dt.timedelta(days=14 * n) for n in range(77)],
    "irregular": [dt.date(2024, 3, 31), dt.date(2024, 4, 30), dt.date(2024, 12, 31), dt.date(2025, 1, 31), dt.date(2026, 6, 30)],
}


def series_of(programme: Programme, periods: list[dt.date], seed: int) -> dict[str, Series]:
    panel = clean_panel(programme, periods, seed)
    return {district: [panel[district, period] for period in sorted(periods)] for district in programme.district_names}


def no_fall(programme: Programme, rows: Series) -> bool:
    return all(after[i] >= before[i] >= 0 for before, after in pairwise(rows) for i in programme.indicator_ids)


def no_results_without_enterprises(programme: Programme, rows: Series) -> bool:
    return all(row[programme.headline] or not any(row.values()) for row in rows)


def no_more_institutes_than_enterprises(programme: Programme, rows: Series) -> bool:
    return all(row[programme.indicator_ids[-1]] <= row[programme.headline] for row in rows)


def no_strange_ratios(programme: Programme, rows: Series) -> bool:
    _, projects, transfers, *_ = programme.indicator_ids
    return all(row[projects] <= max(9, 6 * row[programme.headline]) and row[transfers] <= row[projects] + 4 for row in rows)


def no_ceiling(programme: Programme, rows: Series) -> bool:
    return all(row[indicator.id] <= indicator.ceiling for row in rows for indicator in programme.indicators)


def no_jump(programme: Programme, rows: Series) -> bool:
    """P05 without its share of the plan: an increase of 10 or more, twice the largest before and far from the median."""
    for indicator in programme.indicator_ids:
        steps = [after[indicator] - before[indicator] for before, after in pairwise(rows)]
        for n in range(3, len(steps)):
            middle = statistics.median(steps[:n])
            spread = max(statistics.median(abs(step - middle) for step in steps[:n]), 1, 0.2 * middle)
            if steps[n] >= 10 and steps[n] > 2 * max(steps[:n]) and steps[n] > middle + 5 * spread:
                return False
    return True


REGULAR = [name for name in PERIODS if name != "irregular"]
RULES: list[Callable[[Programme, Series], bool]] = [
    no_fall,
    no_results_without_enterprises,
    no_more_institutes_than_enterprises,
    no_strange_ratios,
    no_ceiling,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("periods", PERIODS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_row_breaks_a_rule(programme: Programme, periods: str, seed: int, rule: Callable[[Programme, Series], bool]) -> None:
    broken = [d for d, rows in series_of(programme, PERIODS[periods], seed).items() if not rule(programme, rows)]
    assert broken == []


@pytest.mark.parametrize("periods", REGULAR)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_increase_stands_out(programme: Programme, periods: str, seed: int) -> None:
    broken = [d for d, rows in series_of(programme, PERIODS[periods], seed).items() if not no_jump(programme, rows)]
    assert broken == []


@pytest.mark.parametrize("periods", PERIODS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_repeats_where_something_new_is_usual(programme: Programme, periods: str, seed: int) -> None:
    """P02: equal to the row before, although the last increases have a median of 5 or the district owes 10 a year."""
    target = programme.target_of(programme.headline, dt.date(2024, 12, 31))
    assert target
    for district, rows in series_of(programme, PERIODS[periods], seed).items():
        steps = [sum(after.values()) - sum(before.values()) for before, after in pairwise(rows)]
        for n, step in enumerate(steps):
            known = steps[max(0, n - 4) : n]
            usual = statistics.median(known) >= 5 if len(known) >= 2 else max(target.annual[district].values()) >= 10
            assert step > 0 or not usual or not any(rows[n + 1].values()), (district, n)


@pytest.mark.parametrize("periods", PERIODS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_two_districts_report_the_same(programme: Programme, periods: str, seed: int) -> None:
    """P03: this period and the one before, from a sum of 30 on."""
    rows = series_of(programme, PERIODS[periods], seed)
    for n in range(len(PERIODS[periods])):
        near = [(d, tuple(rows[d][m].values())) for d in rows for m in (n - 1, n) if m >= 0 and sum(rows[d][m].values()) >= 30]
        owners: dict[tuple[int, ...], set[str]] = {}
        for district, values in near:
            owners.setdefault(values, set()).add(district)
        assert [names for names in owners.values() if len(names) > 1] == []


def test_the_headline_follows_the_targets(programme: Programme) -> None:
    """Between three quarters and a fifth more than what is owed at a year's end (T02 begins at half more)."""
    target = programme.target_of(programme.headline, dt.date(2025, 12, 31))
    assert target
    for (district, _), values in clean_panel(programme, [dt.date(2025, 12, 31)], 7).items():
        owed = target.annual[district][2024] + target.annual[district][2025]
        assert 0.75 * owed <= values[programme.headline] <= 1.2 * owed


def test_the_seed_decides(programme: Programme) -> None:
    first, again, other = (clean_panel(programme, PERIODS["quarters"], seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_the_second_programme_has_panels_too(second_programme: Programme) -> None:
    panel = clean_panel(second_programme, month_ends(2025, 2027, 3), 1)
    assert len(panel) == 5 * 12
    assert all(set(values) == set(second_programme.indicator_ids) for values in panel.values())


def test_periods_may_come_in_any_order(programme: Programme) -> None:
    quarters = PERIODS["quarters"]
    assert clean_panel(programme, quarters[::-1], 1) == clean_panel(programme, quarters, 1)
