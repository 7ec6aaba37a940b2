"""Twelve quarters: every sheet and paragraph of every period agrees with independent figures (tests/run/independent.py)."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Collection, Iterator, Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from sqlalchemy import text

from pipeline.model.view import PeriodView
from pipeline.products import bulletin
from pipeline.products.bulletin.bulletin_words import BulletinWords
from pipeline.products.notice.by_district import Districts
from pipeline.products.notice.overall import Overall
from pipeline.workspace.workspace import Workspace
from schemas.programme import Programme, load_programme
from tests.run.independent import DISTRICTS, Cell, Expected, Panel
from tests.run.independent_text import Sentences
from tests.support.issued import view as view_of
from tests.support.views import make_view
from tests.support.workspaces import drop_return, run_now, workspace_at

QUARTERS = [dt.date(year, month, day) for year in (2024, 2025, 2026) for month, day in ((3, 31), (6, 30), (9, 30), (12, 31))]


def _drawn(chance: random.Random) -> Panel:
    """A panel: some do not report, some stand still or fall, some share a rate, some quarters nobody moves."""
    missing, still, falls = (chance.choice((0.0, 0.1, 0.5)) for _ in range(3))
    known = {name: [0, 0, 0, 0] for name in DISTRICTS}
    panel: dict[dt.date, dict[str, Sequence[int]]] = {}
    for day in QUARTERS:
        asleep, level, share = chance.random() < 0.1, chance.random() < 0.2, chance.randrange(13)
        for name in DISTRICTS:
            if level:  # the same rate for everybody, or the target itself
                due = Expected({}, day).target(name)
                known[name] = [due * share // 12 if share % 12 else due, *known[name][1:]]
            elif not asleep and chance.random() >= still:
                step = chance.choice((1, 4, 16))
                lowest = -2 if chance.random() < falls else 0
                known[name] = [max(0, value + chance.randint(lowest, step)) for value in known[name]]
        panel[day] = {name: known[name] for name in DISTRICTS if chance.random() >= missing} or dict(known)
    return panel


def _rows(book: Workbook, sheet: str, first: int) -> Iterator[list[Cell]]:
    """The rows of the table: from its first serial number, rank or district to its last line."""
    for row in book[sheet].iter_rows(values_only=True):
        cells = list(row)
        if cells[first - 1] in {*DISTRICTS, "全市", "总数"} or cells[first] in DISTRICTS:
            yield cells  # type: ignore[misc]


def _named(book: Workbook, sheet: str) -> dict[str, list[Cell]]:
    """Name → the cells behind 序号 and 区域, without 备注; of the last line the name stands in the first column."""
    return {str(cells[1] or cells[0]): cells[2:-1] for cells in _rows(book, sheet, 1)}


def _differences(book: Workbook, expected: Expected) -> list[str]:
    goals = {str(row[1]): list(row[3:6]) for row in book["全市目标"].iter_rows(values_only=True)}
    ranks = [[*cells[:10]] for cells in _rows(book, "位次表", 1)]
    found = {
        "进度表": (_named(book, "进度表"), expected.progress()),
        "位次表": (ranks, expected.ranks()),
        "成效表": (_named(book, "成效表"), expected.outcomes()),
        "附件2": ({str(cells[0]): cells[1:] for cells in _rows(book, "附件2", 1)}, expected.form()),
        "全市目标": ({name: goals[name] for name in expected.goals()}, expected.goals()),
    }
    return [
        f"{expected.day} {sheet}: {shown} ≠ {known}"
        for sheet, (rows, own) in found.items()
        for shown, known in zip(_lines(rows), _lines(own), strict=True)
        if shown != known
    ]


def _lines(rows: Collection[Sequence[Cell]]) -> list[list[Cell]]:
    return [[name, *cells] for name, cells in rows.items()] if isinstance(rows, Mapping) else [list(row) for row in rows]


def _said(programme: Programme, view: PeriodView) -> list[str]:
    words = BulletinWords(programme, view)
    districts = Districts(words)
    return [Overall(words).text(), districts.progress(), districts.pace(), districts.gains(), districts.problems()]


def _expected_texts(expected: Expected) -> list[str]:
    own = Sentences(expected)
    return [own.overall(), own.progress(), own.pace(), own.gains(), own.problems()]


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_every_sheet_and_paragraph_of_a_panel(seed: int) -> None:
    programme, panel = load_programme(), _drawn(random.Random(seed))
    for day in QUARTERS:
        earlier = {other: own for other, own in panel.items() if other < day}
        view, expected = make_view(programme, day, panel[day], earlier=earlier), Expected(panel, day)
        assert _said(programme, view) == _expected_texts(expected)
        assert _differences(load_workbook(io.BytesIO(bulletin.render(programme, view))), expected) == []


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, programme: Programme) -> Workspace:
    """A workspace with twelve quarters run, some returns of which were sent back or never came."""
    office, chance = workspace_at(tmp_path_factory.mktemp("panel")), random.Random(5)
    known = {name: [3, 5, 2, 1] for name in DISTRICTS}
    for day in QUARTERS:
        for name in DISTRICTS:
            if chance.random() < 0.75:
                known[name] = [value + chance.randint(0, 3) for value in known[name]]
            if chance.random() < 0.9:
                drop_return(office, name, day, known[name])
    run_now(office, now=dt.datetime(2027, 1, 5, 2, tzinfo=dt.UTC))
    return office


def _in_force(office: Workspace) -> Panel:
    """Straight from the ledger's tables: the values of the last version."""
    query = text(
        "SELECT v.period, v.district, o.indicator, o.value FROM versions v JOIN observations o ON o.version_id = v.id "
        "ORDER BY v.number"
    )
    panel: dict[dt.date, dict[str, dict[str, int]]] = {day: {} for day in QUARTERS}
    with office.ledger() as ledger, ledger.reading() as connection:
        for period, district, indicator, value in connection.execute(query):
            panel[dt.date.fromisoformat(str(period))].setdefault(district, {})[indicator] = value
    order = office.programme.indicator_ids
    return {day: {name: tuple(own[i] for i in order) for name, own in rows.items()} for day, rows in panel.items()}


@pytest.mark.parametrize("day", QUARTERS, ids=str)
def test_the_products_of_a_ledger_of_twelve_quarters(office: Workspace, day: dt.date) -> None:
    panel = _in_force(office)
    expected = Expected(panel, day)
    book = load_workbook(office.outbox / day.isoformat() / f"通报表_{day}.xlsx")
    assert _differences(book, expected) == []
    assert _said(office.programme, view_of(office, day)) == _expected_texts(expected)


def test_the_ledger_knows_the_cases_that_matter(office: Workspace) -> None:
    """Ties, missing districts and zero increments."""
    panel = _in_force(office)
    known = [Expected(panel, day) for day in QUARTERS if panel[day]]
    assert any(expected.missing for expected in known)
    assert any(expected.change(name) == 0 for expected in known for name in DISTRICTS)
    assert any(len(set(places.values())) < len(places) for places in (e.places(e.values, e.day.year) for e in known))
