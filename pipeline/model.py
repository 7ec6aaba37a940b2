"""The nouns every room shares: periods, cells, grids, findings, readings. Frozen, picklable, without behaviour of their own."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Cell:
    """One cell as sent.

    ``text`` is what a reader of the sheet sees (``"8"``, ``"约30"``, ``"25%"``, ``"#REF!"``, ``"TRUE"``, ``"2024-06-30"``),
    never trimmed for text cells. ``number`` is the stored number of NUMBER and PERCENT cells, else None.
    """

    kind: Kind
    text: str = ""
    number: float | int | None = None
    formula: bool = False
    """True for a formula, with a stored result or (UNCALCULATED) without."""


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

    @cached_property
    def rows(self) -> dict[int, dict[int, Cell]]:
        """row → column → cell, both in order, only what is there: a stray cell far out costs nothing."""
        rows: dict[int, dict[int, Cell]] = {}
        for (row, column), cell in sorted(self.cells.items()):
            rows.setdefault(row, {})[column] = cell
        return rows


class UnreadableFile(Exception):
    """A file that cannot be taken as a return: ``reason`` and ``params`` name a text of wording.md 4.2 (F01)."""

    def __init__(self, reason: str, **params: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params = params

    def __reduce__(self) -> tuple[object, ...]:
        return _unreadable, (self.reason, self.params)


def _unreadable(reason: str, params: dict[str, str]) -> UnreadableFile:
    return UnreadableFile(reason, **params)


class Grade(StrEnum):
    ERROR = "error"
    QUERY = "query"
    HINT = "hint"


class Status(StrEnum):
    """What became of a file (interface.md)."""

    ACCEPTED = "accepted"
    PENDING = "pending"
    RETURNED = "returned"
    DUPLICATE = "duplicate"
    ATTACHMENT = "attachment"
    IGNORED = "ignored"
    WAITING = "waiting"


@dataclass(frozen=True)
class Finding:
    """What a rule says about cells. ``district``, ``period`` (ISO), ``indicator`` (id) are None where not decided."""

    rule: str
    grade: str
    message: str
    fix: str
    sheet: str | None = None
    cell: str | None = None
    district: str | None = None
    indicator: str | None = None
    period: str | None = None
    observed: str | None = None
    expected: str | None = None
    state: str = "open"


@dataclass(frozen=True)
class Undecided:
    """A rule that could give no verdict: neither a pass nor a finding. ``reason`` is Chinese (wording.md 4.3)."""

    rule: str
    reason: str
    indicator: str | None = None


@dataclass(frozen=True)
class PeriodMention:
    """A period as a text names it (``text``, cut out of it).

    ``as_of`` when a year is given, with its ``month`` and ``day``. Without a year ``as_of`` is None, and ``day`` is the day where
    one is written, else 0: the month's last day in whichever year it turns out to be.
    """

    text: str
    as_of: dt.date | None
    month: int
    day: int


@dataclass(frozen=True)
class Evidence:
    """Something in or around a file that names a district or a period.

    ``source`` is a key of the programme's wording: ``file_name``, ``folder``, ``unit_line``, ``row``, ``title``, ``form_info``.
    ``says`` is the district's standard name or a period mention.
    """

    source: str
    text: str
    says: str | PeriodMention


@dataclass(frozen=True)
class Problem:
    """A C rule met while a cell was split into number or reason; ``params`` fill the rule's message."""

    rule: str
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Entry:
    """One indicator of one row: where it stands, what it shows, and the number or the reasons there is none."""

    indicator: str
    row: int
    column: int
    observed: str
    value: int | None
    problems: tuple[Problem, ...] = ()

    @property
    def blank(self) -> bool:
        """Nothing in it, or blanks of any kind (C02)."""
        return any(problem.rule == "C02" for problem in self.problems)

    @property
    def cell(self) -> str:
        return address(self.row, self.column)


@dataclass(frozen=True)
class Row:
    """A filled or recognised row of an Annex 2 table."""

    number: int
    region: str
    district: str | None
    matched: str | None
    """How the region was recognised: ``standard``, ``full`` or ``alias``; None when it was not."""
    region_column: int
    entries: tuple[Entry, ...]
    """In programme order; none in a row whose indicator cells are all blank."""
    suggestion: str | None = None
    hidden: bool = False

    @property
    def filled(self) -> bool:
        """Whether any of the row's indicator cells holds something."""
        return bool(self.entries)


@dataclass(frozen=True)
class Table:
    """An Annex 2 table found in a sheet. ``flaws`` are structural findings that hold whatever the district is."""

    sheet: str
    header_row: int
    rows: tuple[Row, ...]
    total: Row | None
    columns: tuple[tuple[str, int], ...]
    """(indicator id, column) in programme order; missing indicators left out."""
    periods: tuple[Evidence, ...] = ()
    districts: tuple[Evidence, ...] = ()
    flaws: tuple[Finding, ...] = ()
    unusable: frozenset[str] = frozenset()
    """Indicators whose values may not be used (S01, S03)."""
    merges: tuple[Area, ...] = ()
    hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()
    addressed: bool = True


@dataclass(frozen=True)
class Reading:
    """What one file says, as a pure function of its name, bytes and the programme."""

    file: str
    sha256: str
    size: int
    tables: tuple[Table, ...] = ()
    periods: tuple[Evidence, ...] = ()
    districts: tuple[Evidence, ...] = ()
    findings: tuple[Finding, ...] = ()
    """F01, F02 or F12: the file is no readable return."""
    attachment: str | None = None
    """The kind of attachment (wording.md 4.3 F12), when the file is one."""
    incomplete: bool = False
    """An unfinished container: it may still be arriving."""


@dataclass(frozen=True)
class Submission:
    """One file received, placed and judged."""

    reading: Reading
    status: Status
    received: dt.datetime
    """UTC."""
    district: str | None = None
    period: dt.date | None = None
    table: Table | None = None
    entries: tuple[Entry, ...] = ()
    findings: tuple[Finding, ...] = ()
    undecided: tuple[Undecided, ...] = field(default=())

    @property
    def values(self) -> dict[str, int | None]:
        return {entry.indicator: entry.value for entry in self.entries}


@dataclass(frozen=True)
class Accepted:
    """The accepted version in force of one district and period."""

    version: int
    values: dict[str, int]


History = dict[str, dict[dt.date, Accepted]]
"""district → period → what was accepted: the neighbours that checks compare with."""


@dataclass(frozen=True)
class Seen:
    """A file with the same bytes that was received before. ``received`` is UTC."""

    district: str | None
    period: dt.date | None
    status: Status
    received: dt.datetime
    version: int | None = None
    current: int | None = None
    """The version in force now, when the file became one."""
