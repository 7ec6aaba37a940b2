"""位次 within groups, where the office's settings ask for it (wording.md 5.2)."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.model.view import PeriodView
from pipeline.products import bulletin
from pipeline.products.bulletin.bulletin_words import BulletinWords
from pipeline.products.figures import progress as figures
from pipeline.products.figures import ranking
from pipeline.products.notice.by_district import Districts
from pipeline.workspace.workspace import open_workspace
from schemas.programme import DEFAULT_PROGRAMME, Programme, ProgrammeError, load_programme
from tests.support import views

FIRST, SECOND, ZONES = "第一组（三年目标100家以上）", "第二组（三年目标不足100家）", "功能区"


def _grouped(view: PeriodView) -> PeriodView:
    return replace(view, office=replace(view.office, rank_groups=True))


def test_districts_are_divided_by_their_targets_of_all_years_and_the_zone_stands_alone(programme: Programme) -> None:
    view = _grouped(views.full_view(programme))
    found = {group.name: group.districts for group in ranking.groups(programme, view.office, view.period)}
    target = programme.target_of(programme.headline, view.period)
    assert target
    large = tuple(name for name, years in target.annual.items() if sum(years.values()) >= 100 and name != "海经区")
    assert list(found) == [FIRST, SECOND, ZONES]
    assert set(found[FIRST]) == set(large)
    assert found[ZONES] == ("海经区",)
    assert sorted(name for names in found.values() for name in names) == sorted(programme.district_names)


def test_every_group_begins_at_one_and_holds_the_order_of_all(programme: Programme) -> None:
    view = views.full_view(programme)
    (together,) = figures.ranks(programme, view).values()
    order = [row.line.name for row in together]
    for rows in figures.ranks(programme, _grouped(view)).values():
        assert rows[0].line.rank == 1
        assert sorted(rows, key=lambda row: order.index(row.line.name)) == list(rows)
        assert all(row.previous is not None and row.previous <= len(rows) for row in rows)


def test_the_sheets_name_the_groups_and_the_note_says_so(programme: Programme) -> None:
    book = load_workbook(io.BytesIO(bulletin.render(programme, _grouped(views.full_view(programme)))))
    firsts = [row[0] for row in book["位次表"].iter_rows(min_row=5, values_only=True) if row[0]]
    assert [text for text in firsts if isinstance(text, str)] == [FIRST, SECOND, ZONES]
    notes = "".join(str(cell) for row in book["进度表"].iter_rows(values_only=True) for cell in row if cell)
    assert "位次按三年目标分组排列。" in notes


def test_without_the_setting_nothing_is_said_of_groups(programme: Programme) -> None:
    book = load_workbook(io.BytesIO(bulletin.render(programme, views.full_view(programme))))
    texts = "".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell)
    assert "分组" not in texts
    assert FIRST not in texts


def test_the_notice_names_the_first_and_last_of_every_group(programme: Programme) -> None:
    view = _grouped(views.full_view(programme))
    said = Districts(BulletinWords(programme, view)).progress()
    assert [said.count(name) for name in (FIRST, SECOND, ZONES)] == [1, 1, 1]
    assert said.endswith("功能区海经区累计完成率为64.3%。")
    assert said.startswith(f"{FIRST}累计完成率居前3位的是")


def test_a_group_without_a_return_is_not_mentioned(programme: Programme) -> None:
    full = views.full_view(programme)
    values = {place: source for place, source in full.values.items() if place[0] != "海经区"}
    assert ZONES not in Districts(BulletinWords(programme, _grouped(replace(full, values=values)))).progress()


def test_the_setting_reaches_the_products(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[bulletin]\ngroups = true\n", encoding="utf-8")
    assert open_workspace(tmp_path, DEFAULT_PROGRAMME).office.rank_groups


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('districts = ["海经区"]', 'districts = ["海区"]', "groups of unknown districts: 海区"),
        ('{ name = "第二组（三年目标不足100家）" }', '{ name = "第二组", least = 5 }', "rank_groups: least = 0"),
    ],
)
def test_groups_that_leave_somebody_out_are_refused(tmp_path: Path, old: str, new: str, problem: str) -> None:
    text = DEFAULT_PROGRAMME.read_text(encoding="utf-8").replace(old, new)
    shutil.copy(DEFAULT_PROGRAMME.with_name("annex1.csv"), tmp_path)
    shutil.copytree(DEFAULT_PROGRAMME.with_name("rules"), tmp_path / "rules")
    (tmp_path / "wording").mkdir()
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ProgrammeError, match=problem):
        load_programme(tmp_path / "own.toml")
