"""The ledger's sequence: every run that posts, every decision and every import is an entry, one after the other.

What came later, what came together and what was in force is told by the entries' numbers. Their times are only shown: the clock
of a machine may be set back, and another machine's may be behind.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, insert

from pipeline.ledger import tables as t


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
