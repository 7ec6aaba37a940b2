"""What the gate is asked before a period is issued: gathered from its view, the ledger, the originals and the staged bulletin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.issue.gate.acceptance import accept
from pipeline.issue.gate.read_again import held, read_bulletin, reread, unread
from pipeline.issue.gate.task import GateTask, Held, Place, Reread, Shown
from pipeline.ledger.issued import bulletins_before, opening
from pipeline.model import Acceptance, Finding, Issue, Opening, State
from pipeline.model.allowance import for_products, for_reading
from pipeline.model.view import EXCUSED, PeriodView
from pipeline.model.words import Words
from pipeline.model.work import HelperEnded, Workers, at_hand
from pipeline.workspace.workspace import Workspace
from schemas.programme import Programme

if TYPE_CHECKING:
    from pipeline.ledger.store import Ledger


def accepted(ledger: Ledger, workers: Workers, workspace: Workspace, view: PeriodView, bulletin: bytes) -> Acceptance:
    """Hold the period against the gate. ``view`` carries the issue that is being made, ``bulletin`` is its staged workbook."""
    issue = view.issues[-1]
    shown = workers.schedule(read_back, args=(bulletin,), allowance=for_products(workspace.programme, 0))
    originals = tuple(_reread_all(ledger, workers, workspace, view))
    with ledger.reading() as connection:
        before = bulletins_before(connection, view.period)
        opened = opening(connection, view.period)
    names = tuple(record.district for record in view.districts)
    excused = tuple(record.district for record in view.districts if record.state == EXCUSED)
    task = GateTask(
        programme=workspace.programme,
        period=view.period,
        at=issue.at,
        due=tuple(name for name in names if name not in excused and name not in issue.missing),
        excused=excused,
        previous=view.previous,
        approved=frozenset(_approved(view, workspace)),
        bulletins=before,
        originals=originals,
        bulletin=shown.result(),
        restated=view.restated,
        scans_due=names if view.office.scan else (),
        scans_there=tuple(file.district for file in view.files if file.is_material and file.district),
        open=tuple(_open(view, _frozen(view.issues[:-1], opened), workspace.programme)),
    )
    folder = workspace.outbox / view.period.isoformat() / Words(workspace.programme, "outbox").raw("acceptance")
    return accept(ledger.engine, task, folder)


def read_back(bulletin: bytes) -> tuple[Shown, ...]:
    """A task for a worker process."""
    return read_bulletin(bulletin, at_hand())


def reread_file(file: Held, originals: Path) -> tuple[Reread, ...]:
    """A task for a worker process."""
    return reread(file, originals, at_hand())


def _reread_all(ledger: Ledger, workers: Workers, workspace: Workspace, view: PeriodView) -> Iterator[Reread]:
    """Every value in force read again; those of an original that hangs or kills its reader are not there."""
    allowance = for_reading(workspace.programme)
    files = held(view)
    tasks = [workers.schedule(reread_file, args=(file, ledger.originals), allowance=allowance) for file in files]
    for file, task in zip(files, tasks, strict=True):
        try:
            yield from task.result()
        except HelperEnded:
            yield from unread(file)


def _approved(view: PeriodView, workspace: Workspace) -> Iterator[Place]:
    """Falls that the city approved, of the values in force."""
    for record in view.districts:
        for finding in record.current.findings if record.current else ():
            amount = finding.rule in workspace.programme.answers.amount_rules
            if amount and finding.state == State.APPROVED and finding.indicator:
                yield record.district, finding.indicator


def _frozen(before: Sequence[Issue], opened: Opening) -> frozenset[str]:
    """Districts that stand in the last bulletin and are not open for restatement: no file of theirs can change this one."""
    return frozenset(district for issue in before[-1:] for district, _ in issue.values if district not in opened)


def _open(view: PeriodView, frozen: frozenset[str], programme: Programme) -> Iterator[Finding]:
    """What is not settled: of files that no later one has replaced, and of versions in force. What a ``frozen`` district sent
    after the bulletin is refused (P07) and holds nothing: it may be withdrawn no more than be taken."""
    questioned = [record.current for record in view.districts if record.questioned]
    for file in view.waiting(programme):
        if file not in questioned and file.district not in frozen:
            yield from (finding for finding in file.findings if finding.state == State.OPEN)
    for record in view.districts:
        yield from record.questioned
