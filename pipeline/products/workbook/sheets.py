"""Workbooks written from top to bottom: a thin declarative layer over xlsxwriter, shared by every product that is a workbook.

    with Book(title, author, created) as book:
        sheet = book.sheet("进度表", [Column(5), Column(9), Column(12, TEXT)], Page(footer=…))
        sheet.title(title)
        sheet.captions("截至2024年6月底", "单位：家")
        sheet.header([Head("序号", down=2), Head("区域", down=2), Head("累计", across=3)], ["目标", "完成", "完成率"])
        sheet.row([1, "鹿城区", Written(0.717, RATE)], fill=LAGGING_FILL)
        sheet.notes(["注：…"])
    content = book.content

Texts are always written as texts: what looks like a formula, a number or a link stays what it is. The same calls give the same
bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import NamedTuple

from xlsxwriter.format import Format

from pipeline.products.workbook import styles as styles
from pipeline.products.workbook.showable import showable
from pipeline.products.workbook.styles import Column, Page, Style
from pipeline.products.workbook.writer import Workbook, Worksheet

TEXT_LIMIT = 32_000
"""A cell holds 32,767 characters; escapes make a text a little longer."""

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_format_properties": {"font_name": styles.DEFAULT_FONT, "font_size": styles.DEFAULT_SIZE, "font_scheme": "none"},
}


class Written(NamedTuple):
    """A value with a style of its own."""

    value: str | int | float | None
    style: Style


Value = str | int | float | None | Written


class Look(NamedTuple):
    """A style, the workbook's format for it, and the half-width columns that fit its line.

    ``of`` is the style before it was filled or emboldened: its id stands for it as long as it lives.
    """

    style: Style
    form: Format
    room: int
    of: Style


@dataclass(frozen=True, slots=True)
class Head:
    """A header cell that spans columns or rows."""

    text: str
    across: int = 1
    down: int = 1
    style: Style = styles.HEADER


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

    def sheet(self, name: str, columns: Sequence[Column], page: Page) -> Sheet:
        """A new sheet; ``columns`` give widths and the usual styles of the body."""
        return Sheet(self, self.raw.add_sheet(name), tuple(columns), page)

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


class Sheet:
    """A sheet filled from top to bottom. ``at`` is the next free row, counted from 0; ``raw`` is xlsxwriter's worksheet.

    ``width`` and ``height`` are in points: of all columns, and of the rows so far.
    """

    def __init__(self, book: Book, raw: Worksheet, columns: tuple[Column, ...], page: Page) -> None:
        self.book, self.raw, self.columns, self.page = book, raw, columns, page
        self.at, self.height = 0, 0.0
        self.width = sum(int(column.width * 7 + 5) for column in columns) / styles.PIXELS
        self._rooms: dict[tuple[int, float, int], int] = {}
        self._looks: dict[tuple[int, int, str, bool], Look] = {}
        self._usuals: dict[tuple[str, bool], list[Look]] = {}
        for width, places in itertools.groupby(range(len(columns)), key=lambda place: columns[place].width):
            first, *others = places
            raw.set_column(first, first + len(others), width)
        self._set_up(page)

    def _set_up(self, page: Page) -> None:
        if page.orientation == "landscape":
            self.raw.set_landscape()
        self.raw.set_paper(9)  # A4
        self.raw.fit_to_pages(1, 0)
        self.raw.center_horizontally()
        self.raw.set_margins(*page.margins)
        self.raw.hide_gridlines(2)
        font = f'&C&"{styles.FANG},Regular"&10'
        if page.header:
            self.raw.set_header(font + page.header)
        if page.footer:
            self.raw.set_footer(font + page.footer)

    def title(self, text: str, draft: str = "") -> None:
        """The sheet's heading over all columns; under it ``draft``（送审稿）where there is one."""
        self.band(text, styles.TITLE, least=38)
        if draft:
            self.band(draft, styles.DRAFT)

    def captions(self, left: str, right: str = "") -> None:
        """What stands over the table at its left and right ends."""
        self._put(self.at, 0, left, styles.LEFT_CAPTION)
        if right:
            self._put(self.at, len(self.columns) - 1, right, styles.RIGHT_CAPTION)
        self._end_row(22)

    def header(self, *rows: Sequence[str | Head], height: float = 0, frozen_columns: int = 0) -> None:
        """Header rows, repeated on every printed page and kept in sight (with ``frozen_columns`` at the left).

        Each row lists its own cells; places taken by a Head of a row above are skipped, as in an HTML table.
        """
        first, taken = self.at, set[tuple[int, int]]()
        for cells in rows:
            place, most = 0, 1
            for cell in (Head(cell) if isinstance(cell, str) else cell for cell in cells):
                while (self.at, place) in taken:
                    place += 1
                taken |= {(self.at + down, place + across) for down in range(cell.down) for across in range(cell.across)}
                self._head(place, cell)
                most = max(most, self._lines(cell.text, place, cell.style.size, cell.across) if cell.down == 1 else 1)
                place += cell.across
            self._end_row(max(styles.height_of(most, styles.HEADER.size), height, 24))
        self.raw.repeat_rows(first, self.at - 1)
        self.raw.freeze_panes(self.at, frozen_columns)

    def _head(self, place: int, cell: Head) -> None:
        if cell.across == cell.down == 1:
            return self._put(self.at, place, cell.text, cell.style)
        return self._merge(self.at, place, self.at + cell.down - 1, place + cell.across - 1, cell.text, cell.style)

    def row(self, values: Sequence[Value], *, fill: str = "", bold: bool = False, least: float = 24) -> None:
        """A row of the table, at least ``least`` points high, higher where texts wrap; ``fill`` and ``bold`` go over its styles.

        A text too long for the highest row a spreadsheet knows is cut, and ends with ….
        """
        needed = least
        cells: list[tuple[str | int | float | None, Format]] = []
        for place, (given, usual) in enumerate(zip(values, self._usual(fill, bold), strict=True)):
            value, look = given, usual
            if isinstance(given, Written):
                value, look = given.value, self._look(place, given.style, fill, bold)
            assert not isinstance(value, Written)
            if isinstance(value, str):
                if look.style.wrap:
                    value, height = styles.fitted(value, look.room, look.style.size)
                    needed = max(needed, height)
                value = showable(value, TEXT_LIMIT)
            cells.append((value, look.form))
        self.raw.put_row(self.at, cells)
        self._end_row(needed)

    def link(self, place: int, target: str) -> None:
        """The cell of the row written next leads to a file, relative to the workbook."""
        self.raw.put_link(self.at, place, target)

    def _usual(self, fill: str, bold: bool) -> list[Look]:
        """The columns' looks, with this fill and weight."""
        if (fill, bold) not in self._usuals:
            self._usuals[fill, bold] = [self._look(n, column.style, fill, bold) for n, column in enumerate(self.columns)]
        return self._usuals[fill, bold]

    def _look(self, place: int, style: Style, fill: str, bold: bool) -> Look:
        key = place, id(style), fill, bold
        known = self._looks.get(key)
        if known is None:
            worn = styles.variant(style, fill, bold)
            known = self._looks[key] = Look(worn, self.book.format(worn), self._room(place, worn.size), style)
        return known

    def band(self, text: str, style: Style, *, least: float = 20) -> None:
        """A text over all columns, with the height it needs."""
        last = len(self.columns) - 1
        if last:
            self._merge(self.at, 0, self.at, last, text, style)
        else:
            self._put(self.at, 0, text, style)
        self._end_row(max(styles.height_of(self._lines(text, 0, style.size, last + 1), style.size), least))

    def notes(self, texts: Iterable[str]) -> None:
        """Notes under the table, each over all columns."""
        for text in texts:
            self.band(text, styles.NOTE, least=18)

    def skip(self, height: float = 12) -> None:
        """An empty row."""
        self._end_row(height)

    def _end_row(self, height: float) -> None:
        self.raw.set_row(self.at, height)
        self.at += 1
        self.height += height

    @property
    def page_height(self) -> float:
        """Points of rows that a printed page holds, all columns side by side."""
        long, short = styles.A4
        wide, high = (long, short) if self.page.orientation == "landscape" else (short, long)
        left, right, top, bottom = (72 * margin for margin in self.page.margins)
        return (high - top - bottom) * max(1.0, self.width / (wide - left - right))

    def _room(self, place: int, size: float, across: int = 1) -> int:
        known = self._rooms.get((place, size, across))
        if known is None:
            width = sum(column.width + 5 / 7 for column in self.columns[place : place + across]) - 5 / 7
            known = self._rooms[place, size, across] = styles.capacity(width, size)
        return known

    def _lines(self, text: str, place: int, size: float, across: int = 1) -> int:
        return styles.lines_of(text, self._room(place, size, across))

    def _merge(self, top: int, left: int, bottom: int, right: int, text: str, style: Style) -> None:
        self.raw.merge_range(top, left, bottom, right, "", self.book.format(style))
        self._put(top, left, text, style)

    def _put(self, row: int, column: int, value: str, style: Style) -> None:
        self.raw.put(row, column, showable(value, TEXT_LIMIT), self.book.format(style))
