"""The texts of one internal workbook (a file of schemas/wording/), filled with the programme's terms and the period's labels."""

from __future__ import annotations

from pipeline.model.labels import period_label, time_label
from pipeline.model.view import PeriodView
from pipeline.model.words import Words
from pipeline.products.workbook.sheets import Book, BookSheet
from pipeline.products.workbook.styles import BODY, TEXT, Column, Page
from schemas.programme import Programme


class WorkbookWords(Words):
    """Wording ``file`` for one period."""

    def __init__(self, programme: Programme, view: PeriodView, file: str) -> None:
        super().__init__(
            programme,
            file,
            as_of_label=period_label(view.period, programme),
            ledger_time=time_label(view.ledger_time, programme),
            rules_version=view.rules_version,
            year=view.period.year,
        )
        self.programme, self.view = programme, view

    def book(self) -> Book:
        """A workbook titled and signed by the wording, dated by the ledger."""
        return Book(self.text("title"), self.text("author"), self.view.ledger_time)

    def sheet(self, book: Book, section: str, columns: list[Column]) -> BookSheet:
        """An internal sheet with the line of times under its heading."""
        sheet = self.page(book, section, columns)
        sheet.captions(self.text("data_time"), self.text("rules"))
        return sheet

    def page(self, book: Book, section: str, columns: list[Column]) -> BookSheet:
        """An internal sheet: its heading, and 内部资料 on every page."""
        printed, own = Words(self.programme, "sheets"), self.table(section)
        orientation = own.get("orientation", "landscape")
        page = Page(orientation, (0.5, 0.5, 0.75, 0.7), header=printed.text("internal"), footer=printed.raw("footer"))
        sheet = book.sheet(self.text(f"{section}.sheet"), columns, page)
        sheet.title(self.text(f"{section}.title"), self.fill(own.get("subtitle", "")))
        return sheet

    def headed_sheet(self, book: Book, section: str) -> BookSheet:
        """An internal sheet with the header, the widths and the left-aligned columns of its section."""
        heads, left = self.texts(f"{section}.columns"), self.raw(f"{section}.left")
        columns = [
            Column(width, TEXT if head in left else BODY)
            for head, width in zip(heads, self.raw(f"{section}.widths"), strict=True)
        ]
        sheet = self.sheet(book, section, columns)
        sheet.header(heads, frozen_columns=2)
        return sheet
