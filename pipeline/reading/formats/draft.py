"""What the readers of typed formats share: a sheet under construction, its limits, addresses."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.model import Area, Cell, Grid, Kind, UnreadableFile
from pipeline.reading.formats.kinds import Limits

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
MAX_EXTENT = 1_000_000
"""calamine lays a sheet out in full, and ends the process when memory does not suffice: larger ones are not shown to it."""
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_AREA = re.compile(rf"{_REFERENCE.pattern}(?::{_REFERENCE.pattern})?")
_COLUMNS = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})")
_ROWS = re.compile(r"\$?([0-9]{1,7}):\$?([0-9]{1,7})")
_DIGIT = re.compile(r"\d")
_MAX_MERGES = 100_000

Span = tuple[int, int]
"""First and last of some rows or columns."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A grid, and ``extent``: how many places another reader may lay out for it (rows × columns, empty texts included).

    ``odd``: the file has to be laid out anew for another reader.
    """

    grid: Grid
    extent: int
    odd: bool = False


class Budget:
    """How many sheets, and cells and rows that hold something, a file may still have (F01, all sheets together)."""

    def __init__(self, limits: Limits) -> None:
        self.cells = limits.max_cells
        self.rows = limits.max_rows
        self.sheets = limits.max_sheets

    def begin_sheets(self, count: int = 1) -> None:
        """Raises UnreadableFile (too_many_cells)."""
        self.sheets -= count
        if self.sheets < 0:
            raise UnreadableFile("too_many_cells")

    def spend(self, cells: int, rows: int) -> None:
        """Raises UnreadableFile (too_many_cells)."""
        self.cells -= cells
        self.rows -= rows
        if self.cells < 0 or self.rows < 0:
            raise UnreadableFile("too_many_cells")


@dataclass(slots=True)
class Draft:
    """A sheet while it is read. Hidden rows and columns come as spans: a sheet may hide all columns to the right of its table."""

    name: str
    hidden: bool
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[Area] = field(default_factory=list)
    hidden_rows: list[Span] = field(default_factory=list)
    hidden_columns: list[Span] = field(default_factory=list)

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Raises UnreadableFile (damaged): a place outside any sheet, or one that holds two cells that differ."""
        if not (1 <= row <= MAX_ROWS and 1 <= column <= MAX_COLUMNS):
            raise UnreadableFile("damaged")
        known = self.cells.setdefault((row, column), cell)
        if known is not cell and known != cell:
            raise UnreadableFile("damaged")

    def fill(self, rows: range, columns: range, cell: Cell) -> None:
        """``put`` the cell in all of them."""
        for row in rows:
            for column in columns:
                self.put(row, column, cell)

    def merge(self, area: Area) -> None:
        if len(self.merges) >= _MAX_MERGES:
            raise UnreadableFile("too_many_cells")
        self.merges.append(area)

    def grid(self, *, all_text: bool = False) -> Grid:
        rows = {row for row, _ in self.cells} if self.hidden_rows else set()
        columns = {column for _, column in self.cells} if self.hidden_columns else set()
        return Grid(
            name=self.name,
            cells=self.cells,
            merges=tuple(self.merges),
            hidden=self.hidden,
            hidden_rows=within(self.hidden_rows, rows),
            hidden_columns=within(self.hidden_columns, columns),
            all_text=all_text,
        )


def has_digit(text: str) -> bool:
    """Whether a text may be a number, so that it matters how it looks."""
    return _DIGIT.search(text) is not None


def within(spans: Iterable[Span], places: set[int]) -> frozenset[int]:
    """The places that lie in one of the spans: only what holds something can be hidden."""
    ends: dict[int, int] = {}
    for first, last in spans:
        ends[first] = max(ends.get(first, last), last)
    firsts = sorted(ends)
    reached = list(itertools.accumulate((ends[first] for first in firsts), max))
    before = ((place, bisect.bisect_right(firsts, place)) for place in places)
    return frozenset(place for place, count in before if count and place <= reached[count - 1])


@lru_cache(maxsize=4096)
def place(reference: str) -> tuple[int, int]:
    """``D7`` is (7, 4). Raises UnreadableFile (damaged)."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise UnreadableFile("damaged")
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def area(reference: str) -> Area:
    """``D7:E9`` or ``D7``. Raises UnreadableFile (damaged)."""
    first, _, last = reference.partition(":")
    (top, left), (bottom, right) = place(first), place(last or first)
    return Area(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def merged(reference: str) -> Area | None:
    """``D7:E9``, whole columns ``H:J`` or whole rows ``3:5``; None for what merges nothing."""
    if match := _COLUMNS.fullmatch(reference):
        reference = f"{match[1]}1:{match[2]}{MAX_ROWS}"
    elif match := _ROWS.fullmatch(reference):
        reference = f"A{match[1]}:XFD{match[2]}"
    return area(reference) if _AREA.fullmatch(reference) else None


def without_result(formula: str) -> Cell | None:
    """A formula of which a format stores nothing: None, as for a blank, where it holds a text or joins some, so that the empty
    text may be its result."""
    return None if '"' in formula or "&" in formula else uncalculated(formula)


def uncalculated(formula: str = "") -> Cell:
    """A formula without a usable result; it shows itself, as nothing else is known of it."""
    return Cell(Kind.UNCALCULATED, formula if formula.startswith("=") else f"={formula}", None, True)
