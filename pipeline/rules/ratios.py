"""How far a row exceeds what X02 and X03 expect: an explanation stands for the year while that does not grow much."""

from __future__ import annotations

from fractions import Fraction

from pipeline.model import Values
from schemas.programme import Programme, Proportion


def ratio(rule: str, values: Values, programme: Programme, indicator: str | None = None) -> Fraction | None:
    """The rule's ratio of these values, exact: of ``indicator`` to what it is held against, or the largest of the rule.

    None for rules that know no ratio, and where a value is missing or there is nothing to divide by.
    """
    held = [p for p in programme.proportions if p.rule == rule and indicator in (None, p.indicator)]
    return max((found for each in held if (found := _ratio(each, values)) is not None), default=None)


def _ratio(held: Proportion, values: Values) -> Fraction | None:
    value, base = values.get(held.indicator), values.get(held.base)
    return Fraction(value, base) if value is not None and base else None
