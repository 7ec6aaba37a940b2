"""How an indicator grew: increases that stand out (P05), and rows that fit once two of their numbers change places (P10)."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

from pipeline.rules.judging.cases import Case
from schemas.pace import months_between
from schemas.programme import Programme


@dataclass(frozen=True)
class Growth:
    """Increases of one indicator and the months each took, oldest first; the last one is the return's own."""

    increases: tuple[int, ...]
    months: tuple[Fraction, ...]

    @property
    def uneven(self) -> bool:
        """Gaps between periods differ: increases are then compared per month."""
        return len(set(self.months)) > 1

    @cached_property
    def rates(self) -> tuple[Fraction, ...]:
        if not self.uneven:
            return tuple(map(Fraction, self.increases))
        return tuple(increase / months for increase, months in zip(self.increases, self.months, strict=True))

    @property
    def largest(self) -> int:
        """Which of the earlier increases is the largest."""
        earlier = self.rates[:-1]
        return earlier.index(max(earlier))


def growth(case: Case, indicator: str, value: int, programme: Programme) -> Growth | None:
    """None while there are too few increases, this one counted, to say what is usual."""
    points = [(day, accepted.values[indicator]) for day, accepted in case.earlier if indicator in accepted.values]
    if case.period is None or len(points) < programme.thresholds["P05_increments"]:
        return None
    pairs = list(itertools.pairwise([*points, (case.period, value)]))
    return Growth(tuple(b - a for (_, a), (_, b) in pairs), tuple(months_between(first, last) for (first, _), (last, _) in pairs))


def plan(case: Case, indicator: str, programme: Programme) -> Fraction | None:
    """What the year's plan expects of the district: of the headline its annual target, of others their share of it."""
    ratio = programme.indicator(indicator).plan_ratio
    if ratio is None or case.owed is None:
        return None
    return Fraction(str(ratio)) * case.owed.annual


def stands_out(case: Case, indicator: str, value: int | None, programme: Programme) -> Growth | Literal[False] | None:
    """P05, exact: the growth that stands out, False where none does. The increase itself is held against the least size and the
    plan, its rate against the earlier rates.

    None where that cannot be said: a number is missing, the history is too short, or there is no plan to hold it against.
    """
    limits = programme.thresholds
    previous = case.before(indicator)
    if value is None or previous is None or len(case.earlier) < limits["P05_increments"]:
        return None
    if value - previous < limits["P05_increase"]:
        return False
    expected = plan(case, indicator, programme)
    if expected is not None and 100 * (value - previous) <= Fraction(limits["P05_plan_percent"]) * expected:
        return False
    grown = growth(case, indicator, value, programme)
    if grown is None:
        return None
    if not _unlike_before(grown, limits):
        return False
    return None if expected is None else grown


def _unlike_before(grown: Growth, limits: Mapping[str, float]) -> bool:
    """More than twice the largest earlier rate, and far above the median by the median of the distances from it."""
    *earlier, rate = grown.rates
    middle = statistics.median(earlier)
    distance = statistics.median([abs(each - middle) for each in earlier])
    spread = max(distance, Fraction(1), Fraction(limits["P05_median_percent"]) / 100 * middle)
    return rate > Fraction(limits["P05_times"]) * max(earlier) and rate > middle + Fraction(limits["P05_spread"]) * spread


def exchanged(case: Case, programme: Programme) -> tuple[str, str] | None:
    """P10, for a row with a fall (P01) or an increase that stands out (P05): the first two numbers whose exchange leaves none."""
    for one, other in itertools.combinations(programme.indicator_ids, 2):
        a, b = case.values.get(one), case.values.get(other)
        if a is not None and b is not None and a != b and not _unlikely(case, {**case.values, one: b, other: a}, programme):
            return one, other
    return None


def _unlikely(case: Case, values: Mapping[str, int | None], programme: Programme) -> bool:
    return any(falls(case, i, value) or stands_out(case, i, value, programme) for i, value in values.items())


def falls(case: Case, indicator: str, value: int | None) -> bool:
    """P01: below the last accepted value of an earlier period, as far as both are known."""
    previous = case.before(indicator)
    return value is not None and previous is not None and value < previous
