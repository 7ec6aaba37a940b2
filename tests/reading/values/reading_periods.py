"""What the tests of find_periods share."""

from __future__ import annotations

import datetime as dt

from pipeline.reading.values import find_periods
from schemas.programme import load_programme

PROGRAMME = load_programme()
JUNE = "2024-06-30"


def found(text: str, called: frozenset[dt.date] = frozenset()) -> list[str]:
    """Dates as ISO; mentions without a year as ``06-30``, with ``06-00`` for the month's end."""
    mentions = find_periods(text, PROGRAMME, called)
    return [m.as_of.isoformat() if m.as_of else f"{m.month:02}-{m.day:02}" for m in mentions]
