"""The rules that look at the frame, in one literal tuple, in the catalogue's order."""

from __future__ import annotations

from pipeline.rules.before import (
    as_issued,
    as_prefilled,
    describe_altered,
    describe_exchanged,
    describe_fall,
    describe_falls,
    describe_jump,
    describe_restated,
    describe_rise,
    describe_version,
    few_fall,
    no_jump,
    not_above_later,
    not_below_previous,
    not_below_version,
    not_exchanged,
)
from pipeline.rules.judging.frame import PROBLEM_RULES
from pipeline.rules.proportions import (
    describe_no_enterprises,
    describe_proportion,
    in_proportion,
    no_enterprises,
    read_as,
)
from pipeline.rules.repeats import describe_same, describe_twin, has_moved, its_own, moved
from pipeline.rules.rule import Rule, reason
from pipeline.rules.targets import (
    at_pace,
    describe_beyond,
    describe_pace,
    describe_target,
    near_target,
    not_the_target,
)

__all__ = ["RULES", "Rule", "reason"]

RULES: tuple[Rule, ...] = (
    *map(read_as, PROBLEM_RULES),
    Rule("X01", no_enterprises, describe_no_enterprises, undecided=("missing_value",)),
    Rule("X02", in_proportion("X02"), describe_proportion("X02"), undecided=("missing_value",)),
    Rule("X03", in_proportion("X03"), describe_proportion("X03"), undecided=("missing_value",)),
    Rule("P01", not_below_previous, describe_fall, undecided=("no_previous",)),
    Rule("P02", moved, describe_same, row_wide=True, undecided=("no_previous", "missing_value", "no_target")),
    Rule("P03", its_own, describe_twin, row_wide=True, undecided=("missing_value",), outward=("other",)),
    Rule("P04", few_fall, describe_falls, row_wide=True),
    Rule("P05", no_jump, describe_jump, undecided=("short_history", "no_target")),
    Rule("P06", as_prefilled, describe_altered, beside=True),
    Rule("P07", as_issued, describe_restated, row_wide=True),
    Rule("P08", not_above_later, describe_rise),
    Rule("P09", not_below_version, describe_version),
    Rule("P10", not_exchanged, describe_exchanged, row_wide=True),
    Rule("P11", has_moved, describe_same, row_wide=True),
    Rule("T01", at_pace, describe_pace, undecided=("no_target",)),
    Rule("T02", near_target, describe_beyond, undecided=("no_target",)),
    Rule("T03", not_the_target, describe_target, undecided=("no_target",)),
)
