"""The texts of one internal workbook (a file of schemas/wording/), filled with the programme's terms and the period's labels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pipeline.model.labels import period_label, time_label
from pipeline.model.view import PeriodView
from pipeline.products.workbook.sheets import Book, Sheet
from pipeline.products.workbook.styles import BODY, TEXT, Column, Page
from schemas.programme import Programme


@dataclass(frozen=True)
class Texts:
    """Wording ``file`` for one period; KeyError when the programme's wording lacks a text."""

    programme: Programme
    view: PeriodView
    file: str
    known: dict[str, object] = field(init=False)

    def __post_init__(self) -> None:
        times = {
            "as_of_label": period_label(self.view.period, self.programme),
            "ledger_time": time_label(self.view.ledger_time, self.programme),
            "rules_version": self.view.rules_version,
            "year": self.view.period.year,
        }
        object.__setattr__(self, "known", {**self.programme.terms, **times})

    def raw(self, key: str) -> Any:
        """The text, list or table at a dotted key."""
        return self.programme.words(self.file, key)

    def text(self, key: str, /, **values: object) -> str:
        """The text at ``key``, filled."""
        return self.fill(str(self.raw(key)), **values)

    def texts(self, key: str, /, **values: object) -> list[str]:
        """The list of texts at ``key``, filled."""
        return [self.fill(text, **values) for text in self.raw(key)]

    def fill(self, text: str, /, **values: object) -> str:
        return text.format_map({**self.known, **values})

    def book(self) -> Book:
        """A workbook titled and signed by the wording, dated by the ledger."""
        return Book(self.text("title"), self.text("author"), self.view.ledger_time)

    def sheet(self, book: Book, section: str, columns: list[Column]) -> Sheet:
        """An internal sheet with the line of times under its heading."""
        sheet = self.page(book, section, columns)
        sheet.captions(self.text("data_time"), self.text("rules"))
        return sheet

    def page(self, book: Book, section: str, columns: list[Column]) -> Sheet:
        """An internal sheet: its heading, and 内部资料 on every page."""
        printed, own = self.programme.wording["sheets"], self.raw(section)
        orientation = own.get("orientation", "landscape")
        page = Page(orientation, (0.5, 0.5, 0.75, 0.7), header=printed["internal"], footer=printed["footer"])
        sheet = book.sheet(self.text(f"{section}.sheet"), columns, page)
        sheet.title(self.text(f"{section}.title"), self.fill(own.get("subtitle", "")))
        return sheet

    def table(self, book: Book, section: str) -> Sheet:
        """An internal sheet with the header, the widths and the left-aligned columns of its section."""
        heads, left = self.texts(f"{section}.columns"), self.raw(f"{section}.left")
        columns = [
            Column(width, TEXT if head in left else BODY)
            for head, width in zip(heads, self.raw(f"{section}.widths"), strict=True)
        ]
        sheet = self.sheet(book, section, columns)
        sheet.header(heads, frozen_columns=2)
        return sheet
