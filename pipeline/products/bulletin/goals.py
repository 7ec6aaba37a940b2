"""全市目标: the city-wide goals beside what the form can say about them (wording.md 5.5)."""

from __future__ import annotations

from pipeline.products.bulletin.bulletin_words import BulletinWords, Notes
from pipeline.products.figures.neutral_table import Paper, Value
from pipeline.products.figures.progress import GoalLine, goals

TEXTS = (1, 6)
"""Columns of texts: the goal and its note."""
ROW = 36.0


def write(paper: Paper, words: BulletinWords) -> None:
    """Add the sheet, where the programme has city-wide goals."""
    city = words.programme.city_goals
    if city is None:
        return
    widths = words.raw("goals.widths")
    sheet = words.sheet(paper, "goals", widths, texts=TEXTS)
    words.heading(sheet, words.text("goals.title"))
    sheet.header(words.texts("goals.columns", goal_year=city.year, gain=words.broken_gain(widths[-2])), frozen_columns=2)
    lines = goals(words.programme, words.view)
    for number, line in enumerate(lines, 1):
        sheet.row([number, *_cells(words, line)], least=ROW)
    sheet.notes(_notes(words).plain())


def _cells(words: BulletinWords, line: GoalLine) -> list[Value]:
    value, change = (line.count.value, line.count.change) if line.count else (None, None)
    return [line.name, line.target, words.number(value), words.rate(line.completion), words.change(change), line.note]


def _notes(words: BulletinWords) -> Notes:
    table, notes = words.form, Notes(words)
    notes.note("goals.notes.split")
    if not table.complete:
        notes.note("goals.notes.absent", **words.districts(table.absent))
    if table.uncompared:
        notes.note("goals.notes.uncompared", **words.districts(table.uncompared))
    return notes
