"""报表模板: the form for one district and period, blank, checked and protected in the sheet (wording.md 9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from pipeline.model.view import Office
from pipeline.products.template import form_page as form
from pipeline.products.template import info, notes, reasons
from pipeline.products.template.template_words import TemplateWords
from pipeline.products.workbook.sheets import Book
from schemas.programme import Programme

SHEETS = (form.write, info.write, reasons.write, notes.write)
"""In the order of the workbook."""


def render(
    programme: Programme,
    district: str,
    period: dt.date,
    previous: tuple[dt.date, Mapping[str, int]] | None,
    office: Office,
    deadline: dt.date | None,
) -> bytes:
    """The workbook, the same bytes for the same arguments.

    ``previous`` is the district's last accepted period with its values by indicator; ``deadline`` the last day for the return.
    """
    words = TemplateWords(programme, district, period, previous, office, deadline)
    with Book(words.text("title"), programme.terms["office"], dt.datetime.combine(period, dt.time(), dt.UTC)) as book:
        for write in SHEETS:
            write(book, words)
        book.protect()
    return book.content
