"""Ledgers made by real runs of the sample returns, edited by hand, and what the gate says of them."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import re
import shutil
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import text

from pipeline.issue.gate.acceptance import accept
from pipeline.issue.gate.read_again import held, read_bulletin, reread
from pipeline.issue.gate.task import GateTask
from pipeline.ledger.period_view import period_view
from pipeline.ledger.publications import edition_of
from pipeline.model import Acceptance, AcceptanceCheck
from pipeline.products import bulletin
from pipeline.workspace.workspace import Workspace
from tests.support.samples import RETURNS
from tests.support.workspaces import run_now, workspace_at

JUNE = dt.date(2024, 6, 30)
AT = dt.datetime(2024, 7, 8, 1, 30, tzinfo=dt.UTC)


def office_of(folder: Path, *periods: str) -> Workspace:
    """A workspace whose ledger holds the sample returns of these periods."""
    office = workspace_at(folder)
    for period in periods:
        for file in sorted((RETURNS / period).iterdir()):
            shutil.copy(file, office.inbox / file.name)
        run_now(office)
    return office


def edit(office: Workspace, *statements: str) -> None:
    """The ledger edited by hand: its file where it is one, else its server."""
    file = office.root / "ledger" / "ledger.db"
    if not file.exists():
        with office.ledger() as ledger, ledger.writing() as server:
            for statement in statements:
                server.execute(text(statement))
        return
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def task_of(office: Workspace, period: dt.date = JUNE, **changes: Any) -> GateTask:
    """The period as it stands now: every district owes a return, the bulletin is what would be issued."""
    programme = office.programme
    with office.ledger() as ledger:
        with ledger.reading() as connection:
            edition = edition_of(connection, period)
            assert edition is not None
            view = period_view(connection, edition, programme)
        originals = [value for file in held(view) for value in reread(file, ledger.originals, programme)]
    task = GateTask(
        programme,
        period,
        AT,
        programme.district_names,
        previous=view.previous,
        originals=tuple(originals),
        bulletin=read_bulletin(bulletin.render(programme, view), programme),
    )
    return dataclasses.replace(task, **changes)


def judged(office: Workspace, task: GateTask | None = None) -> Acceptance:
    with office.ledger() as ledger:
        return accept(ledger.engine, task or task_of(office), office.root / "docs")


def by_item(acceptance: Acceptance) -> dict[str, AcceptanceCheck]:
    return {check.item: check for check in acceptance.checks}


def failing(acceptance: Acceptance) -> dict[str, str]:
    """item → rule of every line that is not met."""
    return {check.item: check.rule for check in acceptance.checks if check.result != "met"}


PLACES = re.compile(r"""(?:src|href|action|data|poster|srcset)\s*=\s*["']([^"']*)|url\(([^)]*)|@import\s+(\S+)""", re.IGNORECASE)
"""Where a page names something to be fetched or gone to."""


def addresses(page: str) -> set[str]:
    return {"".join(found) for found in PLACES.findall(page)}
