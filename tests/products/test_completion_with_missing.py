"""The city's completion with the missing districts' last values counted in (wording.md 6)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

from pipeline.model.view import EXCUSED, PeriodView
from pipeline.products.figures.progress import completion_with_missing, progress
from schemas.programme import Programme
from tests.support import views
from tests.support.views import SAMPLES, make_view, without

JUNE, MARCH, YEAR_END = dt.date(2025, 6, 30), dt.date(2025, 3, 31), dt.date(2024, 12, 31)


def _completion(programme: Programme, view: PeriodView) -> Fraction | None:
    return completion_with_missing(programme, view, progress(programme, view))


def test_a_missing_district_counts_with_its_last_value_and_its_target(programme: Programme) -> None:
    view = views.missing_view(programme)
    assert progress(programme, view).city.completion == Fraction(277, 371)
    assert _completion(programme, view) == Fraction(277 + 57, 500)


def test_the_last_value_may_be_older_than_the_previous_bulletin(programme: Programme) -> None:
    now = without(SAMPLES["2025-06-30"], "乐清市")
    earlier: dict[dt.date, views.Values] = {YEAR_END: SAMPLES["2024-12-31"], MARCH: without(SAMPLES["2025-03-31"], "乐清市")}
    expected = sum(own[0] for own in now.values()) + SAMPLES["2024-12-31"]["乐清市"][0]
    assert _completion(programme, make_view(programme, JUNE, now, earlier=earlier)) == Fraction(expected, 1150)


def test_nobody_missing_or_nothing_known_before_is_no_rate(programme: Programme) -> None:
    assert _completion(programme, views.full_view(programme)) is None
    now = without(SAMPLES["2024-06-30"], "乐清市")
    assert _completion(programme, make_view(programme, dt.date(2024, 6, 30), now)) is None


def test_an_excused_district_stays_out_with_its_target(programme: Programme) -> None:
    view = views.missing_view(programme)
    own = programme.target_of("enterprises", view.period)
    assert own
    values = {place: source for place, source in view.values.items() if place[0] != "瑞安市"}
    records = tuple(replace(r, state=EXCUSED) if r.district == "瑞安市" else r for r in view.districts)
    found = _completion(programme, replace(view, values=values, districts=records))
    assert found == Fraction(334 - view.values["瑞安市", "enterprises"].value, 500 - own.annual["瑞安市"][2024])
