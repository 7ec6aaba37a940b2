"""What bulletins compare with: values as issued, whatever is being restated; and 补报, told by the next bulletin."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.products import bulletin
from pipeline.workspace.workspace import Workspace
from schemas.programme import Programme
from tests.support import views
from tests.support.issued import AGAIN, REISSUE, decide, frozen, reopen, reported, values_of, view
from tests.support.workbooks import opened, rows, texts
from tests.support.workspaces import DECEMBER, MARCH, SEPTEMBER, drop_return, run_now

pytestmark = pytest.mark.usefixtures("database")

PLACE = ("龙湾区", "enterprises")
LAST = REISSUE + dt.timedelta(days=1)


def all_report(office: Workspace, period: dt.date, *without: str, now: dt.datetime = AGAIN) -> None:
    for district in office.programme.district_names:
        if district not in without:
            drop_return(office, district, period, (6, *values_of(office, district)[1:]))
    run_now(office, now=now)


def restated(office: Workspace, period: dt.date, now: dt.datetime) -> None:
    """龙湾区 states 5 enterprises instead of 4."""
    reopen(office, "龙湾区", period=period, now=now)
    drop_return(office, "龙湾区", period, (5, *values_of(office, "龙湾区")[1:]))
    run_now(office, now=now)


def test_a_bulletin_compares_with_what_was_issued_until_it_is_issued_anew(tmp_path: Path) -> None:
    office = reported(tmp_path, period=DECEMBER)
    frozen(office, period=DECEMBER)
    all_report(office, MARCH)
    restated(office, DECEMBER, AGAIN)
    assert view(office, DECEMBER).values[PLACE].value == 5
    now = view(office)
    assert (now.history[DECEMBER][PLACE], now.restated) == (4, ())
    frozen(office, period=DECEMBER, now=REISSUE)
    now = view(office)
    assert (now.history[DECEMBER][PLACE], now.restated) == (5, (PLACE,))


def test_an_issued_bulletin_stays_as_it_was_compared(tmp_path: Path) -> None:
    office = reported(tmp_path, period=DECEMBER)
    frozen(office, period=DECEMBER)
    all_report(office, MARCH)
    frozen(office)
    restated(office, DECEMBER, AGAIN)
    frozen(office, period=DECEMBER, now=REISSUE)
    assert (view(office).history[DECEMBER][PLACE], view(office).restated) == (4, ())
    reopen(office, "鹿城区", now=LAST)
    assert view(office).restated == (PLACE,)


def test_a_value_taken_out_of_force_is_still_what_was_issued(tmp_path: Path) -> None:
    office = reported(tmp_path, period=DECEMBER)
    frozen(office, period=DECEMBER)
    all_report(office, MARCH)
    reopen(office, "龙湾区", period=DECEMBER)
    decide(office, "withdraw", "龙湾区", period=DECEMBER)
    assert view(office).history[DECEMBER][PLACE] == 4


def test_the_next_bulletin_tells_who_reported_after_the_last_one(tmp_path: Path) -> None:
    office = reported(tmp_path, "龙湾区", period=DECEMBER)
    frozen(office, "龙湾区", period=DECEMBER)
    all_report(office, MARCH)
    assert view(office).added == ()
    drop_return(office, "龙湾区", DECEMBER, values_of(office, "龙湾区"))
    run_now(office, now=AGAIN)
    now = view(office)
    assert now.added == (("龙湾区", DECEMBER),)
    assert now.history[DECEMBER][PLACE] == 4
    decide(office, "withdraw", "龙湾区", period=DECEMBER, now=AGAIN)
    assert view(office).added == ()


def test_what_comes_after_the_next_bulletin_is_told_by_the_one_after_it(tmp_path: Path) -> None:
    office = reported(tmp_path, "龙湾区", period=SEPTEMBER)
    frozen(office, "龙湾区", period=SEPTEMBER)
    all_report(office, DECEMBER)
    frozen(office, period=DECEMBER, now=AGAIN)
    all_report(office, MARCH, now=REISSUE)
    drop_return(office, "龙湾区", SEPTEMBER, values_of(office, "龙湾区"))
    run_now(office, now=REISSUE)
    assert (view(office, DECEMBER).added, view(office).added) == ((), (("龙湾区", SEPTEMBER),))


def test_what_a_restatement_took_in_is_told_by_it(tmp_path: Path) -> None:
    office = reported(tmp_path, "龙湾区", period=DECEMBER)
    frozen(office, "龙湾区", period=DECEMBER)
    all_report(office, MARCH)
    drop_return(office, "龙湾区", DECEMBER, values_of(office, "龙湾区"))
    run_now(office, now=AGAIN)
    reopen(office, "龙湾区", period=DECEMBER, now=AGAIN)
    frozen(office, period=DECEMBER, now=REISSUE)
    assert view(office).added == ()


def test_the_remark_and_a_note_say_it(programme: Programme, database: str) -> None:
    found = views.full_view(programme)
    assert found.previous
    earlier = dt.date(found.previous.year, 1, 31)
    told = replace(found, added=(("鹿城区", earlier), ("龙湾区", found.previous), ("瓯海区", found.previous)))
    book = opened(bulletin.render(programme, told))
    for sheet in ("进度表", "位次表", "成效表"):
        marked = {name for name in programme.district_names if "补报" in _remark(rows(book[sheet]), name)}
        assert marked == {"鹿城区", "龙湾区", "瓯海区"}, sheet
    (note,) = (text for text in texts(book["进度表"]) if text.startswith("注："))
    assert "鹿城区补报了截至2025年1月底的数据。" in note
    assert "龙湾区、瓯海区补报了截至2025年3月底的数据，比3月底新增按补报数计算。" in note


def _remark(lines: list[list[object]], district: str) -> str:
    return str(next(line for line in lines if district in line[:2])[-1])
