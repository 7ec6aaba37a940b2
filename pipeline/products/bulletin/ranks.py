"""位次表: the districts by rank, with the ranks of the previous bulletin (wording.md 5.2)."""

from __future__ import annotations

from dataclasses import replace

from pipeline.products.bulletin import remarks
from pipeline.products.bulletin.bulletin_words import BulletinWords
from pipeline.products.figures.neutral_table import Paper, Value
from pipeline.products.figures.progress import RankLine, ranks
from pipeline.products.workbook.styles import HEADER, LAGGING_FILL

ROW = 26.0
"""Points."""
GROUP = replace(HEADER, align="left")
"""Over the districts of a group, where they are ranked in groups."""


def write(paper: Paper, words: BulletinWords) -> None:
    """Add the sheet."""
    sheet = words.sheet(paper, "ranks", words.raw("ranks.widths"))
    words.heading(sheet, words.text("ranks.title"))
    sheet.header(words.texts("ranks.columns"), frozen_columns=2)
    for group, rows in ranks(words.programme, words.view, words.progress.rows).items():
        if group:
            sheet.band(group, GROUP, least=ROW)
        for row in rows:
            sheet.row(_cells(words, row), fill=LAGGING_FILL if row.line.lagging else "", least=ROW)


def _cells(words: BulletinWords, row: RankLine) -> list[Value]:
    line = row.line
    owed = None if line.absent else line.measure
    return [
        words.number(line.rank),
        line.name,
        words.number(owed.target if owed else None),
        line.absent or words.number(line.value),
        words.rate(line.completion),
        words.points(line.gap_points),
        words.rate(line.annual_completion),
        words.number(line.annual_rank),
        words.number(row.previous),
        _rise(words, row.rise),
        remarks.joined(words, remarks.of_line(words, line)),
    ]


def _rise(words: BulletinWords, rise: int | None) -> str:
    if rise is None:
        return words.text("blank")
    if rise == 0:
        return words.text("ranks_same")
    return words.text("ranks_up" if rise > 0 else "ranks_down", count=abs(rise))
