"""Rows of a table that are not the district's own and hold values all the same: strange ones (S10), and left-over ones (S11)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from pipeline.model import Area, History, Row, Table
from pipeline.model.labels import some
from pipeline.model.words import Words
from pipeline.rules.judging.cases import FileCase
from pipeline.rules.place import Placed
from pipeline.rules.rule import Found


def own_filled(placed: Placed) -> list[Row]:
    rows = placed.table.rows if placed.table else ()
    return [row for row in rows if row.district == placed.district and row.filled]


def strangers(table: Table) -> list[Row]:
    """Rows of no known region that hold values."""
    return [row for row in table.rows if row.district is None and holds_values(row)]


def holds_values(row: Row) -> bool:
    """Numbers, or what was meant as one; texts and dates in a nameless row are notes."""
    return any(entry.value is not None for entry in row.entries) or bool(row.region.strip() and _attempts(row))


def _attempts(row: Row) -> bool:
    return any(problem.rule in _ATTEMPTS for entry in row.entries for problem in entry.problems)


_ATTEMPTS = ("C04", "C05", "C06")


def row_range(row: Row) -> str | None:
    """The row's indicator cells as one range."""
    columns = [entry.column for entry in row.entries]
    return Area(row.number, min(columns), row.number, max(columns)).address if columns else None


def s10(file: FileCase) -> Iterator[Found]:
    """S10: rows of other regions hold values that are neither all 0 nor known from the ledger."""
    placed, programme = file.placed, file.programme
    strange = [row for row in _filled(placed, file.table) if not _is_left_over(row, placed.period, file.past)]
    if strange:
        blank = Words(programme, "findings").text("blank")
        regions = (row.district or row.region.strip() or blank for row in strange)
        names = some(regions, "rows", programme, most=len(programme.district_names))
        ranges = [row_range(row) for row in strange]
        cell = ranges[0] if len(ranges) == 1 else None
        yield Found(cell, observed=names, words={"others": names, "district": placed.district or ""})


def left_over_rows(placed: Placed, table: Table, history: History) -> list[Row]:
    """Rows of others that hold only zeros, or what was accepted of their region in an earlier period (S11)."""
    return [row for row in _filled(placed, table) if _is_left_over(row, placed.period, history)]


def _filled(placed: Placed, table: Table) -> list[Row]:
    """Rows of others that hold values, where the district's own row is plain."""
    if len(own_filled(placed)) != 1:
        return []
    return [row for row in table.rows if row.district != placed.district and holds_values(row)]


def _is_left_over(row: Row, period: dt.date | None, history: History) -> bool:
    """Whether the row holds only zeros, or what was accepted of its region in an earlier period."""
    if _attempts(row):
        return False
    values = {entry.indicator: entry.value for entry in row.entries if entry.value is not None}
    if not any(values.values()):
        return True
    earlier = [a for day, a in history.get(row.district or "", {}).items() if period is None or day < period]
    return any(all(accepted.values.get(i) == value for i, value in values.items()) for accepted in earlier)
