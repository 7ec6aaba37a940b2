"""A decision recorded: what is open is looked up in the ledger, and the entry made, in one transaction."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.decisions import FINDING_ACTS, Refused, Request, decide, named_files, place_text
from pipeline.decisions.baseline_withdrawn import withdrawal
from pipeline.ledger.entries import LedgerEntry, decided_by
from pipeline.ledger.issued import issues, opening
from pipeline.ledger.period_view import files_of, without_place
from pipeline.ledger.records import record_decision
from pipeline.ledger.settling import decisions, excused_places, explanations
from pipeline.model import Act, Decision, Issue, Opening
from pipeline.model.labels import period_label
from pipeline.model.matters import matter_decided, refused_texts
from pipeline.model.view import FileRecord
from pipeline.model.words import Words
from pipeline.reading.values.explanations import bare
from pipeline.workspace.known_around import calendar
from pipeline.workspace.workspace import Workspace
from schemas.programme import Programme

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pipeline.decisions.sheet_lines import Line
    from pipeline.ledger.store import Ledger


FROZEN = (Act.WITHDRAW, Act.RETURN, Act.REFUSE, Act.RECEIVE, Act.EXCUSE)
"""What would change an issued bulletin, or what it says of a district: which values are in force, who was late, who is excused.
Explaining and approving change no number; a file that is given a place is held against the bulletin (P07)."""


def record_request(ledger: Ledger, workspace: Workspace, request: Request, now: dt.datetime) -> Decision:
    """Decide and record. The workspace is locked. Raises decisions.Refused."""
    return record_requests(ledger, workspace, (request,), now)[0]


def record_requests(ledger: Ledger, workspace: Workspace, requests: Sequence[Request], now: dt.datetime) -> tuple[Decision, ...]:
    """Decide and record what was asked for together: all of it, as one entry, or nothing. The workspace is locked. Raises
    decisions.Refused."""
    entry, recorded = LedgerEntry(now), list[Decision]()
    with ledger.writing() as connection:
        for request in requests:
            files = _files(connection, request, workspace)
            excused = (request.district, request.period) in excused_places(connection)
            decision = withdrawal(connection, request, files, workspace, now)
            decision = decision or decide(request, files, workspace.settings.decide.names, now, workspace.programme, excused)
            _called(connection, decision, workspace)
            _issued(connection, decision, workspace)
            _refused_before(connection, decision, workspace)
            number = record_decision(connection, decision, entry)
            recorded.append(dataclasses.replace(decision, id=number))
    return tuple(recorded)


def recorded_already(ledger: Ledger, workspace: Workspace, request: Request, line: Line) -> bool:
    """Whether the very same decision was recorded since the 办理单 was made that asks for it: one that is laid in twice, or read
    by a run that was stopped, records nothing twice."""
    with ledger.reading() as connection:
        before = line.decided
        if before is None:
            before = decided_by(connection, line.made) if line.made else 0
        hashes = {file.sha256 for file in named_files(request.file, _files(connection, request, workspace))}
        known = decisions(connection, (request.period,) if request.period else (), hashes)
    return any(decision.id > before and _same(decision, request, hashes) for decision in known)


def _same(decision: Decision, request: Request, hashes: set[str]) -> bool:
    fields = ("act", "by", "reason", "basis", "wording", "district", "period", "received")
    if any(getattr(decision, field) != getattr(request, field) for field in fields):
        return False
    if request.act not in FINDING_ACTS:
        return request.file is None or decision.sha256 is None or decision.sha256 in hashes
    same = decision.rule == request.rule and request.indicator in (None, decision.indicator)
    same &= None in (request.compared, decision.compared) or request.compared == decision.compared
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
    """What an issued bulletin says is changed only where it is open for restatement; only what is issued, and not open already,
    can be opened."""
    if decision.act not in (*FROZEN, Act.REOPEN) or decision.period is None:
        return
    every, opened = issues(connection, decision.period), opening(connection, decision.period)
    if decision.act == Act.REOPEN:
        _openable(decision, every, opened, workspace.programme)
    elif every and decision.district not in opened and _told(decision, every[-1]):
        names = {act["act"]: act["name"] for act in Words(workspace.programme, "decisions").raw("acts")}
        raise Refused("frozen", place=place_text(decision, workspace.programme), act=names[decision.act])


def _openable(decision: Decision, every: Sequence[Issue], opened: Opening, programme: Programme) -> None:
    words = {"period": period_label(decision.period, programme) if decision.period else "", "district": decision.district}
    if not every:
        raise Refused("not_issued", **words)
    if decision.district is None and opened.every is not None:
        raise Refused("reopened", **words)
    if decision.district is not None and decision.district in opened:
        raise Refused("reopened_district", **words)


def _told(decision: Decision, last: Issue) -> bool:
    """Whether the bulletin says what the decision is about: a district's values, or that it sent none. Files of a district that
    it names as missing are not in it (补报)."""
    return decision.sha256 is None or any(district == decision.district for district, _ in last.values)


def _refused_before(connection: Connection, decision: Decision, workspace: Workspace) -> None:
    """What the city has refused is not taken down again by telephone in the same words."""
    if decision.act != Act.EXPLAIN or decision.period is None:
        return
    periods = (decision.period,)
    before = refused_texts(matter_decided(decision), explanations(connection, periods), decisions(connection, periods))
    if bare(decision.reason) in map(bare, before):
        raise Refused("explanation", why=Words(workspace.programme, "answers").text("refused.repeated"))


def _files(connection: Connection, request: Request, workspace: Workspace) -> tuple[FileRecord, ...]:
    """The files of the period, and for an assignment those without a place."""
    of_period = files_of(connection, request.period, workspace.programme) if request.period else ()
    return (*of_period, *without_place(connection, workspace.programme)) if request.act == Act.ASSIGN else of_period
