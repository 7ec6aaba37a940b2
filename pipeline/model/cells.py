"""Cells as sent, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Kind(StrEnum):
    """What a cell holds, as far as a number may be read from it."""

    BLANK = "blank"
    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    PERCENT = "percent"
    ERROR = "error"
    UNCALCULATED = "uncalculated"
    """A formula whose result was never stored."""
    MASKED = "masked"
    """A number or text whose own format shows another number or nothing: shown and stored, as ``16≠16000`` or ``≠24``."""


MASK = "≠"
"""Between what a MASKED cell shows and what it stores."""


class Mark(StrEnum):
    """How a run of characters within a cell is set apart, so that it may not be joined to the number beside it."""

    STRUCK = "struck"
    SUPERSCRIPT = "superscript"
    SUBSCRIPT = "subscript"
    RUBY = "ruby"
    HIDDEN = "hidden"
    COLOURED = "coloured"
    """In the colour of its background."""


class Unseen(StrEnum):
    """Why the whole of a cell is not seen, or not meant to count (S05)."""

    STRUCK = "struck"
    COLOUR = "colour"
    """In the colour of its background."""
    CONDITION = "condition"
    """Hidden by a conditional format."""


@dataclass(frozen=True)
class Run:
    """Characters of one look within a cell."""

    text: str
    mark: Mark | None = None


@dataclass(frozen=True)
class Cell:
    """One cell as sent.

    ``text`` is what a reader of the sheet sees (``"8"``, ``"约30"``, ``"25%"``, ``"#REF!"``, ``"TRUE"``, ``"2024-06-30"``),
    never trimmed for text cells. ``number`` is the stored number of NUMBER, PERCENT and MASKED cells, else None.
    """

    kind: Kind
    text: str = ""
    number: float | int | None = None
    formula: bool = False
    """True for a formula, with a stored result or (UNCALCULATED) without."""
    runs: tuple[Run, ...] = ()
    """All of its runs where some are set apart; ``text`` is then what is left without those."""
    unseen: Unseen | None = None


BLANK = Cell(Kind.BLANK)


def column_letters(column: int) -> str:
    """Column 1 is ``A``, 28 is ``AB``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """Physical A1 address; row and column count from 1."""
    return f"{column_letters(column)}{row}"


@dataclass(frozen=True)
class Area:
    """A rectangle of cells, both corners included, counted from 1."""

    top: int
    left: int
    bottom: int
    right: int

    def __contains__(self, place: object) -> bool:
        if not isinstance(place, tuple):
            return False
        row, column = place
        return bool(self.top <= row <= self.bottom and self.left <= column <= self.right)

    @property
    def address(self) -> str:
        first, last = address(self.top, self.left), address(self.bottom, self.right)
        return first if first == last else f"{first}:{last}"


@dataclass(frozen=True)
class Grid:
    """One sheet as cells with physical addresses: ``cells[(row, column)]``, counted from 1, blanks left out."""

    name: str
    cells: dict[tuple[int, int], Cell]
    merges: tuple[Area, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    """Hidden by hand or by a filter."""
    hidden_columns: frozenset[int] = frozenset()
    addressed: bool = True
    """False for text tables (CSV): places are then named by row and column number in Chinese messages."""
    all_text: bool = False
    """True where the format knows nothing but text (CSV, HTML): a number written as text is then no finding."""

    def at(self, row: int, column: int) -> Cell:
        return self.cells.get((row, column), BLANK)

    def shown(self, row: int, column: int) -> Cell:
        """The cell, or at a blank place the one that a merged range shows there."""
        cell = self.at(row, column)
        if cell.kind is not Kind.BLANK:
            return cell
        area = self.merged_at(row, column)
        return self.at(area.top, area.left) if area else BLANK

    def merged_at(self, row: int, column: int) -> Area | None:
        """The merged range that holds a place."""
        for area in self.merges:
            if area.top <= row <= area.bottom and area.left <= column <= area.right:
                return area
        return None

    @cached_property
    def rows(self) -> dict[int, dict[int, Cell]]:
        """row → column → cell, both in order, only what is there: a stray cell far out costs nothing."""
        rows: dict[int, dict[int, Cell]] = {}
        for (row, column), cell in sorted(self.cells.items()):
            rows.setdefault(row, {})[column] = cell
        return rows
