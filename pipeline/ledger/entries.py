"""The ledger's sequence: every run that posts, every decision and every import is an entry, one after the other.

What came later, what came together and what was in force is told by the entries' numbers. Their times are only shown: the clock
of a machine may be set back, and another machine's may be behind.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from pipeline.ledger import tables as t

SLACK = dt.timedelta(minutes=5)
"""How far the clocks of several machines at one ledger may differ without anybody being told."""


@dataclass
class LedgerEntry:
    """An entry, begun by whoever first writes something into it: what a run posts in several transactions came together.

    ``at`` is UTC, ``number`` 0 before it is begun. Whoever begins it is alone in writing.
    """

    at: dt.datetime
    number: int = 0

    def begun(self, connection: Connection) -> int:
        """Its number, for the caller's transaction. One that is undone leaves a number behind that stands for nothing."""
        if not self.number:
            key = connection.execute(insert(t.entries), {"recorded_at": self.at}).inserted_primary_key
            assert key is not None
            self.number = int(key[0])
        return self.number


def new_entry(connection: Connection, now: dt.datetime) -> int:
    """Begin an entry in the caller's transaction; its number."""
    return LedgerEntry(now).begun(connection)


def entry_by(connection: Connection, moment: dt.datetime) -> int:
    """The last entry of the longest beginning of the sequence that had been recorded by then, 0 for none.

    An entry had been recorded when a later one had, whatever the clock showed: one that was set back hides nothing before.
    """
    e = t.entries.c
    return connection.scalar(select(func.max(e.id)).where(e.recorded_at <= moment)) or 0


def decided_by(connection: Connection, moment: dt.datetime) -> int:
    """The last decision there was when the ledger showed this time as its own, 0 for none: the time may stand for a later entry
    than those that were recorded by then."""
    e, d = t.entries.c, t.decisions.c
    shown = connection.scalar(select(func.max(e.id)).where(e.recorded_at == moment)) or entry_by(connection, moment)
    return connection.scalar(select(func.max(d.id)).where(d.entry_id <= shown)) or 0


def latest_time(connection: Connection) -> dt.datetime | None:
    """The newest time in the ledger, None for an empty one: what a clock is held against."""
    moment: dt.datetime | None = connection.scalar(select(func.max(t.entries.c.recorded_at)))
    return moment
