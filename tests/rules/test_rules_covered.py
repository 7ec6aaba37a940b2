"""Every rule delivered so far has a real file that passes and one that fails; a rule without such a pair fails here."""

from __future__ import annotations

import ast

import pytest

from pipeline.model import Submission
from pipeline.rules.rule import FileRule, Met, MetRule
from pipeline.rules.table import RULES
from tests import ROOT
from tests.rules.rule_cases import CASES
from tests.support.judging import PROGRAMME, every_rule

JUDGED = [rule.id for rule in RULES if not (isinstance(rule, MetRule) and (rule.met is Met.GATE or rule.id == "Z01"))]
"""Z01 is no rule of its own: tests/rules/test_verdicts.py. The gate's: tests/issue."""


def test_the_table_is_the_catalogue_in_its_order() -> None:
    assert [rule.id for rule in RULES] == list(PROGRAMME.rules)


def test_every_rule_is_of_its_family() -> None:
    """A rule that is judged says so in its function's name and its description."""
    for rule in RULES:
        if isinstance(rule, FileRule):
            assert rule.judge.__name__ == rule.id.lower()
            assert (rule.judge.__doc__ or "").startswith(rule.id)


@pytest.mark.parametrize(
    "room", ["rules/judging", "rules/answers", "products", "ledger", "workspace", "processes", "decisions", "run", "mail", "cli"]
)
def test_nobody_but_the_rules_themselves_knows_one_by_its_id(room: str) -> None:
    """What is special about a rule is data of it (``schemas.rule_files``)."""
    for file in (ROOT / "pipeline" / room).rglob("*.py"):
        texts = {node.value for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Constant)}
        assert not texts & PROGRAMME.rules.keys(), file


@pytest.mark.parametrize("rule", JUDGED)
def test_no_rule_is_without_a_case_that_passes_and_one_that_fails(rule: str) -> None:
    assert rule in CASES


@pytest.mark.parametrize("rule", CASES)
def test_the_rule_is_found_where_it_is_broken(rule: str) -> None:
    failing = CASES[rule].fails()
    assert rule in every_rule(failing)
    assert {(f.grade, f.state) for f in failing.findings if f.rule == rule} == {(PROGRAMME.rules[rule].grade, "open")}


@pytest.mark.parametrize("rule", CASES)
def test_the_rule_is_not_found_where_it_is_kept(rule: str) -> None:
    passing = CASES[rule].passes()
    assert rule not in every_rule(passing)
    assert _was_judged(passing)


def _was_judged(submission: Submission) -> bool:
    """A pass counts only where the rule had its chance: nothing of the place, the file or the table is amiss."""
    return submission.district is not None and submission.period is not None and "Z01" not in every_rule(submission)
