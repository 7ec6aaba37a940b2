"""Completion, pace, gaps and ranks: exact, and printed as domain.md “Targets” says."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from pipeline.model.view import EXCUSED, MISSING, PeriodView
from pipeline.products.figures import progress as figures
from pipeline.products.figures import ranking
from pipeline.products.figures.counts import Count
from schemas.pace import elapsed
from schemas.programme import Programme
from tests.support import views
from tests.support.views import SAMPLES, make_view, without

JUNE, MARCH, YEAR_END = dt.date(2025, 6, 30), dt.date(2025, 3, 31), dt.date(2024, 12, 31)

# The specimen 进度表-sketch.png, and wording.md 10.3 for the city: target, value, completion, pace, points, units, annual target,
# annual, annual completion, change, rank.
SPECIMEN = """
鹿城区 44 28 63.6 71.6 -8.0 -4 25 12 48.0 6 10
龙湾区 219 129 58.9 71.7 -12.8 -28 124 34 27.4 15 12
瓯海区 91 70 76.9 72.0 4.9 4 51 28 54.9 14 5
洞头区 9 8 88.9 72.2 16.7 1 5 4 80.0 2 3
乐清市 297 220 74.1 71.7 2.4 7 168 87 51.8 37 6
瑞安市 187 121 64.7 71.7 -7.0 -13 106 53 50.0 31 8
永嘉县 78 52 66.7 71.8 -5.1 -4 44 23 52.3 10 7
文成县 7 8 114.3 71.4 42.9 3 4 3 75.0 2 1
平阳县 105 88 83.8 71.9 11.9 12 59 29 49.2 15 4
泰顺县 8 4 50.0 68.8 -18.8 -2 5 1 20.0 0 13
苍南县 50 46 92.0 72.0 20.0 10 28 18 64.3 8 2
龙港市 41 25 61.0 72.0 -11.0 -5 23 12 52.2 7 11
海经区 14 9 64.3 71.4 -7.1 -1 8 4 50.0 2 9
全市 1150 808 70.3 71.7 -1.4 -17 650 308 47.4 149 None
"""


def _percent(rate: Fraction | None) -> str:
    assert rate is not None
    return f"{float(figures.printed(rate) * 100):.1f}"


def _ranks(programme: Programme, view: PeriodView) -> list[figures.RankLine]:
    """Of everybody together."""
    (rows,) = figures.ranks(programme, view).values()
    return list(rows)


def _as_printed(line: figures.Line) -> list[str]:
    assert line.measure is not None
    assert line.gap_points is not None
    rates = [_percent(line.completion), _percent(line.pace), f"{float(line.gap_points):.1f}", str(line.gap_units)]
    year = [str(line.measure.annual), str(line.annual), _percent(line.annual_completion)]
    return [line.name, str(line.measure.target), str(line.value), *rates, *year, str(line.change), str(line.rank)]


@pytest.mark.parametrize("row", SPECIMEN.split("\n")[1:-1])
def test_the_specimen_comes_out_to_the_digit(programme: Programme, row: str) -> None:
    table = figures.progress(programme, views.full_view(programme))
    line = next(line for line in (*table.rows, table.city) if line.name == row.split()[0])
    assert _as_printed(line) == row.split()


def test_lagging_districts_of_the_specimen(programme: Programme) -> None:
    table = figures.progress(programme, views.full_view(programme))
    lagging = [line.name for line in table.rows if line.lagging]
    assert lagging == ["鹿城区", "龙湾区", "瑞安市", "永嘉县", "泰顺县", "龙港市", "海经区"]
    assert sum(line.gap_units or 0 for line in table.rows if line.lagging) == -57


@pytest.mark.parametrize(
    ("rate", "shown"),
    [
        (Fraction(808, 1150), "70.3"),
        (Fraction(825, 1150), "71.7"),
        (Fraction(1, 800), "0.1"),  # 0.125 %
        (Fraction(5, 10000), "0.1"),  # 0.05 % rounds up
        (Fraction(49999, 10**8), "0.0"),
        (Fraction(6665, 10000), "66.7"),  # a binary float would print 66.6
        (Fraction(10005, 10000), "100.1"),
        (Fraction(-5, 10000), "-0.1"),
        (Fraction(0), "0.0"),
        (Fraction(8, 7), "114.3"),
    ],
)
def test_rates_are_rounded_half_up(rate: Fraction, shown: str) -> None:
    assert _percent(rate) == shown


@pytest.mark.parametrize(
    ("day", "part"),
    [
        (dt.date(2025, 1, 31), Fraction(1, 12)),
        (dt.date(2024, 2, 29), Fraction(1, 6)),
        (dt.date(2025, 6, 30), Fraction(1, 2)),
        (dt.date(2025, 12, 31), Fraction(1)),
        (dt.date(2025, 7, 15), Fraction(6 * 31 + 15, 31 * 12)),
    ],
)
def test_elapsed_part_of_the_year(day: dt.date, part: Fraction) -> None:
    assert elapsed(day) == part


@pytest.mark.parametrize(
    ("rates", "places"),
    [
        ([Fraction(3, 4), Fraction(1, 2), Fraction(1, 2), Fraction(1, 3)], [1, 2, 2, 4]),
        ([Fraction(2, 3), Fraction(4, 6), Fraction(667, 1000)], [2, 2, 1]),  # all print 66.7 %
        ([None, Fraction(0), Fraction(-1)], [None, 1, 2]),
    ],
)
def test_ranks_share_places_on_exact_rates(rates: list[Fraction | None], places: list[int | None]) -> None:
    found = ranking.rank({str(number): rate for number, rate in enumerate(rates)})
    assert [found.get(str(number)) for number in range(len(rates))] == places


@pytest.mark.parametrize(
    ("value", "units", "lagging"),
    [(62, -1, True), (63, 0, False), (64, 1, False), (65, 2, False), (0, -63, True)],
)
def test_a_shortage_rounds_up_and_a_surplus_down(programme: Programme, value: int, units: int, lagging: bool) -> None:
    day = dt.date(2025, 6, 12)  # elapsed (5 + 12/30) / 12 = 0.45, so 40 + 51 × 0.45 = 62.95 are due
    values = {name: [0, 0, 0, 0] for name in programme.district_names} | {"瓯海区": [value, 0, 0, 0]}
    line = figures.progress(programme, make_view(programme, day, values)).rows[2]
    assert (line.gap_units, line.lagging) == (units, lagging)


def test_a_district_just_at_pace_does_not_lag(programme: Programme) -> None:
    line = figures.progress(programme, views.first_view(programme)).rows[3]
    assert (line.value, line.pace, line.gap_units, line.lagging) == (2, Fraction(1, 2), 0, False)


def test_a_missing_district_is_in_no_sum_and_no_rank(programme: Programme) -> None:
    full = views.full_view(programme)
    earlier = {MARCH: SAMPLES["2025-03-31"], YEAR_END: SAMPLES["specimen-2024-12-31"]}
    table = figures.progress(programme, make_view(programme, JUNE, without(SAMPLES["2025-06-30"], "乐清市"), earlier=earlier))
    line = table.rows[4]
    assert (line.absent, line.value, line.change, line.completion, line.rank, line.lagging) == (
        MISSING,
        None,
        None,
        None,
        None,
        False,
    )
    assert table.city.measure is not None
    assert (table.city.value, table.city.measure.target, table.city.change, table.reported) == (
        808 - 220,
        1150 - 297,
        149 - 37,
        12,
    )
    assert table.city.annual == 308 - 87
    assert [row.rank for row in table.rows if row.rank] == [9, 11, 5, 3, 7, 6, 1, 4, 12, 2, 10, 8]
    assert figures.progress(programme, full).city.value == 808


def test_an_excused_district_is_told_from_a_missing_one(programme: Programme) -> None:
    values = without(SAMPLES["2025-06-30"], "乐清市", "文成县")
    table = figures.form(programme, make_view(programme, JUNE, values, states={"文成县": EXCUSED}))
    assert (table.missing, table.excused) == (("乐清市",), ("文成县",))


def test_zero_is_a_report(programme: Programme) -> None:
    values = {name: [0, 0, 0, 0] for name in programme.district_names}
    table = figures.progress(programme, make_view(programme, JUNE, values))
    assert (table.city.value, table.reported, table.rows[0].completion) == (0, 13, Fraction(0))


def test_without_any_report_the_city_has_no_number(programme: Programme) -> None:
    city = figures.progress(programme, make_view(programme, JUNE, {})).city
    assert (city.value, city.measure, city.completion, city.pace, city.annual) == (None, None, None, None, None)


def test_first_bulletin_compares_with_nothing_and_counts_the_first_year_from_zero(programme: Programme) -> None:
    table = figures.progress(programme, views.first_view(programme))
    assert {line.change for line in (*table.rows, table.city)} == {None}
    assert [line.annual for line in table.rows] == [line.value for line in table.rows]
    assert {row.previous for row in _ranks(programme, views.first_view(programme))} == {None}


def test_no_year_end_no_annual_figures(programme: Programme) -> None:
    view = make_view(programme, JUNE, SAMPLES["2025-06-30"], earlier={MARCH: SAMPLES["2025-03-31"]})
    table = figures.progress(programme, view)
    assert {(line.annual, line.annual_completion, line.annual_rank) for line in (*table.rows, table.city)} == {(None, None, None)}


def test_a_district_new_since_the_previous_bulletin_is_left_out_of_the_citys_change(programme: Programme) -> None:
    earlier = {MARCH: without(SAMPLES["2025-03-31"], "乐清市"), YEAR_END: without(SAMPLES["specimen-2024-12-31"], "乐清市")}
    table = figures.progress(programme, make_view(programme, JUNE, SAMPLES["2025-06-30"], earlier=earlier))
    assert (table.rows[4].change, table.city.change, table.counted.uncompared) == (None, 149 - 37, ("乐清市",))
    assert (table.city.value, table.city.annual, table.baseless) == (808, 308 - 87, ("乐清市",))
    assert table.city.annual_completion == Fraction(308 - 87, 650 - 168)


def test_no_target_no_rate_and_no_rank(programme: Programme) -> None:
    target = programme.targets[0]
    annual = {name: years for name, years in target.annual.items() if name != "文成县"}
    other = replace(programme, targets=(replace(target, annual=annual),))
    table = figures.progress(other, views.full_view(other))
    line = table.rows[7]
    assert (line.value, line.completion, line.gap_units, line.rank, line.lagging) == (8, None, None, None, False)
    assert table.rows[10].rank == 1


def test_targets_take_effect_at_their_date(programme: Programme) -> None:
    old = programme.targets[0]
    doubled = {name: {year: 2 * number for year, number in years.items()} for name, years in old.annual.items()}
    new = replace(old, effective=dt.date(2025, 4, 1), annual=doubled, city={year: 2 * n for year, n in old.city.items()})
    other = replace(programme, targets=(old, new))
    view = views.full_view(other)
    assert figures.progress(other, view).city.completion == Fraction(808, 2300)
    assert [row.previous for row in _ranks(other, view)] == [row.previous for row in _ranks(programme, view)]


def test_previous_ranks_are_those_of_the_previous_bulletins_year(programme: Programme) -> None:
    """March 2025 after December 2024: ranks before are by the targets of 2024."""
    view = make_view(programme, MARCH, SAMPLES["2025-03-31"], earlier={YEAR_END: SAMPLES["specimen-2024-12-31"]})
    then = make_view(programme, YEAR_END, SAMPLES["specimen-2024-12-31"])
    before = {line.name: line.rank for line in figures.progress(programme, then).rows}
    rows = _ranks(programme, view)
    assert {row.line.name: row.previous for row in rows} == before
    assert all(row.rise == (row.previous or 0) - (row.line.rank or 0) for row in rows)


def test_unreported_districts_stand_at_the_end_of_the_ranks(programme: Programme) -> None:
    rows = _ranks(programme, views.missing_view(programme))
    assert rows[-1].line.name == "乐清市"
    assert (rows[-1].line.rank, rows[-1].rise) == (None, None)
    assert [row.line.name for row in rows if row.line.rank == 8] == ["泰顺县", "海经区"]


def test_city_goals_have_a_rate_only_when_everybody_reported(programme: Programme) -> None:
    full = figures.goals(programme, views.full_view(programme))
    assert [goal.completion for goal in full[:4]] == [
        Fraction(n, d) for n, d in ((808, 2000), (1584, 4000), (724, 2000), (480, 1500))
    ]
    assert [goal.count for goal in full[:2]] == [Count(808, 149), Count(1584, 307)]
    assert [(goal.count, goal.completion) for goal in full[4:]] == [(None, None)] * 3
    assert {goal.completion for goal in figures.goals(programme, views.missing_view(programme))} == {None}


def test_another_citys_programme(second_programme: Programme) -> None:
    table = figures.progress(second_programme, views.other_city_view(second_programme))
    assert [(line.name, line.rank) for line in table.rows] == [
        ("望川区", 4),
        ("青禾市", 1),
        ("青岩县", 2),
        ("白鹭县", 3),
        ("云港新区", None),
    ]
    assert table.city.completion == Fraction(131, 55 + 74 + 26 + 12)
