"""Workbooks about more than one period, in the outbox itself: 总台账 and 年度考核."""

from __future__ import annotations

import datetime as dt
import functools
import shutil
import traceback
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.ledger.assessments import issued_view
from pipeline.ledger.issued import issues
from pipeline.ledger.period_view import period_view
from pipeline.ledger.publications import editions
from pipeline.ledger.registers import has_more_versions_than, ledger_time, registers
from pipeline.model.errors import SURROUNDINGS
from pipeline.model.words import Words
from pipeline.products import master_ledger
from pipeline.products.assessment import year_workbook
from pipeline.products.assessment.figures import Assessment, assess
from pipeline.products.making import Unmade
from pipeline.products.master_ledger.rows import MasterWords
from pipeline.workspace.known_around import completed
from pipeline.workspace.outbox import replace_folder, write_products
from pipeline.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pipeline.ledger.store import Ledger


def refresh_books(ledger: Ledger, workspace: Workspace, years: Iterable[int]) -> list[Unmade]:
    """Write again what changes with these years' periods: the assessments of those whose last bulletin is issued, and the master
    ledger while it is small. What could not be made is told, and the others are made."""
    with ledger.reading() as connection:
        large = has_more_versions_than(connection, workspace.settings.book.versions)
    books: list[tuple[str, Callable[[], object]]] = [
        (_assessment_name(workspace, year), functools.partial(_refresh_assessment, ledger, workspace, year))
        for year in sorted(years)
    ]
    if not large:
        name = str(Words(workspace.programme, "master_ledger").raw("file"))
        books.append((name, functools.partial(write_master_ledger, ledger, workspace)))
    unmade: list[Unmade] = []
    for name, write in books:
        try:
            write()
        except SURROUNDINGS:
            raise
        except Exception:
            unmade.append((name, traceback.format_exc()))
    return unmade


def _refresh_assessment(ledger: Ledger, workspace: Workspace, year: int) -> None:
    with ledger.reading() as connection:
        assessment = assessment_of(connection, workspace, year)
    if assessment:
        write_assessment(workspace, assessment)


def write_master_ledger(ledger: Ledger, workspace: Workspace) -> tuple[Path, ...]:
    """总台账.xlsx as the ledger stands, and what does not fit into it beside it; where it is. Nothing for an empty ledger."""
    programme = workspace.programme
    words = MasterWords(programme)
    folder = workspace.outbox / words.text("folder")
    with ledger.reading() as connection:
        time = ledger_time(connection)
        if time is None:
            return ()
        taken, rest = master_ledger.fitting(registers(connection, programme), workspace.settings.book.rows)
        files = master_ledger.older_files(programme, rest)
        older = next(files, None)
        if older:
            replace_folder(folder, chain([older], files))
    if not older and folder.is_dir():
        shutil.rmtree(folder)
    write_products(workspace.outbox, [(words.text("file"), master_ledger.render(programme, time, taken, whole=not older))])
    return (workspace.outbox / words.text("file"),)


def assess_year(workspace: Workspace, year: int) -> tuple[Assessment, Path] | None:
    """The year's assessment, and where its workbook is written; None while the bulletin of its last day is not issued."""
    with workspace.locked(), workspace.ledger_to_read() as ledger, ledger.reading() as connection:
        assessment = assessment_of(connection, workspace, year)
        return (assessment, write_assessment(workspace, assessment)) if assessment else None


def assessment_of(connection: Connection, workspace: Workspace, year: int) -> Assessment | None:
    """The year's assessment as the ledger stands; None while the bulletin of its last day is not issued."""
    every = issues(connection, dt.date(year, 12, 31))
    if not every:
        return None
    programme = workspace.programme
    own = [edition for edition in editions(connection) if edition.period and edition.period.year == year]
    periods = [completed(period_view(connection, edition, programme), workspace) for edition in own]
    return assess(programme, issued_view(connection, every[-1], programme), periods)


def write_assessment(workspace: Workspace, assessment: Assessment) -> Path:
    """年度考核_….xlsx in the outbox; where it is."""
    name = _assessment_name(workspace, assessment.issued.period.year)
    write_products(workspace.outbox, [(name, year_workbook.render(workspace.programme, assessment))])
    return workspace.outbox / name


def _assessment_name(workspace: Workspace, year: int) -> str:
    return Words(workspace.programme, "assessment").text("file", year=year)
