"""Deadlines, working days and days of grace; and the settings they come from."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipeline.rules.judging.calendar import Calendar, Deadlines
from pipeline.workspace.workspace import open_workspace
from tests.support.judging import PROGRAMME

TODAY = dt.date(2025, 4, 3)
JUNE = dt.date(2025, 6, 30)  # a Monday
NATIONAL = frozenset(dt.date(2025, 10, day) for day in range(1, 9))
MADE_UP = frozenset({dt.date(2025, 9, 28), dt.date(2025, 10, 11)})

AFTER: dict[str, tuple[dt.date, int, dt.date]] = {
    "the next day": (JUNE, 1, dt.date(2025, 7, 1)),
    "over a weekend": (JUNE, 5, dt.date(2025, 7, 7)),
    "from a Friday": (dt.date(2025, 7, 4), 1, dt.date(2025, 7, 7)),
    "from a Saturday": (dt.date(2025, 7, 5), 1, dt.date(2025, 7, 7)),
    "none": (dt.date(2025, 7, 5), 0, dt.date(2025, 7, 5)),
    "over the holidays": (dt.date(2025, 9, 30), 1, dt.date(2025, 10, 9)),
    "on a Saturday that is worked": (dt.date(2025, 9, 30), 3, dt.date(2025, 10, 11)),
    "on a Sunday that is worked": (dt.date(2025, 9, 26), 1, dt.date(2025, 9, 28)),
}


def calendar(**deadlines: object) -> Calendar:
    return Calendar(PROGRAMME, TODAY, frozenset(), Deadlines(**deadlines), NATIONAL, MADE_UP)  # type: ignore[arg-type]


@pytest.mark.parametrize(("day", "count", "due"), AFTER.values(), ids=AFTER)
def test_working_days_leave_out_weekends_and_holidays(day: dt.date, count: int, due: dt.date) -> None:
    assert calendar().working_days_after(day, count) == due


def test_without_deadlines_nothing_is_due() -> None:
    assert (calendar().due(JUNE), calendar().deadline(JUNE)) == (None, None)


def test_a_date_of_its_own_goes_before_the_working_day() -> None:
    both = calendar(dates={JUNE: dt.date(2025, 7, 12)}, working_day=5)
    assert (both.due(JUNE), both.due(dt.date(2025, 9, 30))) == (dt.date(2025, 7, 12), dt.date(2025, 10, 14))


def test_the_deadline_is_the_end_of_the_day_in_the_office() -> None:
    deadline = calendar(working_day=1).deadline(JUNE)
    assert deadline is not None
    assert deadline > dt.datetime(2025, 7, 1, 15, 59, 59, tzinfo=dt.UTC)
    assert deadline < dt.datetime(2025, 7, 1, 16, 0, 0, tzinfo=dt.UTC)


def test_grace_counts_from_the_day_of_the_return_in_the_office() -> None:
    late_in_the_evening = dt.datetime(2025, 7, 3, 17, 0, tzinfo=dt.UTC)  # 4 July, 1:00, a Friday
    assert calendar(grace=2).resend_by(late_in_the_evening).date() == dt.date(2025, 7, 8)


def test_the_calendar_of_a_workspace_has_the_settings_deadlines_and_holidays(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(
        "[deadlines]\nworking_day = 2\ngrace = 1\n[deadlines.dates]\n2025-06-30 = 2025-07-10\n"
        '[holidays]\noff = ["2025-10-01", "2025-10-02", "2025-10-03"]\nwork = ["2025-10-04"]\n',
        encoding="utf-8",
    )
    made = open_workspace(tmp_path).calendar(dt.datetime(2025, 4, 3, tzinfo=dt.UTC))
    assert made.due(JUNE) == dt.date(2025, 7, 10)
    assert made.due(dt.date(2025, 9, 30)) == dt.date(2025, 10, 6)
    assert made.deadlines.grace == 1
