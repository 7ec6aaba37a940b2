"""What was frozen with an issue put in its place in the outbox, byte for byte."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.ledger.freezing import frozen, frozen_products
from pipeline.model.work import Made
from pipeline.workspace.outbox import issue_folder, replace_folder
from pipeline.workspace.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.ledger.store import Ledger


def restore_issues(
    ledger: Ledger, workspace: Workspace, period: dt.date | None = None, number: int | None = None
) -> tuple[Path, ...]:
    """Every issue asked for, back in its folder byte for byte."""
    with ledger.reading() as connection:
        return tuple(
            put(workspace, day, issue, list(frozen_products(connection, day, issue)))
            for day, issue in frozen(connection, period, number)
        )


def finish_issues(ledger: Ledger, workspace: Workspace) -> None:
    """Put in place what an interrupted run had frozen and not written."""
    with ledger.reading() as connection:
        for day, number in frozen(connection):
            if not issue_folder(workspace.outbox, day, number, workspace.programme).is_dir():
                put(workspace, day, number, list(frozen_products(connection, day, number)))


def put(workspace: Workspace, period: dt.date, number: int, products: Sequence[Made]) -> Path:
    """What was frozen with an issue in its folder, whole or not at all; where that is."""
    return replace_folder(issue_folder(workspace.outbox, period, number, workspace.programme), products)
