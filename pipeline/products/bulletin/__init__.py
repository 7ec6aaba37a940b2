"""通报表: the bulletin workbook of a period (wording.md 5), for everybody. Values only, no formulas."""

from __future__ import annotations

from pipeline.model.view import PeriodView
from pipeline.products.bulletin import annex2, goals, outcomes, ranks, restated
from pipeline.products.bulletin import progress_sheet as progress
from pipeline.products.bulletin import trend_sheet as trend
from pipeline.products.bulletin.bulletin_words import BulletinWords
from pipeline.products.workbook.sheets import Book
from schemas.programme import Programme

SHEETS = (progress.write, ranks.write, outcomes.write, annex2.write, goals.write, trend.write, restated.write)
"""In the order of the workbook."""


def render(programme: Programme, view: PeriodView) -> bytes:
    """The workbook, the same bytes for the same view. Until the view is final, （送审稿） stands under every title."""
    words = BulletinWords(programme, view)
    with Book(words.text("progress.title"), words.text("author"), view.ledger_time) as book:
        for write in SHEETS:
            write(book, words)
    return book.content
