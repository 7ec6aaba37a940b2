"""Every rule delivered so far has a real file that passes and one that fails; a rule without such a pair fails here."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import pipeline
from pipeline.model import Submission
from pipeline.rules.table import RULES
from tests.rules.rule_cases import CASES, DELIVERED
from tests.support.judging import PROGRAMME, every_rule


def _literal_rules() -> set[str]:
    """Rule ids that the code passes to ``make_finding`` as they stand."""
    found = set()
    for file in Path(pipeline.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("make_finding", "_unclear"):
                found |= {str(a.value) for a in node.args if isinstance(a, ast.Constant) and a.value in PROGRAMME.rules}
    return found


IN_CODE = {rule.id for rule in RULES} | _literal_rules()


def test_the_rules_of_the_code_are_those_delivered() -> None:
    assert IN_CODE - {"Z01"} == DELIVERED  # Z01 is no rule of its own: tests/rules/test_verdicts.py


@pytest.mark.parametrize("rule", sorted(IN_CODE - {"Z01"}))
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
