"""Workbooks of tables (figures/neutral_table.py): a thin layer over xlsxwriter, shared by every product that is a workbook.

    with Book(title, author, created) as book:
        sheet = book.sheet("进度表", [Column(5), Column(9), Column(12, TEXT)], Page(footer=…))
        …
    content = book.content

Texts are always written as texts: what looks like a formula, a number or a link stays what it is. The same calls give the same
bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
from collections.abc import Sequence
from types import TracebackType

from xlsxwriter.format import Format

from pipeline.products.figures.neutral_table import Cell, Plain, Sheet
from pipeline.products.workbook import styles as styles
from pipeline.products.workbook.styles import Column, Page, Style
from pipeline.products.workbook.writer import Workbook, Worksheet

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_format_properties": {"font_name": styles.DEFAULT_FONT, "font_size": styles.DEFAULT_SIZE, "font_scheme": "none"},
}


class Book:
    """A workbook in memory; ``content`` holds its bytes once the ``with`` block is left. ``created`` is UTC, from the ledger."""

    def __init__(self, title: str, author: str, created: dt.datetime) -> None:
        self._stream = io.BytesIO()
        self._formats: dict[Style, Format] = {}
        self._seen: dict[int, tuple[Style, Format]] = {}
        self.raw = Workbook(self._stream, _OPTIONS)
        self.raw.set_properties({"title": title, "author": author, "created": created.replace(tzinfo=None)})
        self.content = b""

    def __enter__(self) -> Book:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self.raw.close()
            self.content = self._stream.getvalue()

    def sheet(self, name: str, columns: Sequence[Column], page: Page) -> BookSheet:
        """A new sheet; ``columns`` give widths and the usual styles of the body."""
        return BookSheet(self, self.raw.add_sheet(name), columns, page)

    def protect(self) -> None:
        """Without a password: sheets are neither added nor removed nor renamed."""
        self.raw.protected = True

    def format(self, style: Style) -> Format:
        """The workbook's format for a style, made once."""
        seen = self._seen.get(id(style))
        if seen is None:  # the style is kept too: an id is only good as long as its object lives
            if style not in self._formats:
                self._formats[style] = self.raw.add_format(style.properties())
            seen = self._seen[id(style)] = style, self._formats[style]
        return seen[1]


class BookSheet(Sheet):
    """A sheet whose lines are written away one by one; ``raw`` is xlsxwriter's worksheet."""

    def __init__(self, book: Book, raw: Worksheet, columns: Sequence[Column], page: Page) -> None:
        super().__init__(columns, page)
        self.book, self.raw = book, raw
        for width, places in itertools.groupby(range(len(columns)), key=lambda place: columns[place].width):
            first, *others = places
            raw.set_column(first, first + len(others), width)
        self._set_up(page)

    def _set_up(self, page: Page) -> None:
        if page.orientation == "landscape":
            self.raw.set_landscape()
        self.raw.set_paper(9)  # A4
        self.raw.fit_to_pages(1, 1 if page.alone else 0)
        self.raw.center_horizontally()
        self.raw.set_margins(*page.margins)
        self.raw.hide_gridlines(2)
        font = f'&C&"{styles.FANG},Regular"&10'
        if page.header:
            self.raw.set_header(font + page.header)
        if page.footer:
            self.raw.set_footer(font + page.footer)

    def link(self, place: int, target: str) -> None:
        """The cell of the row written next leads to a file, relative to the workbook."""
        self.raw.put_link(self.at, place, target)

    def _put(self, cell: Cell) -> None:
        form = self.book.format(cell.style)
        if cell.across > 1 or cell.down > 1:
            self.raw.merge_range(self.at, cell.place, self.at + cell.down - 1, cell.place + cell.across - 1, "", form)
        self.raw.put(self.at, cell.place, cell.value, form)

    def _put_row(self, cells: Sequence[tuple[Plain, Style]], joined: int) -> None:
        form = self.book.format
        self.raw.put_row(self.at, [(value, form(style)) for value, style in cells])
        if joined > 1:
            value, style = cells[0]
            self.raw.merge_range(self.at, 0, self.at, joined - 1, value, form(style))

    def _end(self, height: float) -> None:
        self.raw.set_row(self.at, height)

    def _repeat(self, lines: range, frozen_columns: int) -> None:
        self.raw.repeat_rows(lines.start, lines.stop - 1)
        self.raw.freeze_panes(lines.stop, frozen_columns)
