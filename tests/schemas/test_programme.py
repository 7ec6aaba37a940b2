"""The programme as data: two programmes load, and mistakes in one are named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from schemas.programme import Programme, ProgrammeError, load_programme
from tests import TEST_DATA
from tests.support.other_city import movable

SECOND = TEST_DATA / "second"


def second_with(folder: Path, old: str, new: str) -> Path:
    """A copy of the second programme in which ``old`` is ``new``."""
    text = movable(SECOND / "programme.toml")
    assert old in text
    shutil.copy(SECOND / "targets.csv", folder)
    path = folder / "programme.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_second_programme_shares_nothing_with_the_first(programme: Programme, second_programme: Programme) -> None:
    assert len(second_programme.districts) == 5
    assert len(second_programme.indicators) == 3
    assert not set(second_programme.district_names) & set(programme.district_names)
    assert not set(second_programme.indicator_ids) & set(programme.indicator_ids)
    assert not {i.name for i in second_programme.indicators} & {i.name for i in programme.indicators}


def test_every_district_has_targets_that_add_up(second_programme: Programme, programme: Programme) -> None:
    for each in (programme, second_programme):
        for target in each.targets:
            assert list(target.annual) == list(each.district_names)
            sums = {year: sum(annual[year] for annual in target.annual.values()) for year in target.city}
            assert sums == target.city


def test_a_programme_may_word_a_rule_anew(programme: Programme, second_programme: Programme) -> None:
    theirs, ours = second_programme.rules["X01"], programme.rules["X01"]
    assert theirs.message == "派驻团队数为0，但“{indicator}”为{observed}。"
    assert (theirs.grade, theirs.fix) == (ours.grade, ours.fix)
    assert second_programme.rules["C02"] == programme.rules["C02"]


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("[rule_texts.X01]", "[rule_texts.X99]", "X99"),
        ('headline = "teams"', 'headline = "goals"', "goals"),
        ('name = "望川区"', 'name = "望山区"', "望川区"),
        ('aliases = ["青岩"]', 'aliases = ["青禾"]', "青禾"),
        ("open_before_days = 5", 'open_before_days = "five"', "open_before_days"),
        ('file = "targets.csv"', 'file = "goals.csv"', "goals.csv"),
        ('id = "form3"', "id = ", "programme.toml"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, named: str) -> None:
    with pytest.raises(ProgrammeError, match=named):
        load_programme(second_with(tmp_path, old, new))
