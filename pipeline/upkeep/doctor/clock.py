"""The clock: times of receipt come from it, and what is late is told by them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from pipeline.ledger.entries import SLACK
from pipeline.ledger.store import LedgerUnavailable
from pipeline.model.errors import LedgerTrouble
from pipeline.model.labels import time_label
from pipeline.model.view import SHOWN_ZONE
from pipeline.upkeep.doctor.ledger import condition_of
from pipeline.upkeep.doctor.seen import Office, Seen, seen

DAY = dt.timedelta(days=1)
"""How far files may be off that were unpacked in another time zone."""
LONG = dt.timedelta(days=400)
"""A ledger of yearly returns is written to within this time."""
YEARS_AFTER = 10
"""Nobody works with a programme that ended so many years ago."""


def check(examined: Office) -> Iterator[Seen]:
    """Whether the clock is behind what is known to have happened, or far ahead of it; and whether its zone is the office's."""
    now, programme = examined.now, examined.workspace.programme
    known = [seen("clock", case, **words) for case, words in _doubts(examined)]
    yield from known or [seen("clock", "fine", now=time_label(now, programme))]
    if dt.datetime.now().astimezone().utcoffset() != now.astimezone(SHOWN_ZONE).utcoffset():
        yield seen("clock", "zone", zone=f"UTC{dt.datetime.now().astimezone():%z}")


def _doubts(examined: Office) -> Iterator[tuple[str, dict[str, str]]]:
    now, last, programme = examined.now, _last(examined), examined.workspace.programme
    times = {"now": now, "last": last or now, "installed": examined.installed}
    words = {name: time_label(moment, programme) for name, moment in times.items()}
    if not programme.start.year <= now.astimezone(SHOWN_ZONE).year <= programme.end.year + YEARS_AFTER:
        yield "year", words
    elif last and now < last - SLACK:
        yield "behind", words
    elif now < examined.installed - DAY:
        yield "early", words
    elif last and now > last + LONG:
        yield "ahead", words


def _last(examined: Office) -> dt.datetime | None:
    """The last instant in the ledger; None where there is none, or where it cannot be read, which is told elsewhere."""
    try:
        condition = condition_of(examined.workspace)
    except (LedgerTrouble, LedgerUnavailable):
        return None
    return condition.last if condition else None
