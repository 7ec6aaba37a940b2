"""Evidence for the gate that is not in the ledger: values read again from their originals, the staged bulletin read back.

Files may be hostile: ``reread`` and ``read_bulletin`` are tasks for worker processes.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from pipeline.findings import place_name
from pipeline.gate.task import Flaw, Held, Reread, Shown
from pipeline.intake.read import read_submission
from pipeline.model import Entry, Table
from pipeline.view import PeriodView
from schemas.programme import Programme


def held(view: PeriodView) -> tuple[Held, ...]:
    """The files whose values are in force, with the cell of every value: as the ledger has it, else as it was judged."""
    return tuple(file for record in view.districts if (file := _held(view, record.district)))


def _held(view: PeriodView, district: str) -> Held | None:
    sources = {indicator: source for (name, indicator), source in view.values.items() if name == district}
    current = next((record.current for record in view.districts if record.district == district), None)
    judged = {i: cell for i, cell in current.cells.items() if current.values.get(i) is not None} if current else {}
    cells = judged | {indicator: source.cell for indicator, source in sources.items()}
    if sources:
        source = next(iter(sources.values()))
        return Held(district, source.sha256, source.file, source.sheet, cells)
    return Held(district, current.sha256, current.file, current.sheet or "", cells) if current else None


def reread(file: Held, originals: Path, programme: Programme) -> tuple[Reread, ...]:
    """Every value of the file read again from its original, one for each of its cells."""
    try:
        content = (originals / file.sha256).read_bytes()
    except OSError:
        return unread(file, Flaw.MISSING)
    if hashlib.sha256(content).hexdigest() != file.sha256:
        return unread(file, Flaw.ALTERED)
    tables = read_submission(file.file, content, programme).tables
    return tuple(_reread(file, indicator, cell, tables, programme) for indicator, cell in file.cells.items())


def unread(file: Held, flaw: Flaw | None = None) -> tuple[Reread, ...]:
    """The file's values without anything read: its original is flawed, or its reader was killed by it."""
    return tuple(Reread(file.district, indicator, file.sha256, flaw, None, cell) for indicator, cell in file.cells.items())


def _reread(file: Held, indicator: str, cell: str, tables: Sequence[Table], programme: Programme) -> Reread:
    for table in tables:
        for entry in _entries(table):
            if table.sheet == file.sheet and (entry.indicator, entry.cell) == (indicator, cell):
                shown = place_name(programme, entry.row, entry.column, addressed=table.addressed)
                return Reread(file.district, indicator, file.sha256, None, entry.value, shown)
    return Reread(file.district, indicator, file.sha256, None, None, cell)


def _entries(table: Table) -> Iterator[Entry]:
    for row in table.rows:
        yield from row.entries


def read_bulletin(content: bytes, programme: Programme) -> tuple[Shown, ...]:
    """Every value of a bulletin workbook (wording.md 5) as an independent reader sees it: each district and the total of
    进度表, 成效表 and 附件2. What is not found where it should be is shown as "".
    """
    words, terms = programme.wording["bulletin"], programme.terms
    others = [indicator for indicator in programme.indicator_ids if indicator != programme.headline]
    done = words["progress"]["columns"][1]
    names = {indicator: programme.indicator(indicator).name for indicator in programme.indicator_ids}
    sheets = (
        (words["progress"]["sheet"], terms["city"], {programme.headline: done}),
        (terms["form"], terms["total"], names),
        (words["outcomes"]["sheet"], terms["city"], {indicator: names[indicator] for indicator in others}),
    )
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        there = set(book.sheet_names)
    except CalamineError:
        book, there = None, set()
    found: list[Shown] = []
    for sheet, total, heads in sheets:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False) if book and sheet in there else []
        found += _shown(sheet, [[_text(value) for value in row] for row in rows], total, heads, programme)
    return tuple(found)


def _shown(sheet: str, rows: list[list[str]], total: str, heads: dict[str, str], programme: Programme) -> Iterator[Shown]:
    columns = {indicator: _column(rows, _plain(head)) for indicator, head in heads.items()}
    for name in (*programme.district_names, total):
        row = next((row for row in rows if name in row[:2]), [])
        for indicator, column in columns.items():
            text = row[column] if column is not None and column < len(row) else ""
            yield Shown(sheet, "" if name == total else name, indicator, text)


def _column(rows: list[list[str]], head: str) -> int | None:
    """Where a header begins with these words; of several columns under one header the first."""
    return next((column for row in rows for column, text in enumerate(row) if _plain(text).startswith(head)), None)


def _plain(text: str) -> str:
    return "".join(text.split())


def _text(value: Any) -> str:
    """As printed: 20.0 is "20"."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
