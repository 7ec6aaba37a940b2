"""What a rule of the frame is. True passes, False is a finding, missing is undecidable and neither."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from pipeline.model import Entry
from pipeline.rules.judging.cases import Case

if TYPE_CHECKING:
    import pandas as pd

    from schemas.programme import Programme

Params = Mapping[str, str]


@dataclass(frozen=True)
class Rule:
    """``verdict`` sees the whole batch; ``describe`` gives the observed, expected and further words of one finding.

    ``undecided`` are reasons in the wording, for a return that has something to compare but no verdict: the first that holds.
    ``outward`` are words that districts read otherwise; ``beside`` is true of what stands beside the table, at no known address.
    """

    id: str
    verdict: Callable[[pd.DataFrame, Programme], pd.Series[bool]]
    describe: Callable[[Case, Entry | None, Programme], Params]
    row_wide: bool = False
    beside: bool = False
    undecided: tuple[str, ...] = ()
    outward: tuple[str, ...] = ()


REASONS: Mapping[str, Callable[[Case, Programme], bool]] = {
    "no_previous": lambda case, _: case.previous is None,
    "short_history": lambda case, programme: len(case.earlier) < programme.thresholds["P05_increments"],
    "no_target": lambda case, _: case.owed is None,
    "missing_value": lambda case, _: not case.known,
}
"""When each reason holds for there being no verdict."""


def reason(rule: Rule, case: Case, programme: Programme) -> str | None:
    """Why the rule has no verdict, as a key of the wording; None when that is nobody's concern."""
    return next((key for key in rule.undecided if REASONS[key](case, programme)), rule.undecided[-1] if rule.undecided else None)


def row_of(case: Case, programme: Programme) -> str:
    """All values of the row, as findings about it show them."""
    return "、".join(str(case.values[i]) for i in programme.indicator_ids)


def known_value(entry: Entry | None) -> tuple[str, int]:
    """Indicator and number of an entry that a rule compared."""
    assert entry is not None
    assert entry.value is not None
    return entry.indicator, entry.value


def tenths(number: Fraction) -> str:
    """Rounded half up to one decimal, which is left out where it is 0."""
    whole, rest = divmod((20 * number.numerator + number.denominator) // (2 * number.denominator), 10)
    return f"{whole}.{rest}" if rest else str(whole)
