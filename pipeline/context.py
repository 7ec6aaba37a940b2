"""What the ledger and the settings say around a batch of readings: the calendar, the city's assignments, everything known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pipeline.checks.calendar import Calendar
from pipeline.checks.placing import Placed, place
from pipeline.model import Known, Reading
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Connection


def calendar(connection: Connection, workspace: Workspace, now: dt.datetime) -> Calendar:
    """What is called by the settings and by templates, and open now."""
    from pipeline.ledger.around import called_by_ledger

    return workspace.calendar(now, called_by_ledger(connection))


def placed(connection: Connection, readings: Iterable[Reading], calendar: Calendar, given: dt.date | None) -> list[Placed]:
    """The readings with their places; what the city has assigned goes first."""
    from pipeline.ledger.around import assigned

    assignments = assigned(connection)
    return [place(reading, calendar, given, assignments.get(reading.sha256)) for reading in readings]


def known(connection: Connection, files: Sequence[Placed], workspace: Workspace) -> Known:
    """What the ledger knows of these files and around their periods."""
    from pipeline.ledger.around import decisions, explanations, receipts
    from pipeline.ledger.lookup import history, seen

    periods = {file.period for file in files if file.period}
    hashes = [file.reading.sha256 for file in files]
    around = history(connection, workspace.programme.district_names, min(periods), max(periods)) if periods else {}
    earlier = {day for accepted in around.values() for day in accepted}
    decided = decisions(connection, periods | earlier, hashes)
    return Known(
        seen=seen(connection, hashes),
        history=around,
        explanations=explanations(connection, periods),
        decisions=decided,
        receipts=receipts(connection, periods, decided),
    )
