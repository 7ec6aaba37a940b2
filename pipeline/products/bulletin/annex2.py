"""附件2: the form itself, filled, with one region column under a diagonal header (wording.md 5.4)."""

from __future__ import annotations

from pipeline.products.bulletin.bulletin_words import BulletinWords, Notes
from pipeline.products.figures.counts import CountRow
from pipeline.products.figures.neutral_table import Head, Paper, Value
from pipeline.products.workbook.styles import CORNER, corner_text

HEADER_HEIGHT = 58.0
ROW = 25.0
"""Points."""


def write(paper: Paper, words: BulletinWords) -> None:
    """Add the sheet, named after the form."""
    table, programme = words.form, words.programme
    width = words.table("form.widths")
    widths = [width["region"], *([width["value"]] * len(table.indicators))]
    sheet = words.sheet(paper, "form", widths, name=programme.terms["form"])
    words.heading(sheet, programme.terms["form_title"], programme.terms["form"])
    corner = corner_text(programme.form.label_headers[0], programme.form.region_headers[0], width["region"])
    heads = [Head(words.text("form.indicator", name=each.name, unit=each.unit)) for each in table.indicators]
    sheet.header([Head(corner, style=CORNER), *heads], height=HEADER_HEIGHT, frozen_columns=1)
    for row in table.rows:
        sheet.row([row.name, *_counts(words, row)], least=ROW)
    sheet.row([programme.terms["total"], *_counts(words, table.city)], bold=True, least=ROW)
    notes = Notes(words)
    if not table.complete:
        notes.note("form.notes.absent", **words.districts(table.absent))
    sheet.notes(notes.plain())


def _counts(words: BulletinWords, row: CountRow) -> list[Value]:
    return [row.absent or words.number(count.value) for count in row.counts]
