"""One pandera pass over one frame for the whole batch. What a rule says of each row is noted as it runs."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.rules.judging.frame import PROBLEM_RULES
from pipeline.rules.rule import Rule

if TYPE_CHECKING:
    import pandas as pd

    from schemas.observations import Verdict
    from schemas.programme import Programme

log = logging.getLogger(__name__)


@dataclass
class Verdicts:
    """Rows of the frame by rule id: where a rule found something, could not decide, or crashed (submission numbers)."""

    found: dict[str, list[int]]
    undecided: dict[str, list[int]]
    crashed: dict[str, list[int]]


def verdicts(frame: pd.DataFrame, rules: Sequence[Rule], programme: Programme) -> Verdicts:
    """Run every rule on the frame. A rule that raises is tried again return by return: one return does not spoil the others."""
    result = Verdicts({}, {}, {})
    failed = _pass(frame, rules, programme, result)
    for rule in rules:
        if rule.id in failed:
            for number, part in frame.groupby("submission"):
                if _pass(part, (rule,), programme, result):
                    result.crashed.setdefault(rule.id, []).append(int(str(number)))
    return result


def _pass(frame: pd.DataFrame, rules: Sequence[Rule], programme: Programme, result: Verdicts) -> set[str]:
    """Validate the frame, add what was found to ``result``; the ids of rules that raised."""
    from pandera.errors import SchemaErrorReason, SchemaErrors

    from schemas.observations import observation_schema

    checks = {rule.id: _noted(rule, programme, result) for rule in rules}
    try:
        observation_schema(programme, PROBLEM_RULES, checks).validate(frame, lazy=True)
    except SchemaErrors as errors:
        crashed: set[str] = set()
        for error in errors.schema_errors:
            name = getattr(error.check, "name", None)
            if name not in checks:
                raise  # the frame itself is wrong: a mistake of the program, not of a return
            if error.reason_code is SchemaErrorReason.CHECK_ERROR:
                log.error("rule %s failed", name, exc_info=error.__cause__ or error)
                crashed.add(name)
        return crashed
    return set()


def _noted(rule: Rule, programme: Programme, result: Verdicts) -> Verdict:
    """The rule as a pandera check; rows without a verdict do not fail.

    It answers for the frame as a whole: of a check that answers row by row pandera tables every cell of the rows that fail, which
    takes longer than all rules together.
    """

    def check(frame: pd.DataFrame) -> bool:
        verdict = rule.verdict(frame, programme)
        missing = verdict.isna()
        failed = ~verdict.fillna(True).astype(bool)
        for noted, rows in ((result.undecided, missing), (result.found, failed)):
            if rows.any():
                noted.setdefault(rule.id, []).extend(frame.index[rows].tolist())
        return not failed.any()

    return check
