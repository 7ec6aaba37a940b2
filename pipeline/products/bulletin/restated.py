"""更正情况: what a restatement changed of the bulletin issued before it (wording.md 5.7)."""

from __future__ import annotations

from pipeline.model import Issue
from pipeline.model.labels import date_label
from pipeline.products.bulletin.bulletin_words import BulletinWords, Notes
from pipeline.products.figures.neutral_table import Paper, Value
from pipeline.products.figures.restatement import Change, Restatement, restatement
from pipeline.products.workbook.styles import BODY

TEXTS = (6,)
"""Left-aligned columns: the reason."""
ROW = 28.0
"""Points."""


def write(paper: Paper, words: BulletinWords) -> None:
    """Add the sheet, where a bulletin of the period was or is being restated."""
    found = restatement(words.programme, words.view)
    if found is None:
        return
    sheet = words.sheet(paper, "restated", words.raw("restated.widths"), texts=TEXTS)
    words.titled(sheet, words.text("restated.title"), words.text("restated.attachment"))
    sheet.skip()
    sheet.header(words.texts("restated.columns"), frozen_columns=2)
    for number, change in enumerate(found.changes, 1):
        sheet.row([number, *_cells(words, found, change)], least=ROW)
    if not found.changes:
        sheet.band(words.text("restated.none"), BODY, least=ROW)
    sheet.notes(_notes(words, found).plain())


def _cells(words: BulletinWords, found: Restatement, change: Change) -> list[Value]:
    indicator = change.indicator
    return [
        change.district,
        words.text("restated.indicator", name=indicator.name, unit=indicator.unit),
        change.old_state if change.old is None else words.number(change.old),
        change.new_state if change.new is None else words.number(change.new),
        words.change(change.difference),
        change.reason or words.text("blank"),
        _place(words, found, change.district) if indicator.id == words.programme.headline else words.text("blank"),
    ]


def _place(words: BulletinWords, found: Restatement, district: str) -> str:
    """What became of the district's rank, which only the headline indicator decides."""
    before, after = found.before.get(district), found.after.get(district)
    if after is None:
        return words.text("blank")
    if before is None:
        return words.text("restated.place_new", after=after)
    return words.text("restated.place_same" if before == after else "restated.place_changed", before=before, after=after)


def _notes(words: BulletinWords, found: Restatement) -> Notes:
    """What is restated, and the districts that others' values moved to another place."""
    notes = Notes(words)
    _add_source(words, notes, found.corrected)
    own = {change.district for change in found.changes if change.indicator.id == words.programme.headline}
    moved = [
        words.text("restated.moved", district=name, before=found.before[name], after=found.after[name])
        for name in found.moved
        if name not in own
    ]
    if moved:
        notes.note("restated.notes.moved", moved=words.enumerated(moved))
    return notes


def _add_source(words: BulletinWords, notes: Notes, corrected: Issue) -> None:
    """Which bulletin is corrected: by 文号 and date of 印发, as far as they are registered."""
    imprint = corrected.imprint
    number = imprint.number.strip() if imprint else ""
    date = date_label(imprint.date, words.programme) if imprint and imprint.date else ""
    key = {(True, True): "source", (True, False): "source_number", (False, True): "source_date"}.get((bool(number), bool(date)))
    notes.note(f"restated.notes.{key or 'source_unregistered'}", number=number, issue_date=date)
