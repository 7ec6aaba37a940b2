"""定稿: products staged, accepted by the gate, frozen at once, put in place; 印发 registered; 更正 by issuing again."""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.decisions import Refused, authorised
from pipeline.issue.evidence_for_gate import accepted
from pipeline.issue.in_place import put
from pipeline.ledger.freezing import freeze, record_acceptance, record_imprint
from pipeline.ledger.period_view import period_view
from pipeline.ledger.publications import edition_of
from pipeline.model import Acceptance, Act, Decision, Imprint, Issue
from pipeline.model.allowance import for_products
from pipeline.model.errors import MachineShort
from pipeline.model.labels import period_label
from pipeline.model.view import EXCUSED, PeriodView
from pipeline.model.work import Made, Workers
from pipeline.processes.publish import render_issue, stage_bulletin
from pipeline.workspace.known_around import completed
from pipeline.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pipeline.ledger.store import Ledger

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Order:
    """What is to be issued: by whom, without which districts and why; ``document`` and ``date`` are 文号 and 印发日期."""

    period: dt.date
    by: str
    reason: str = ""
    missing: tuple[str, ...] = ()
    document: str | None = None
    date: dt.date | None = None


@dataclass(frozen=True)
class Issued:
    """What came of an order. ``acceptance`` is None where nothing was frozen because it was before: only the 印发 was registered.
    ``folder`` holds the frozen products, None when the gate refused."""

    issue: Issue
    acceptance: Acceptance | None = None
    folder: Path | None = None


def issue(ledger: Ledger, workers: Workers, workspace: Workspace, order: Order, now: dt.datetime) -> Issued:
    """Issue the period, or register number and date of one that is issued. The workspace is locked.

    Raises Refused when the order cannot be carried out whatever the data are. What the gate finds is in the answer.
    """
    by = authorised(order.by, workspace.settings.decide.names)
    with ledger.reading() as connection:
        edition = edition_of(connection, order.period)
        view = period_view(connection, edition, workspace.programme) if edition else None
    if edition is None or view is None:
        raise Refused("nothing_to_issue", period=period_label(order.period, workspace.programme))
    if view.issues and not view.reopened:
        return _register(ledger, workspace, view, order, by, now)
    _possible(view, order, workspace)
    new = Issue(
        period=order.period,
        number=len(view.issues) + 1,
        by=by,
        at=now,
        reason=order.reason.strip(),
        missing=tuple(name for name in workspace.programme.district_names if name in order.missing),
        values={place: source.value for place, source in view.values.items()},
        reopened=reopening(view),
        imprint=Imprint(order.document or "", order.date, by, now) if order.document is not None or order.date else None,
    )
    with ledger.reading() as connection:
        staged = completed(period_view(connection, edition, workspace.programme, new), workspace)
    return _issue(ledger, workers, workspace, staged, new, order)


def _register(ledger: Ledger, workspace: Workspace, view: PeriodView, order: Order, by: str, now: dt.datetime) -> Issued:
    """文号 and date of what is issued; the frozen products stay."""
    if order.document is None and order.date is None:
        raise Refused("issued", period=period_label(order.period, workspace.programme))
    with ledger.writing() as connection:
        _imprint(connection, order, by, now)
    return Issued(view.issues[-1])


def _possible(view: PeriodView, order: Order, workspace: Workspace) -> None:
    """Districts that may be missing are districts, are missing, and there is a reason; a restatement restates something."""
    there = {district for district, _ in view.values}
    excused = {record.district for record in view.districts if record.state == EXCUSED}
    for name in order.missing:
        if name not in workspace.programme.district_names:
            raise Refused("district", text=name)
        if name in there:
            raise Refused("not_missing", text=name)
        if name in excused:
            raise Refused("excused_missing", text=name)
    if order.missing and not order.reason.strip():
        raise Refused("reason")
    if view.issues and _unchanged(view, order):
        raise Refused("unchanged", period=period_label(order.period, workspace.programme))


def _unchanged(view: PeriodView, order: Order) -> bool:
    """Whether the restatement would say what the last issue says: the same values, and the same districts without any."""
    last = view.issues[-1]
    same = {place: source.value for place, source in view.values.items()} == dict(last.values)
    return same and set(order.missing) == set(last.missing)


def reopening(view: PeriodView) -> str | None:
    """Why the period was opened again; None for a first issue."""
    opened = [decision.reason for decision in view.decisions if decision.act == Act.REOPEN]
    return opened[-1] if view.reopened and opened else None


def _issue(ledger: Ledger, workers: Workers, workspace: Workspace, view: PeriodView, new: Issue, order: Order) -> Issued:
    allowance = for_products(workspace.programme, len(view.files))
    bulletin: bytes = _made(workers.schedule(stage_bulletin, (view,), allowance), view) or b""
    acceptance = accepted(ledger, workers, workspace, view, bulletin)
    products: list[Made] = []
    if _holds(acceptance, new):
        task = (dataclasses.replace(view, acceptance=acceptance), ledger.originals, bulletin)
        products = _made(workers.schedule(render_issue, task, allowance), view) or []
        if not products:
            acceptance = accepted(ledger, workers, workspace, view, b"")
    if not products:
        with ledger.writing() as connection:
            record_acceptance(connection, new.period, acceptance, new.at)
        return Issued(new, acceptance)
    decision = Decision(Act.ISSUE, new.by, new.at, new.reason, period=new.period)
    with ledger.writing() as connection:
        number = record_acceptance(connection, new.period, acceptance, new.at)
        freeze(connection, decision, new, number, products)
        if order.document is not None or order.date is not None:
            _imprint(connection, order, new.by, new.at)
    return Issued(new, acceptance, put(workspace, new.period, new.number, products))


def _holds(acceptance: Acceptance, new: Issue) -> bool:
    """Whether what the gate found keeps nobody from issuing: what it asks about is answered by a reason."""
    return not acceptance.refusals and (not acceptance.queries or bool(new.reason))


def _made(task: Future[Any], view: PeriodView) -> Any:
    """What the task makes, None where it cannot be made. A ledger edited by hand may hold what no product can show (2.5): the
    gate says what it is, and refuses a bulletin that is not there."""
    try:
        return task.result()
    except MachineShort:
        raise
    except Exception:
        log.exception("the products of %s cannot be made", view.period)
        return None


def _imprint(connection: Connection, order: Order, by: str, now: dt.datetime) -> None:
    decision = Decision(Act.IMPRINT, by, now, order.reason.strip(), period=order.period)
    record_imprint(connection, decision, order.document or "", order.date)
