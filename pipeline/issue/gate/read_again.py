"""Evidence for the gate that is not in the ledger: values read again from their originals, the staged bulletin read back.

Files may be hostile: ``reread`` and ``read_bulletin`` are tasks for worker processes.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from pipeline.issue.gate.task import Flaw, Held, Reread, Shown
from pipeline.model import Entry, Table
from pipeline.model.catalogue import place_name
from pipeline.model.view import PeriodView
from pipeline.model.words import Words
from pipeline.reading.read import read_submission
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
        yield from (*row.entries, *row.beside)


@dataclass(frozen=True)
class Part:
    """A sheet of the bulletin that shows values: how its last row is named, and how each indicator's column is headed."""

    sheet: str
    total: str
    heads: Mapping[str, str]


def parts(programme: Programme) -> tuple[Part, ...]:
    """进度表, 附件2 and 成效表 (wording.md 5)."""
    words, terms = Words(programme, "bulletin"), programme.terms
    heads = {
        section: {each.id: words.text(f"{section}.indicator", name=each.name, unit=each.unit) for each in programme.indicators}
        for section in ("form", "outcomes")
    }
    del heads["outcomes"][programme.headline]
    return (
        Part(words.text("progress.sheet"), terms["city"], {programme.headline: words.raw("progress.columns")[1]}),
        Part(terms["form"], terms["total"], heads["form"]),
        Part(words.text("outcomes.sheet"), terms["city"], heads["outcomes"]),
    )


def read_bulletin(content: bytes, programme: Programme) -> tuple[Shown, ...]:
    """Every value of a bulletin workbook as an independent reader sees it: each district and the total of each part. What is not
    found where it should be is shown as "".
    """
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except CalamineError:
        sheets = {}
    return tuple(
        shown
        for part in parts(programme)
        for shown in _shown(part, [[_text(value) for value in row] for row in sheets.get(part.sheet, [])], programme)
    )


def _shown(part: Part, rows: list[list[str]], programme: Programme) -> Iterator[Shown]:
    columns = {indicator: _column(rows, _plain(head)) for indicator, head in part.heads.items()}
    for name in (*programme.district_names, part.total):
        row = next((row for row in rows if name in row[:2]), [])
        for indicator, column in columns.items():
            text = row[column] if column is not None and column < len(row) else ""
            yield Shown(part.sheet, "" if name == part.total else name, indicator, text)


def _column(rows: list[list[str]], head: str) -> int | None:
    """Where a column is headed so; of several columns under one header the first."""
    return next((column for row in rows for column, text in enumerate(row) if _plain(text) == head), None)


def _plain(text: str) -> str:
    return "".join(text.split())


def _text(value: Any) -> str:
    """As printed: 20.0 is "20"."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
