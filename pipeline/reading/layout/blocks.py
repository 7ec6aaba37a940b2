"""One table in several blocks: its header repeated at a page's end, or half of the districts beside the other half."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from pipeline.model import Grid, Kind, PeriodMention, Row, Table
from pipeline.reading.layout.asides import is_example
from pipeline.reading.layout.headings import recognise
from pipeline.reading.values import match_district
from schemas.programme import Programme

_LEAST = 2
"""Indicators that make a block."""


def side_by_side(grid: Grid, programme: Programme) -> tuple[Grid, ...]:
    """The sheet in parts from left to right, each with one block of districts; the whole sheet where there is but one block.

    The lines above the blocks go with the first. Addresses stay as they are.
    """
    for row, line in grid.rows.items():
        if len(line) < 2 * _LEAST:  # most lines hold a name
            continue
        texts = [(column, cell.text) for column, cell in line.items() if cell.kind is Kind.TEXT]
        if len(texts) < 2 * _LEAST:  # those of the districts hold a name and numbers
            continue
        named = [(column, found[0]) for column, text in texts if (found := recognise(text, programme))]
        count = _repeats([indicator for _, indicator in named])
        if count < 2:
            continue
        width = len(named) // count
        ends = [named[n * width - 1][0] for n in range(1, count)]
        parts = tuple(_part(grid, row, left, right) for left, right in zip([0, *ends], [*ends, None], strict=True))
        if _are_blocks(parts, row, programme):
            return parts
    return (grid,)


def _repeats(names: Sequence[str]) -> int:
    """How many times a line of headings says the same."""
    for width in range(_LEAST, len(names) // 2 + 1):
        if len(names) % width == 0 and list(names[:width]) * (len(names) // width) == list(names):
            return len(names) // width
    return 1


def _part(grid: Grid, top: int, left: int, right: int | None) -> Grid:
    """The columns after ``left`` up to ``right`` from the header on; with the first what stands above as well."""
    cells = {
        (row, column): cell
        for (row, column), cell in grid.cells.items()
        if (row < top and not left) or (row >= top and left < column and (right is None or column <= right))
    }
    return dataclasses.replace(grid, cells=cells)


def _are_blocks(parts: Sequence[Grid], top: int, programme: Programme) -> bool:
    """Whether each part has districts, and none that another has; one of examples has none that count."""
    found = [_districts(part, top, programme) for part in parts]
    proper = [districts for districts in found if districts is not None]
    apart = all(proper) and len(frozenset().union(*proper)) == sum(map(len, proper))
    return bool(proper) and apart


def _districts(part: Grid, top: int, programme: Programme) -> frozenset[str] | None:
    """The districts of the column that has most of them; None in a part of examples."""
    columns: dict[int, set[str]] = {}
    for (row, column), cell in part.cells.items():
        if row > top and cell.kind is Kind.TEXT and (match := match_district(cell.text, programme)):
            columns.setdefault(column, set()).add(match.district)
    if not columns and any(row > top and is_example(cell.text, programme) for (row, _), cell in part.cells.items()):
        return None
    return frozenset(max(columns.values(), key=len, default=()))


def joined(tables: Iterable[Table]) -> tuple[Table, ...]:
    """The tables of a sheet, those that are one table's blocks as one."""
    whole: list[Table] = []
    for table in tables:
        if whole and _continues(whole[-1], table):
            whole[-1] = _join(whole[-1], table)
        else:
            whole.append(table)
    return tuple(whole)


def _continues(first: Table, second: Table) -> bool:
    """Whether a table goes on with other districts: it states no other period, and no total stands between."""
    before, after = (_named(table.rows) for table in (first, second))
    beside = first.header_row == second.header_row
    same_columns = beside or first.columns == second.columns
    between = first.total is not None and first.total.filled and second.total is not None and second.total.filled
    mentions = _mentions(second)
    apart = bool(mentions) and not mentions <= _mentions(first)
    alike = [indicator for indicator, _ in first.columns] == [indicator for indicator, _ in second.columns]
    fits = same_columns and alike and _choices(first, beside=beside) == _choices(second, beside=beside)
    return bool(after) and not before & after and fits and not between and not apart and first.example == second.example


def _choices(table: Table, *, beside: bool) -> tuple[object, ...] | None:
    """Where an indicator may stand in several columns (S13). Side by side each block would have its own: it stays a table."""
    if not beside:
        return tuple((choice.indicator, choice.column, choice.said) for choice in table.choices)
    return tuple((choice.indicator, choice.column) for choice in table.choices)


def _named(rows: Iterable[Row]) -> frozenset[str]:
    return frozenset(row.district for row in rows if row.district)


def _mentions(table: Table) -> frozenset[PeriodMention]:
    says = (e.says for e in table.periods if isinstance(e.says, PeriodMention))
    return frozenset(dataclasses.replace(mention, text="") for mention in says)


def _join(first: Table, second: Table) -> Table:
    beside = first.header_row == second.header_row
    rows = tuple(dataclasses.replace(row, columns=second.columns) for row in second.rows) if beside else second.rows
    return dataclasses.replace(
        first,
        rows=(*first.rows, *rows),
        total=_fuller(first.total, second.total),
        periods=tuple(dict.fromkeys((*first.periods, *second.periods))),
        districts=tuple(dict.fromkeys((*first.districts, *second.districts))),
        flaws=tuple(dict.fromkeys((*first.flaws, *second.flaws))),
        unusable=first.unusable | second.unusable,
        statements=tuple(dict.fromkeys((*first.statements, *second.statements))),
        asides=(*first.asides, *second.asides),
        unnamed=(*first.unnamed, *second.unnamed),
        header_lines=tuple(dict.fromkeys((*first.header_lines, *second.header_lines))),
        repeated=first.repeated or not beside,
    )


def _fuller(first: Row | None, second: Row | None) -> Row | None:
    """Of two rows of totals the one that holds something."""
    return second if second and (first is None or not first.filled) else first
