"""What the ledger and the settings say around a batch of readings: the calendar, the city's assignments, everything known."""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from pipeline.ledger.issued import issued
from pipeline.ledger.lookup import history, seen
from pipeline.ledger.settling import assigned, called_by_ledger, decisions, excused_places, explanations, receipts, sent
from pipeline.ledger.templates_made import prefilled
from pipeline.model import Act, Decision, Issued, Known, Place, Reading, Seen, Status
from pipeline.model.view import MISSING, DistrictRecord, PeriodView
from pipeline.model.words import Words
from pipeline.rules.judging.calendar import Calendar
from pipeline.rules.place import Placed, place, place_unhandled
from pipeline.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Connection

log = logging.getLogger(__name__)


def calendar(connection: Connection, workspace: Workspace, now: dt.datetime) -> Calendar:
    """What is called by the settings and by templates, and open now."""
    return workspace.calendar(now, called_by_ledger(connection))


def placed(connection: Connection, readings: Iterable[Reading], calendar: Calendar, given: dt.date | None) -> list[Placed]:
    """The readings with their places; what the city has assigned goes first. One that cannot be placed is F18."""
    assignments = assigned(connection)
    return [_placed(reading, calendar, given, assignments.get(reading.sha256)) for reading in readings]


def placed_again(
    connection: Connection, known_places: Iterable[tuple[Reading, dt.date | None]], calendar: Calendar
) -> list[Placed]:
    """Readings of files that were judged before, each with the period that was found then: a file that states none keeps what
    ``--period``, or the only period that was open, gave it."""
    assignments = assigned(connection)
    return [
        _placed(reading, calendar, None if reading.sha256 in assignments else period, assignments.get(reading.sha256))
        for reading, period in known_places
    ]


def placed_in_force(
    connection: Connection, known_places: Iterable[tuple[Reading, Place]], calendar: Calendar, now: dt.datetime
) -> list[Placed]:
    """Readings of files whose place was settled when they were accepted."""
    assignments = assigned(connection)
    return [
        _placed(
            reading,
            calendar,
            None if reading.sha256 in assignments else period,
            Decision(Act.ASSIGN, "", now, "", district=district, period=period),
        )
        for reading, (district, period) in known_places
    ]


def _placed(reading: Reading, calendar: Calendar, given: dt.date | None, assigned: Decision | None) -> Placed:
    try:
        return place(reading, calendar, given, assigned)
    except Exception:
        log.exception("file %s (sha256 %s) could not be placed", reading.file, reading.sha256)
        return place_unhandled(reading, assigned, calendar.programme)


def known(connection: Connection, files: Sequence[Placed], workspace: Workspace) -> Known:
    """What the ledger knows of these files and around their periods."""
    periods = {file.period for file in files if file.period}
    hashes = [file.reading.sha256 for file in files]
    around = history(connection, workspace.programme.district_names, min(periods), max(periods)) if periods else {}
    earlier = {day for accepted in around.values() for day in accepted}
    decided = decisions(connection, periods | earlier, hashes)
    bulletins = issued(connection, periods | earlier) if any(decision.act == Act.ISSUE for decision in decided) else {}
    repeated = seen(connection, hashes)
    again = {file.again for file in files if file.again is not None}
    came = sent(connection, again | {each.submission for every in repeated.values() for each in every}) if bulletins else {}
    return Known(
        seen={
            sha256: tuple(each for each in every if not _before_reopening(each, bulletins, came))
            for sha256, every in repeated.items()
        },
        history=around,
        explanations=explanations(connection, periods),
        decisions=decided,
        issued=bulletins,
        receipts=receipts(connection, periods, decided),
        prefilled=prefilled(connection, {(file.district, file.period) for file in files if file.district and file.period}),
        excused=excused_places(connection),
        sent=came,
    )


def _before_reopening(seen: Seen, issued: Mapping[dt.date, Issued], came: Mapping[int, int]) -> bool:
    """Sent back, and the period was opened for restatement since: the same bytes sent again are a new return."""
    if seen.status is not Status.RETURNED or seen.period is None or seen.period not in issued:
        return False
    since = issued[seen.period].opening.since(seen.district)
    return since is not None and came.get(seen.submission, since) < since


def completed(view: PeriodView, workspace: Workspace) -> PeriodView:
    """The picture of a period with what the settings say: whom to ask, until when, and who is overdue as the ledger stands."""
    days = workspace.calendar(view.ledger_time)
    due = days.due(view.period)
    districts = tuple(_with_dates(record, view, days) for record in view.districts) if due else view.districts
    return dataclasses.replace(
        view,
        office=workspace.office,
        due=due,
        districts=districts,
        following=days.following(view.period),
        originals=workspace.originals_from(workspace.outbox / view.period.isoformat()),
    )


def _with_dates(record: DistrictRecord, view: PeriodView, days: Calendar) -> DistrictRecord:
    """Until when a return that was sent back is awaited again; 逾期未报 where none came in time (wording.md 0.8)."""
    deadline = days.deadline(view.period)
    overdue = Words(days.programme, "findings").text("mark.overdue")
    if record.state == MISSING and deadline and deadline < view.ledger_time:
        return dataclasses.replace(record, marks=(overdue, *record.marks))
    if record.latest and record.latest.status in (Status.RETURNED, Status.PENDING):
        return dataclasses.replace(record, resend_by=days.resend_by(record.latest.received).date())
    return record
