"""The programme as data: two programmes load, and mistakes in one are named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from schemas.programme import DEFAULT_PROGRAMME, Programme, ProgrammeError, load_programme
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


def test_the_catalogue_is_in_order_of_its_families(programme: Programme) -> None:
    families = "".join(dict.fromkeys(rule[0] for rule in programme.rules))
    assert (families, len(programme.rules)) == ("FMZSCXPTB", 71)
    assert list(programme.rules) == sorted(programme.rules, key=lambda rule: (families.index(rule[0]), rule))


def test_a_programme_may_set_a_figure_of_a_rule_otherwise(tmp_path: Path, programme: Programme) -> None:
    own = load_programme(second_with(tmp_path, "[rule_texts.X01]", "[thresholds]\nP03_total = 50\n[rule_texts.X01]"))
    assert programme.thresholds["P03_total"] == programme.rules["P03"].thresholds["total"] == 30
    assert own.thresholds == {**programme.thresholds, "P03_total": 50}


def with_own_rule(folder: Path, rule: str, old: str, new: str) -> Path:
    """The second programme with a catalogue of its own, in which ``old`` of a rule is ``new``."""
    shutil.copytree(DEFAULT_PROGRAMME.with_name("rules"), folder / "own_rules")
    file = folder / "own_rules" / f"{rule}.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return second_with(folder, (DEFAULT_PROGRAMME.parent / "rules").as_posix(), "own_rules")


def test_a_programme_may_have_rules_of_its_own(tmp_path: Path) -> None:
    assert load_programme(with_own_rule(tmp_path, "P03", "total = 30", "total = 12")).thresholds["P03_total"] == 12


@pytest.mark.parametrize(
    ("rule", "old", "new", "named"),
    [
        ("F09", 'role = "late"', 'role = "rivals"', "roles of one rule: late、rivals"),
        ("F09", 'role = "late"', 'role = "lost"', "rules.F09.role"),
        ("P03", '["F13"]', '["F99"]', "unknown rules: F99"),
        ("P03", "name = ", "title = ", "rules.P03.title"),
        ("P03", "grade = ", "grade ", "P03.toml"),
    ],
)
def test_a_mistake_in_a_rule_is_named(tmp_path: Path, rule: str, old: str, new: str, named: str) -> None:
    with pytest.raises(ProgrammeError, match=named):
        load_programme(with_own_rule(tmp_path, rule, old, new))


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("[rule_texts.X01]", "[rule_texts.X99]", "X99"),
        ("[rule_texts.X01]", "[thresholds]\nX01_least = 3\n[rule_texts.X01]", "X01_least"),
        ("[rule_texts.X01]", "[rule_texts.P05.thresholds]\nincrease = 9\n[rule_texts.X01]", "P05.thresholds"),
        ("schemas/rules", "schemas/nothing", "nothing"),
        ("schemas/rules", "schemas/rules.toml", "rules应为审核规则的文件夹"),
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
