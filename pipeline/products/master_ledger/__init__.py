"""总台账: everything accepted and decided, as a workbook to filter and as CSV for the periods that do not fit. Internal."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, groupby

from pipeline.model import Register
from pipeline.model.view import PeriodView
from pipeline.products.master_ledger.rows import SHEETS, Cell, MasterWords
from pipeline.products.workbook.sheets import Book
from pipeline.products.workbook.styles import BODY, TEXT, Column
from pipeline.products.workbook.texts import WorkbookWords
from schemas.programme import Programme

CELL, CENTRED, LEFT = replace(BODY, size=10.5, wrap=False), replace(BODY, size=10.5), replace(TEXT, size=10.5)
ROW = 20.0
"""Points."""
FROZEN = 2
"""Columns that stay in sight: period and district."""
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula when it opens a CSV file."""


def fitting(registers: Iterator[Register], rows: int) -> tuple[list[Register], Iterator[Register]]:
    """Those that fit ``rows`` rows of the longest sheets, from the first on; and the rest, not yet read but for its first."""
    taken: list[Register] = []
    values = remarks = 0
    for register in registers:
        values += sum(len(version.values) for version in register.versions)
        remarks += sum(len(version.findings) for version in register.versions) + len(register.decisions)
        if max(values, remarks) > rows:
            return taken, chain([register], registers)
        taken.append(register)
    return taken, iter(())


def render(programme: Programme, time: dt.datetime, registers: Sequence[Register], *, whole: bool) -> bytes:
    """The workbook, the same bytes for the same registers. ``time`` is the ledger's last entry (UTC). Where the registers are not
    the ``whole`` ledger, the first sheet says so."""
    period = next((register.period for register in registers if register.period), time.date())
    texts = WorkbookWords(programme, PeriodView(period, time, programme.version, (), {}, {}, None, ()), "master_ledger")
    words = MasterWords(programme)
    with texts.book() as book:
        for section in SHEETS:
            first = section == next(iter(SHEETS))
            _sheet(book, texts, words, section, registers, _left_out(words, registers) if first and not whole else "")
    return book.content


def _left_out(words: MasterWords, registers: Sequence[Register]) -> str:
    periods = [register.period for register in registers if register.period]
    return words.text("older", first=words.period(min(periods))) if periods else words.text("all_older")


def _sheet(
    book: Book, texts: WorkbookWords, words: MasterWords, section: str, registers: Sequence[Register], left_out: str
) -> None:
    styles = {**dict.fromkeys(texts.raw("wrapped.left"), LEFT), **dict.fromkeys(texts.raw("wrapped.centred"), CENTRED)}
    heads = words.heads(section)
    columns = [Column(width, styles.get(head, CELL)) for head, width in heads]
    sheet = texts.sheet(book, section, columns)
    sheet.notes([left_out] if left_out else [])
    at = sheet.at
    sheet.header([head for head, _ in heads], frozen_columns=FROZEN)
    for register in registers:
        for row in SHEETS[section](words, register):
            sheet.row(row, least=ROW)
    sheet.raw.autofilter(at, 0, max(sheet.at - 1, at), len(columns) - 1)


def older_files(programme: Programme, registers: Iterable[Register]) -> Iterator[tuple[str, bytes]]:
    """CSV files of these registers, one for each sheet and year; UTF-8 with a mark, as WPS and Excel want it."""
    words = MasterWords(programme)
    for year, own in groupby(registers, key=lambda register: register.period.year if register.period else 0):
        every = list(own)
        for section, rows in SHEETS.items():
            stream = io.StringIO()
            writer = csv.writer(stream)
            writer.writerow([head for head, _ in words.heads(section)])
            writer.writerows([_plain(cell) for cell in row] for register in every for row in rows(words, register))
            name = words.text("older_file", sheet=words.text(f"{section}.sheet"), year=year or words.text("blank"))
            yield name, stream.getvalue().encode("utf-8-sig", "replace")


def _plain(cell: Cell) -> Cell:
    """A text stays a text: what looks like a formula gets an apostrophe in front."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS) else cell
