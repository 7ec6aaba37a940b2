"""Workspaces with issued bulletins, for the tests of issue and restatement."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from pipeline.decisions import Request
from pipeline.decisions.record import record_request, record_requests
from pipeline.issue.issuing import Issued, Order
from pipeline.ledger.freezing import freeze, record_acceptance
from pipeline.model import Acceptance, Act, Decision, Issue
from pipeline.model.view import PeriodView
from pipeline.run import run_waiting
from pipeline.run.looking import look
from pipeline.run.rebuild import issue_period
from pipeline.workspace.workspace import Workspace
from tests.support.copied_workspaces import copied
from tests.support.workspaces import MARCH, drop_return, run_now, workspace_at

ISSUE = dt.datetime(2025, 4, 8, 2, tzinfo=dt.UTC)
REOPEN = dt.datetime(2025, 4, 20, 2, tzinfo=dt.UTC)
AGAIN = dt.datetime(2025, 4, 22, 2, tzinfo=dt.UTC)
REISSUE = dt.datetime(2025, 4, 25, 2, tzinfo=dt.UTC)
BY, WHY = "张三", "龙湾区来函更正"


def values_of(office: Workspace, district: str) -> tuple[int, ...]:
    """Small numbers that nobody asks about, other ones for each district."""
    return (4, 5 + office.programme.district_names.index(district), 3, 1)


def reported(folder: Path, *without: str, period: dt.date = MARCH) -> Workspace:
    """Every district but these has an accepted return."""
    return copied(_reported, folder, without, period)


def _reported(folder: Path, without: tuple[str, ...], period: dt.date) -> Workspace:
    office = workspace_at(folder)
    for district in office.programme.district_names:
        if district not in without:
            drop_return(office, district, period, values_of(office, district))
    run_now(office)
    return office


def issue(office: Workspace, *missing: str, reason: str = "", now: dt.datetime = ISSUE, period: dt.date = MARCH) -> Issued:
    return issue_period(office, Order(period, BY, reason, missing), now)


def frozen(office: Workspace, *missing: str, period: dt.date = MARCH, now: dt.datetime = ISSUE) -> None:
    """The period issued in the ledger alone: without the gate and the products, which take their time."""
    found = view(office, period)
    values = {place: source.value for place, source in found.values.items()}
    new = Issue(period, len(found.issues) + 1, BY, now, "", missing, values)
    with office.locked(), office.ledger() as ledger, ledger.writing() as connection:
        number = record_acceptance(connection, period, Acceptance(()), now)
        freeze(connection, Decision(Act.ISSUE, BY, now, "", period=period), new, number, ())


def decide(office: Workspace, act: str, district: str | None = None, now: dt.datetime = REOPEN, **words: Any) -> None:
    """A decision recorded and carried out, as the command does it."""
    given = {"reason": WHY, "basis": "来函", "period": MARCH, **words}
    with office.locked():
        with office.ledger() as ledger:
            record_request(ledger, office, Request(act, BY, district=district, **given), now)
        run_waiting(office, now)


def reopen(office: Workspace, *districts: str, now: dt.datetime = REOPEN, period: dt.date = MARCH) -> None:
    asked = [Request(Act.REOPEN, BY, WHY, name, period) for name in districts or (None,)]
    with office.locked():
        with office.ledger() as ledger:
            record_requests(ledger, office, asked, now)
        run_waiting(office, now)


def view(office: Workspace, period: dt.date = MARCH) -> PeriodView:
    found = look(office, period)
    assert found
    return found


def states(office: Workspace, period: dt.date = MARCH) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {record.district: (record.state, record.marks) for record in view(office, period).districts}


def tree(folder: Path) -> dict[str, bytes]:
    """Every file under the folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
