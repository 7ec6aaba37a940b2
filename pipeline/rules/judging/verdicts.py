"""One pandera pass over one frame for the whole batch: at which cells of which returns the arithmetic of a rule fails."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from schemas.observations import Kept
    from schemas.programme import Programme

log = logging.getLogger(__name__)


@dataclass
class Verdicts:
    """Returns by their position in the batch: rule → the indicators at which it fails, and the rules that crashed."""

    failing: dict[int, dict[str, set[str]]]
    crashed: dict[int, set[str]]

    def note(self, rule: str, rows: pd.DataFrame) -> None:
        """The rule fails at these rows of the frame."""
        for number, indicator in zip(rows["submission"].tolist(), rows["indicator"].tolist(), strict=True):
            self.failing.setdefault(number, {}).setdefault(rule, set()).add(indicator)


def verdicts(frame: pd.DataFrame, rules: Mapping[str, Kept], programme: Programme) -> Verdicts:
    """Run the rules on the frame. One that raises is tried again return by return: one return does not spoil the others."""
    result = Verdicts({}, {})
    for rule in _pass(frame, rules, programme, result):
        for number, part in frame.groupby("submission"):
            if _pass(part, {rule: rules[rule]}, programme, result):
                result.crashed.setdefault(int(str(number)), set()).add(rule)
    return result


def _pass(frame: pd.DataFrame, rules: Mapping[str, Kept], programme: Programme, result: Verdicts) -> set[str]:
    """Validate the frame, add what fails to ``result``; the ids of rules that raised."""
    from pandera.errors import SchemaErrorReason, SchemaErrors

    from schemas.observations import observation_schema

    crashed: set[str] = set()
    try:
        observation_schema(programme, rules).validate(frame, lazy=True)
    except SchemaErrors as errors:
        for error in errors.schema_errors:
            name = str(getattr(error.check, "name", None))
            if name not in rules:
                raise  # the frame itself is wrong: a mistake of the program, not of a return
            if error.reason_code is SchemaErrorReason.CHECK_ERROR:
                log.error("rule %s failed", name, exc_info=error.__cause__ or error)
                crashed.add(name)
                continue
            result.note(name, frame[~error.check_output])
    return crashed
