"""Times as people write them: 2025-07-03 16:30, 2025年7月3日16时30分, 2025/7/3, 2025-07-03T16:30:05+08:00."""

from __future__ import annotations

import datetime as dt
import re

from pipeline.model.view import SHOWN_ZONE
from pipeline.reading.values.characters import plain

_TIME = re.compile(
    r"(?P<year>\d{4})[-/.年 ]+(?P<month>\d{1,2})[-/.月 ]+(?P<day>\d{1,2})日?"
    r"(?:[T ]*(?P<hour>\d{1,2})[:时点]+(?P<minute>\d{1,2})?分?(?::\d{1,2})?)?"
)

_TO_ITS_END = dt.timedelta(days=1) - dt.timedelta.resolution
"""From a day's first instant to its last."""


def parse_time(text: str) -> dt.datetime | None:
    """UTC of a time in Asia/Shanghai, midnight where only a day is given; None when it is none."""
    found = _TIME.fullmatch(plain(text).strip())
    if found is None:
        return None
    parts = {name: int(value or 0) for name, value in found.groupdict().items()}
    try:
        return dt.datetime(**parts, tzinfo=SHOWN_ZONE).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def parse_until(text: str) -> dt.datetime | None:
    """UTC of the last instant that a text names: a time exactly as given, a day's end in Asia/Shanghai; None when it is none."""
    written = plain(text).strip()
    found = _TIME.fullmatch(written)
    if found and found["hour"] is None:
        day = parse_time(written)
        return day + _TO_ITS_END if day else None
    try:
        exact = dt.datetime.fromisoformat(written if ":" in written else "")
        return (exact if exact.tzinfo else exact.replace(tzinfo=SHOWN_ZONE)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return parse_time(written)
