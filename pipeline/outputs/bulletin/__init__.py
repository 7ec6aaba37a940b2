"""通报表: the bulletin workbook of a period (wording.md 5), for everybody. Values only, no formulas."""

from __future__ import annotations

from pipeline.outputs.bulletin import annex2, goals, outcomes, progress, ranks, restated, trend
from pipeline.outputs.bulletin.words import Words
from pipeline.outputs.sheets import Book
from pipeline.view import PeriodView
from schemas.programme import Programme

SHEETS = (progress.write, ranks.write, outcomes.write, annex2.write, goals.write, trend.write, restated.write)
"""In the order of the workbook."""


def render(programme: Programme, view: PeriodView) -> bytes:
    """The workbook, the same bytes for the same view. Until the view is final, （送审稿） stands under every title."""
    words = Words(programme, view)
    with Book(words.text("progress.title"), words.text("author"), view.ledger_time) as book:
        for write in SHEETS:
            write(book, words)
    return book.content
