"""Tables between figures and paper: filled from top to bottom, whatever they are put on.

    sheet = pages.sheet("进度表", [Column(5), Column(9), Column(12, TEXT)], Page(footer=…))
    sheet.title(title)
    sheet.captions("截至2024年6月底", "单位：家")
    sheet.header([Head("序号", down=2), Head("区域", down=2), Head("累计", across=3)], ["目标", "完成", "完成率"])
    sheet.row([1, "鹿城区", Written(0.717, RATE)], fill=LAGGING_FILL)
    sheet.notes(["注：…"])

A ``Sheet`` keeps its lines; that of a workbook (workbook/sheets.py) writes each away at once. What a text needs of room is worked
out here, so that a row is as high on every paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from pipeline.products.workbook import styles
from pipeline.products.workbook.showable import showable
from pipeline.products.workbook.styles import Column, Page, Style

TEXT_LIMIT = 32_000
"""A cell holds 32,767 characters; escapes make a text a little longer."""

Plain = str | int | float | None


class Written(NamedTuple):
    """A value with a style of its own."""

    value: Plain
    style: Style


Value = Plain | Written


class Look(NamedTuple):
    """A style, and the half-width columns that fit its line.

    ``of`` is the style before it was filled or emboldened: its id stands for it as long as it lives.
    """

    style: Style
    room: int
    of: Style


@dataclass(frozen=True, slots=True)
class Head:
    """A header cell that spans columns or rows."""

    text: str
    across: int = 1
    down: int = 1
    style: Style = styles.HEADER


class Cell(NamedTuple):
    """What stands in a line from column ``place`` on, counted from 0, over so many columns and lines."""

    place: int
    value: Plain
    style: Style
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """A row, a title or a note; ``height`` in points."""

    cells: Sequence[Cell]
    height: float


class Paper(Protocol):
    """What tables are put on."""

    def sheet(self, name: str, columns: Sequence[Column], page: Page) -> Sheet: ...


@dataclass
class Pages:
    """Tables kept as they are."""

    sheets: list[Sheet] = field(default_factory=list)

    def sheet(self, name: str, columns: Sequence[Column], page: Page) -> Sheet:
        self.sheets.append(Sheet(columns, page))
        return self.sheets[-1]


class Sheet:
    """A table with what stands over and under it. ``at`` is the next free line, counted from 0; ``repeated`` are the lines that
    every page begins with.

    ``width`` and ``height`` are in points: of all columns, and of the lines so far. ``columns`` give widths and the usual styles
    of the body.
    """

    def __init__(self, columns: Sequence[Column], page: Page) -> None:
        self.columns, self.page = tuple(columns), page
        self.at, self.height = 0, 0.0
        self.width = sum(int(column.width * 7 + 5) for column in columns) / styles.PIXELS
        self.lines: list[Line] = []
        self.repeated = range(0)
        self._cells: list[Cell] = []
        self._rooms: dict[tuple[int, float, int], int] = {}
        self._looks: dict[tuple[int, int, str, bool], Look] = {}
        self._usuals: dict[tuple[str, bool], list[Look]] = {}

    # --- how a line is kept: each kind of paper does otherwise

    def _put(self, cell: Cell) -> None:
        """Into the line under way."""
        self._cells.append(cell)

    def _put_row(self, cells: Sequence[tuple[Plain, Style]], joined: int) -> None:
        """The line under way from its first column on, of which so many cells are one."""
        placed = [Cell(place, value, style) for place, (value, style) in enumerate(cells)]
        placed[:joined] = [placed[0]._replace(across=joined)]
        self._cells += placed

    def _end(self, height: float) -> None:
        self.lines.append(Line(self._cells, height))
        self._cells = []

    def _repeat(self, lines: range, frozen_columns: int) -> None:
        self.repeated = lines

    # --- what is put on it

    def title(self, text: str, draft: str = "") -> None:
        """The sheet's heading over all columns; under it ``draft``（送审稿）where there is one."""
        self.band(text, styles.TITLE, least=38)
        if draft:
            self.band(draft, styles.DRAFT)

    def captions(self, left: str, right: str = "") -> None:
        """What stands over the table at its left and right ends."""
        self._write(0, left, styles.LEFT_CAPTION)
        if right:
            self._write(len(self.columns) - 1, right, styles.RIGHT_CAPTION)
        self._end_line(22)

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
                self._write(place, cell.text, cell.style, cell.across, cell.down)
                most = max(most, self._lines(cell.text, place, cell.style.size, cell.across) if cell.down == 1 else 1)
                place += cell.across
            self._end_line(max(styles.height_of(most, styles.HEADER.size), height, 24))
        self._repeat(range(first, self.at), frozen_columns)

    def row(self, values: Sequence[Value], *, fill: str = "", bold: bool = False, least: float = 24, joined: int = 1) -> None:
        """A row of the table, at least ``least`` points high, higher where texts wrap; ``fill`` and ``bold`` go over its styles.
        Of its first cells, so many are ``joined``: they show the first one's value.

        A text too long for the highest row a spreadsheet knows is cut, and ends with ….
        """
        needed = least
        cells: list[tuple[Plain, Style]] = []
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
            cells.append((value, look.style))
        self._put_row(cells, joined)
        self._end_line(needed)

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
            known = self._looks[key] = Look(worn, self._room(place, worn.size), style)
        return known

    def band(self, text: str, style: Style, *, least: float = 20) -> None:
        """A text over all columns, with the height it needs."""
        across = len(self.columns)
        self._write(0, text, style, across)
        self._end_line(max(styles.height_of(self._lines(text, 0, style.size, across), style.size), least))

    def notes(self, texts: Iterable[str]) -> None:
        """Notes under the table, each over all columns."""
        for text in texts:
            self.band(text, styles.NOTE, least=18)

    def skip(self, height: float = 12) -> None:
        """An empty line."""
        self._end_line(height)

    def _write(self, place: int, text: str, style: Style, across: int = 1, down: int = 1) -> None:
        self._put(Cell(place, showable(text, TEXT_LIMIT), style, across, down))

    def _end_line(self, height: float) -> None:
        self._end(height)
        self.at += 1
        self.height += height

    @property
    def page_height(self) -> float:
        """Points of lines that a printed page holds, all columns side by side."""
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
