"""Periods, dates and times as official Chinese writes them (wording.md 0.3), and which wording names whom to ask."""

from __future__ import annotations

import calendar
import datetime as dt
import functools
from collections.abc import Iterable

from pipeline.model.view import SHOWN_ZONE
from pipeline.model.words import Words
from schemas.programme import Programme

SOME = 5
"""So many of many are named in a sentence."""


def period_label(period: dt.date, programme: Programme) -> str:
    """2025年6月底, 2025年底 for 31 December, 2025年7月15日 for a day that ends no month."""
    if (period.month, period.day) == (12, 31):
        return _write("year_end", period, programme)
    return _write("month_end" if _ends_month(period) else "day", period, programme)


def short_label(period: dt.date, current: dt.date, programme: Programme) -> str:
    """An earlier period beside the current one: 3月底 within the year, 2024年底 across years."""
    if period.year != current.year or (period.month, period.day) == (12, 31):
        return period_label(period, programme)
    return _write("short_month_end" if _ends_month(period) else "short_day", period, programme)


def date_label(day: dt.date, programme: Programme) -> str:
    """2025年7月8日."""
    return _write("day", day, programme)


@functools.lru_cache(maxsize=4096)  # the same times stand in product after product
def time_label(moment: dt.datetime, programme: Programme) -> str:
    """A UTC time as shown: 2025年7月8日16:30, Asia/Shanghai."""
    return _write("time", moment.astimezone(SHOWN_ZONE), programme)


def contact_form(contact: str, phone: str) -> str:
    """The form of a wording that names whom to ask: ``both``, ``contact`` or ``phone``, or ``none`` where neither is known."""
    return {(True, True): "both", (True, False): "contact", (False, True): "phone"}.get((bool(contact), bool(phone)), "none")


def some(names: Iterable[str], kind: str, programme: Programme, most: int = SOME, joint: str = "、") -> str:
    """All of a few names, of many the first and how many there are: “a”、“b”…等12份. ``kind`` is a key of labels.some."""
    every = list(dict.fromkeys(names))
    text: str = Words(programme, "labels").table("some")[kind]
    return joint.join(every) if len(every) <= most else text.format(names=joint.join(every[:most]), count=len(every))


def _ends_month(day: dt.date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]


def _write(form: str, day: dt.date, programme: Programme) -> str:
    hour, minute = (day.hour, day.minute) if isinstance(day, dt.datetime) else (0, 0)
    text: str = Words(programme, "labels").raw(form)
    return text.format(year=day.year, month=day.month, day=day.day, hour=hour, minute=minute)
