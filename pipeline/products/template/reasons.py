"""情况说明 of a template: lines that explain in advance what the checks will ask."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.products.figures.neutral_table import Written
from pipeline.products.template.template_words import CHOSEN, FILLED_IN, TemplateWords
from pipeline.products.workbook.sheets import Book, BookSheet
from pipeline.products.workbook.writer import WriteRefused

ROW = 36.0


def write(book: Book, words: TemplateWords) -> None:
    """Add the sheet with its blank lines."""
    widths, heads = words.table("reasons.widths"), words.table("reasons.columns")
    sheet = words.sheet(book, words.raw("reasons.sheet"), list(widths.values()))
    sheet.title(words.raw("reasons.title"))
    sheet.header([heads[part] for part in widths])
    first = sheet.at
    for number in range(1, words.raw("reasons.lines") + 1):
        sheet.row([number, *[Written(None, CHOSEN)] * 3, Written(None, FILLED_IN)], least=ROW)
    indicators = [*(indicator.name for indicator in words.programme.indicators), words.text("reasons.whole")]
    _choices(sheet, first, 1, indicators)
    _choices(sheet, first, 2, [matter.name for matter in words.programme.matters])


def _choices(sheet: BookSheet, first: int, column: int, names: Sequence[str]) -> None:
    if sheet.raw.data_validation(first, column, sheet.at - 1, column, {"validate": "list", "source": list(names)}):
        raise WriteRefused(f"{column} choices")
