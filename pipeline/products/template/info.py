"""填报信息 of a template: who fills it in, for which district and period, and what kind of return it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pipeline.products.figures.neutral_table import Written
from pipeline.products.template.template_words import FILLED_IN, TemplateWords
from pipeline.products.workbook.sheets import Book, BookSheet
from pipeline.products.workbook.styles import HEI, TEXT
from pipeline.products.workbook.writer import WriteRefused

NAME = replace(TEXT, font=HEI)
ROW = 30.0


def write(book: Book, words: TemplateWords) -> None:
    """Add the sheet; the content of its fields stands in the second column, in the rows that ``Words.content_rows`` says."""
    widths, heads = words.table("info.widths"), words.table("info.columns")
    sheet = words.sheet(book, words.raw("info.sheet"), list(widths.values()), orientation="portrait")
    sheet.title(words.raw("info.sheet"))
    sheet.header([heads[part] for part in widths])
    for field in words.raw("info.fields"):
        _field(sheet, words, field)


def _field(sheet: BookSheet, words: TemplateWords, field: dict[str, Any]) -> None:
    at = sheet.at
    style = TEXT if field.get("locked") else FILLED_IN
    content = words.content_of(field["id"])
    sheet.row(
        [Written(field["name"], NAME), Written(content, style), Written(words.fill(field.get("hint", "")), TEXT)], least=ROW
    )
    if choices := field.get("choices"):
        choice = {"validate": "list", "source": choices}
        if sheet.raw.data_validation(at, 1, at, 1, choice):
            raise WriteRefused(f"{at} choices")
