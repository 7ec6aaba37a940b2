"""A decision recorded: what is open is looked up in the ledger, and the entry made, in one transaction."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

from pipeline.context import calendar
from pipeline.decisions import FINDING_ACTS, Refused, Request, decide, named_files
from pipeline.labels import period_label
from pipeline.model import Act, Decision
from pipeline.view import FileRecord
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pipeline.ledger.store import Ledger


def record_request(ledger: Ledger, workspace: Workspace, request: Request, now: dt.datetime) -> Decision:
    """Decide and record. The workspace is locked. Raises decisions.Refused."""
    from pipeline.ledger.records import record_decision

    with ledger.writing() as connection:
        files = _files(connection, request, workspace)
        decision = decide(request, files, workspace.settings.decide.names, now, workspace.programme)
        _called(connection, decision, workspace)
        _issued(connection, decision, workspace)
        number = record_decision(connection, decision)
    return dataclasses.replace(decision, id=number)


def recorded_already(ledger: Ledger, workspace: Workspace, request: Request, since: dt.datetime | None) -> bool:
    """Whether the very same decision was recorded after ``since``, when the 办理单 was made that asks for it: one that is laid in
    twice, or read by a run that was stopped, records nothing twice."""
    from pipeline.ledger.around import decisions

    with ledger.reading() as connection:
        hashes = {file.sha256 for file in named_files(request.file, _files(connection, request, workspace))}
        known = decisions(connection, (request.period,) if request.period else (), hashes)
    return any((since is None or decision.at > since) and _same(decision, request, hashes) for decision in known)


def _same(decision: Decision, request: Request, hashes: set[str]) -> bool:
    fields = ("act", "by", "reason", "basis", "wording", "district", "period", "received")
    if any(getattr(decision, field) != getattr(request, field) for field in fields):
        return False
    if request.act not in FINDING_ACTS:
        return request.file is None or decision.sha256 is None or decision.sha256 in hashes
    same = decision.rule == request.rule and request.indicator in (None, decision.indicator)
    return same and (request.bound is None or dict(decision.values) == dict(request.bound))


def _called(connection: Connection, decision: Decision, workspace: Workspace) -> None:
    """A period that is given to a file, or for which a district is excused, is one that was called."""
    period = decision.period
    if decision.act not in (Act.ASSIGN, Act.EXCUSE) or period is None:
        return
    known = calendar(connection, workspace, decision.at)
    if period < known.programme.start or not known.is_called(period):
        raise Refused("not_called", period=period_label(period, known.programme))


def _issued(connection: Connection, decision: Decision, workspace: Workspace) -> None:
    """Only what is issued, and not open for restatement already, can be opened for it."""
    from pipeline.ledger.issues import is_reopened, issues

    if decision.act != Act.REOPEN or decision.period is None:
        return
    words = {"period": period_label(decision.period, workspace.programme)}
    if not issues(connection, decision.period):
        raise Refused("not_issued", **words)
    if is_reopened(connection, decision.period):
        raise Refused("reopened", **words)


def _files(connection: Connection, request: Request, workspace: Workspace) -> tuple[FileRecord, ...]:
    """The files of the period, and for an assignment those without a place."""
    from pipeline.ledger.picture import files_of, without_place

    of_period = files_of(connection, request.period, workspace.programme) if request.period else ()
    return (*of_period, *without_place(connection, workspace.programme)) if request.act == Act.ASSIGN else of_period
