"""成效表: the other indicators, cumulative and since the previous bulletin (wording.md 5.3)."""

from __future__ import annotations

from pipeline.products.bulletin import remarks
from pipeline.products.bulletin.bulletin_words import BulletinWords, Notes
from pipeline.products.figures.counts import CountRow, CountTable
from pipeline.products.figures.neutral_table import Head, Paper, Sheet, Value
from pipeline.products.figures.progress import outcomes

ROW = 23.0
"""Points."""


def write(paper: Paper, words: BulletinWords) -> None:
    """Add the sheet."""
    table = outcomes(words.programme, words.view)
    width = words.table("outcomes.widths")
    pairs = [width["value"], width["gain"]] * len(table.indicators)
    sheet = words.sheet(paper, "outcomes", [width["serial"], width["region"], *pairs, width["remark"]])
    words.heading(sheet, words.text("outcomes.title"), words.text("outcomes.attachment"))
    _header(sheet, words, table)
    notes = _notes(words, table)
    stated = len(notes.texts)
    remarks.add_cuts(words, notes, "outcomes", table)
    remarks.add_restated(words, notes, "outcomes", table)
    for number, row in enumerate(table.rows, 1):
        remark = remarks.shown(words, _remarks(words, table, row), row.name, notes, "outcomes")
        sheet.row([number, row.name, *_counts(words, row), remark], least=ROW)
    sheet.row([table.city.name, "", *_counts(words, table.city), ""], bold=True, least=ROW, joined=2)
    sheet.notes(notes.numbered() if len(notes.texts) > stated else notes.plain())


def _header(sheet: Sheet, words: BulletinWords, table: CountTable) -> None:
    serial, region, remark = (Head(words.text(f"outcomes.{key}"), down=2) for key in ("serial", "region", "remark"))
    groups = [Head(words.text("outcomes.indicator", name=i.name, unit=i.unit), across=2) for i in table.indicators]
    pair = [words.text("outcomes.value"), words.broken_gain(words.raw("outcomes.widths.gain"))]
    sheet.header([serial, region, *groups, remark], pair * len(groups), frozen_columns=2)


def _counts(words: BulletinWords, row: CountRow) -> list[Value]:
    cells: list[Value] = []
    for count in row.counts:
        cells += [row.absent or words.number(count.value), words.change(count.change)]
    return cells


def _remarks(words: BulletinWords, table: CountTable, row: CountRow) -> list[str]:
    if row.absent:
        return [remarks.absent(words, row.absent)]
    cuts = [
        words.text("remarks.cut_of", indicator=indicator.short, count=-count.change, unit=indicator.unit)
        for indicator, count in zip(table.indicators, row.counts, strict=True)
        if count.change is not None and count.change < 0
    ]
    return cuts + remarks.marks(words, row.name, [indicator.id for indicator in table.indicators])


def _notes(words: BulletinWords, table: CountTable) -> Notes:
    notes = Notes(words)
    if words.view.previous:
        notes.note("outcomes.notes.previous")
    if not table.complete:
        notes.note("outcomes.notes.absent", **words.districts(table.absent))
    if table.uncompared:
        notes.note("outcomes.notes.uncompared", **words.districts(table.uncompared))
    return notes
