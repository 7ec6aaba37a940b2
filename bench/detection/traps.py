"""One spoilt return and what a right judge says to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from bench.detection.scenes import Scene
from pipeline.model import Finding, Known
from pipeline.rules.judging.calendar import Calendar
from tests.returns import FORMATS, ReturnSpec, cell_of, file_name, sheets_of
from tests.returns.extras import with_extras
from tests.returns.layout import Sheet

Values = Mapping[str, int]
Edit = Callable[[Sheet], None]
ANYWHERE = "anywhere"
READING = "reading"
LEAP = frozenset({"P05", "T02", "X02", "X03", "P08", "C10"})
"""What a number that is far too large is beside the past, the targets and the other numbers."""


@dataclass(frozen=True)
class Mark:
    """A finding that must be there: the rule, and the places of it that are right; ANYWHERE for all."""

    rule: str
    cells: frozenset[str | None]
    says: str = ""
    """A part of its message, where the rule alone does not tell what was seen."""

    def fits(self, finding: Finding) -> bool:
        here = finding.cell in self.cells or ANYWHERE in self.cells
        return finding.rule == self.rule and here and self.says in finding.message


def mark(rule: str, *cells: str | None, says: str = "") -> Mark:
    """At one of these cells; without any, at none: the whole file."""
    return Mark(rule, frozenset(cells or (None,)), says)


def at_cell(scene: Scene, rule: str, indicator: str) -> Mark:
    """At the cell of one indicator."""
    return mark(rule, cell_of(scene.spec, indicator))


@dataclass(frozen=True)
class Trap:
    """Files of one run, of which the first carries the fault."""

    files: tuple[tuple[str, bytes], ...]
    marks: tuple[Mark, ...]
    """All of them must be found; none where the fault leaves nothing for a rule to see."""
    truth: Values | None
    """What the office meant; None where nothing of the file may be taken."""
    known: Known
    calendar: Calendar
    received: dt.datetime
    crashing: str = ""
    """A rule that raises while this return is judged; READING where reading it does."""
    fmt: str = "xlsx"
    sees: Values | None = None
    """The running totals that a person reads in the sheet; None where none can be read."""


@dataclass(frozen=True)
class Kind:
    """A way to go wrong. ``spoil`` gives None for a scene it cannot be done in."""

    name: str
    spoil: Callable[[Scene], Trap | None]
    companions: frozenset[str] = frozenset()
    """Further errors and queries that follow from the fault."""
    instead: frozenset[str] = frozenset()
    """Rules that say it all at the same cell; then the kind's own is not said again (design.md)."""
    blind: str = ""
    """Why no rule can see it by nature."""
    telling: bool = False
    """The file's name says district and period."""
    layouts: tuple[str, ...] = field(default=())
    """Only in these."""


def trap(scene: Scene, *marks: Mark, truth: Values | None = None, edit: Edit | None = None, known: Known | None = None) -> Trap:
    """The scene's return as it stands in ``scene.spec``, edited before it is written."""
    content = written(scene.spec, edit)
    sees = truth if edit else _as_written(scene.spec) or truth
    files = ((file_name(scene.spec), content),)
    return Trap(files, marks, truth, known or scene.known, scene.calendar, scene.received, fmt=scene.spec.fmt, sees=sees)


def _as_written(spec: ReturnSpec) -> Values | None:
    """The values as they stand in the sheet, where all of them are numbers."""
    found = {indicator: value for indicator, value in spec.values.items() if isinstance(value, int)}
    return found if len(found) == len(spec.values) else None


def written(spec: ReturnSpec, edit: Edit | None = None) -> bytes:
    """``write_return`` with a hand in the sheet of the district's values."""
    sheets = sheets_of(spec)
    if edit:
        edit(sheets[spec.form.own_sheet])
    content = FORMATS[spec.fmt](sheets)
    return with_extras(content, spec.carries) if spec.carries else content


def form_sheet(scene: Scene) -> Sheet:
    return sheets_of(scene.spec)[scene.spec.form.own_sheet]


def a1(row: int, column: int) -> str:
    return f"{get_column_letter(column)}{row}"


def row_range(sheet: Sheet, row: int) -> str:
    """The value cells of a row as one range."""
    columns = [column for _, column in sheet.places.values()]
    return f"{a1(row, min(columns))}:{a1(row, max(columns))}"


def own_range(scene: Scene) -> str:
    sheet = form_sheet(scene)
    return row_range(sheet, own_row(sheet))


def own_row(sheet: Sheet) -> int:
    return next(iter(sheet.places.values()))[0]


def row_of(sheet: Sheet, text: str) -> int:
    """The row of the table whose region says ``text``; ValueError without one."""
    first = min(column for _, column in sheet.places.values())
    rows = [row for (row, column), value in sheet.cells.items() if value == text and row > sheet.header[1] and column < first]
    if len(rows) != 1:
        raise ValueError(f"{len(rows)} rows of {text}")
    return rows[0]


def region_cell(sheet: Sheet, row: int) -> tuple[int, int]:
    """Where the region of a row stands."""
    first = min(column for _, column in sheet.places.values())
    return next((r, c) for (r, c), value in sheet.cells.items() if r == row and c < first and isinstance(value, str))
