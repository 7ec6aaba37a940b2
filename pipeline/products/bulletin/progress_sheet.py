"""进度表: targets, completion, pace, gap, the year, change and rank of every district (wording.md 5.1)."""

from __future__ import annotations

from dataclasses import replace

from pipeline.products.bulletin import remarks
from pipeline.products.bulletin.bulletin_words import BulletinWords, Notes
from pipeline.products.figures.neutral_table import Head, Paper, Sheet, Value, Written
from pipeline.products.figures.progress import Line, ProgressTable, printed
from pipeline.products.workbook.styles import BODY, LAGGING_FILL

CUMULATIVE, ANNUAL = 6, 3
"""Columns under the two group heads."""
ROW = 20.0
"""Points; leaves room for the notes on a page."""


def write(paper: Paper, words: BulletinWords) -> None:
    """Add the sheet."""
    table = words.progress
    widths = words.raw("progress.widths")
    sheet = words.sheet(paper, "progress", widths)
    words.heading(sheet, words.text("progress.title"), words.text("progress.attachment"), words.text("unit_line"))
    _header(sheet, words, widths)
    notes = _notes(words, table)
    for number, line in enumerate(table.rows, 1):
        remark = remarks.shown(words, remarks.of_line(words, line), line.name, notes, "progress")
        fill = LAGGING_FILL if line.lagging else ""
        sheet.row([number, line.name, *_figures(words, line), remark], fill=fill, least=ROW)
    _city(sheet, words, table)
    sheet.notes(notes.numbered())


def _header(sheet: Sheet, words: BulletinWords, widths: list[float]) -> None:
    serial, region, cumulative, annual, _, place, remark = words.texts("progress.groups")
    gain = words.broken_gain(widths[-3])
    first = [Head(serial, down=2), Head(region, down=2), Head(cumulative, across=CUMULATIVE), Head(annual, across=ANNUAL)]
    sheet.header(
        [*first, *(Head(text, down=2) for text in (gain, place, remark))], words.texts("progress.columns"), frozen_columns=2
    )


def _figures(words: BulletinWords, line: Line) -> list[Value]:
    """The cells between 区域 and 备注; a district that did not report shows its state instead of a value, and no other number."""
    owed = None if line.absent else line.measure
    return [
        words.number(owed.target if owed else None),
        line.absent or words.number(line.value),
        words.rate(line.completion),
        words.rate(line.pace),
        words.points(line.gap_points),
        words.change(line.gap_units),
        words.number(owed.annual if owed else None),
        words.number(line.annual),
        words.rate(line.annual_completion),
        words.change(line.change),
        words.number(line.rank),
    ]


def _city(sheet: Sheet, words: BulletinWords, table: ProgressTable) -> None:
    remark = words.text("remarks.reported", count=table.reported)
    cells = [*_figures(words, table.city), Written(remark, replace(BODY, wrap=False))]
    sheet.row([table.city.name, "", *cells], bold=True, least=ROW, joined=2)


def _notes(words: BulletinWords, table: ProgressTable) -> Notes:
    """Notes in the order of wording.md; those of long remarks follow as the rows are written."""
    notes = Notes(words)
    first_year = table.year == words.programme.start.year
    notes.note("progress.notes.targets_first" if first_year else "progress.notes.targets")
    notes.note("progress.notes.rates", elapsed=f"{float(printed(table.elapsed)):.1%}")
    for key in ("gap", "ranks", "previous"):
        if key != "previous" or words.view.previous:
            notes.note(f"progress.notes.{key}")
    counted = table.counted
    absent = {
        "missing": counted.missing,
        "excused": counted.excused,
        "uncompared": counted.uncompared,
        "baseless": table.baseless,
    }
    for key, names in absent.items():
        if names:
            notes.note(f"progress.notes.{key}", **words.districts(names))
    remarks.add_cuts(words, notes, "progress", counted)
    remarks.add_restated(words, notes, "progress", counted)
    remarks.add_added(words, notes, "progress")
    if words.view.office.rank_groups and words.programme.rank_groups:
        notes.note("progress.notes.grouped", basis=words.programme.rank_groups.basis)
    return notes
