"""How far a row exceeds what X02 and X03 expect: an explanation stands for the year while that does not grow much."""

from __future__ import annotations

from pipeline.model import Values
from schemas.programme import Programme


def ratio(rule: str, values: Values, programme: Programme) -> float | None:
    """The rule's ratio of these values; None for other rules, and where a value is missing or there is nothing to divide by."""
    return None
