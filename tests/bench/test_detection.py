"""The detection benchmark, a few returns of each kind: so that it cannot rot, and that a rule that goes blind shows at once."""

from __future__ import annotations

import dataclasses

import pytest

from bench.detection.judging import CLEAN, Outcome, judge_items, make
from bench.detection.kinds import KINDS
from bench.detection.scores import result
from bench.detection.variants import VARIANTS
from pipeline.rules.table import RULES
from tests.rules.test_rules_covered import JUDGED
from tests.support.judging import PROGRAMME

SEED = 7
UNSEEN_BY_RULES = ("B",)
"""The bulletin's rules judge no returns."""


def told(kind: str) -> str:
    """The rule a kind is for."""
    return kind.split()[0]


PRESENT = [name for name, kind in KINDS.items() if not kind.blind and (told(name) in JUDGED or told(name) == "Z01")]


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    return judge_items(
        [*((name, number) for number, name in enumerate(PRESENT)), *((CLEAN, number) for number in range(13))], SEED
    )


def test_every_rule_about_returns_has_a_kind_of_fault() -> None:
    assert {told(name) for name, kind in KINDS.items() if not kind.blind} == {
        rule for rule in PROGRAMME.rules if not rule.startswith(UNSEEN_BY_RULES)
    }


def test_faults_are_found_under_their_rule_and_at_their_cell(outcomes: list[Outcome]) -> None:
    assert [outcome.story for outcome in outcomes if not outcome.right] == []


def test_no_wrong_number_is_accepted_in_silence(outcomes: list[Outcome]) -> None:
    assert [outcome.story for outcome in outcomes if outcome.wrong] == []


def test_clean_returns_have_neither_error_nor_query(outcomes: list[Outcome]) -> None:
    clean = [outcome for outcome in outcomes if outcome.kind == CLEAN]
    assert len(clean) == 13
    assert [outcome.story for outcome in clean if outcome.errors or outcome.queries] == []


def test_clean_returns_are_of_every_variant(outcomes: list[Outcome], monkeypatch: pytest.MonkeyPatch) -> None:
    """Headings and names dressed up, mentions in notes, harmless formats, blocks side by side."""
    for variant in VARIANTS.values():
        monkeypatch.setattr("bench.detection.judging._clean", lambda scene, _, variant=variant: variant(scene))
        found = judge_items([(CLEAN, number) for number in range(3)], SEED)
        assert [outcome.story for outcome in found if outcome.errors or outcome.queries or outcome.wrong] == []


@pytest.mark.parametrize("seen", [None, {"enterprises": 1}])
def test_accepted_with_another_number_than_a_person_sees_misses_a_bar(
    monkeypatch: pytest.MonkeyPatch, seen: dict[str, int] | None
) -> None:
    made = make(CLEAN, 0, SEED)
    monkeypatch.setattr("bench.detection.judging.make", lambda *_: dataclasses.replace(made, sees=seen))
    found = result(judge_items([(CLEAN, 0)], SEED), KINDS)
    assert (found.unlike, found.clean.wrong, len(found.missed_bars())) == (1, 0, 1)


def test_a_return_is_the_same_on_every_call() -> None:
    assert make("P01 below the last value", 3, SEED).files == make("P01 below the last value", 3, SEED).files


def test_a_rule_that_says_nothing_misses_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.rules.judging.judge.RULES", tuple(rule for rule in RULES if rule.id != "P01"))
    found = result(judge_items([("P01 below the last value", 0), (CLEAN, 0)], SEED), KINDS)
    assert found.total.right == 0
    assert len(found.missed_bars()) == 2  # not detected, and the wrong number accepted
