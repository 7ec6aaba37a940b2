"""A decision recorded: what is open is looked up in the ledger, and the entry made, in one transaction."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

from pipeline.decisions import Request, decide
from pipeline.model import Decision
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
        number = record_decision(connection, decision)
    return dataclasses.replace(decision, id=number)


def known_already(ledger: Ledger, request: Request) -> bool:
    """Whether the very same decision is in the ledger: a 办理单 that is laid in twice records nothing twice."""
    from pipeline.ledger.around import decisions

    periods = (request.period,) if request.period else ()
    with ledger.reading() as connection:
        known = decisions(connection, periods, () if not request.file else (request.file,))
    asked = (request.act, request.by, request.reason, request.district, request.period, request.rule, request.indicator)
    asked_on = (request.basis, request.wording, request.received)
    return any(
        (d.act, d.by, d.reason, d.district, d.period, d.rule, d.indicator) == asked
        and (d.basis, d.wording, d.received) == asked_on
        and (request.file is None or d.sha256 == request.file)
        and (request.bound is None or dict(d.values) == dict(request.bound))
        for d in known
    )


def _files(connection: Connection, request: Request, workspace: Workspace) -> tuple[FileRecord, ...]:
    """The files of the period, and for an assignment those without one."""
    from pipeline.ledger.picture import files_of, unplaced

    of_period = files_of(connection, request.period, workspace.programme) if request.period else ()
    return (*of_period, *unplaced(connection, workspace.programme)) if request.act == "assign" else of_period
