"""Which earlier periods stand in a bulletin's 走势: those that were published, or what was accepted while none was."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipeline.workspace.workspace import Workspace
from tests.support.issued import issue, reported, view
from tests.support.workspaces import DECEMBER, MARCH, SEPTEMBER, drop_return, run_now

pytestmark = pytest.mark.usefixtures("one_crew")

LAST_MARCH = dt.date(2024, 3, 31)


def _office(folder: Path, *periods: dt.date) -> Workspace:
    """Every period of everybody, each a little above the one before."""
    office = reported(folder, period=periods[0])
    for place, period in enumerate(periods[1:], 1):
        for number, district in enumerate(office.programme.district_names):
            drop_return(office, district, period, (4 + place, 5 + number + place, 3 + place, 1 + place))
        run_now(office)
    return office


def test_what_was_accepted_stands_in_the_trend_while_nothing_was_issued(tmp_path: Path) -> None:
    shown = view(_office(tmp_path, LAST_MARCH, SEPTEMBER, DECEMBER, MARCH))
    assert (shown.earlier, shown.year_ago) == ((LAST_MARCH, SEPTEMBER, DECEMBER), LAST_MARCH)
    assert {len(shown.history[day]) for day in shown.earlier} == {13 * 4}


def test_what_was_never_issued_stays_out_once_something_was(tmp_path: Path) -> None:
    office = _office(tmp_path, LAST_MARCH, SEPTEMBER, DECEMBER, MARCH)
    issue(office, period=SEPTEMBER)
    shown = view(office)
    assert (shown.previous, shown.earlier, shown.year_ago) == (SEPTEMBER, (SEPTEMBER,), None)
