"""The rows of an Annex 2 table: districts, total, strangers. Found by what they say, never by position."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.model import Cell, Entry, Evidence, Finding, Grid, Kind, Meaning, Problem, Row, Said, Table
from pipeline.reading.layout.asides import is_example, is_other_figure, is_part, is_subtotal, titles_example
from pipeline.reading.layout.blocks import joined, side_by_side
from pipeline.reading.layout.comparable import plain
from pipeline.reading.layout.headers import Header, find_headers
from pipeline.reading.layout.period_columns import row_periods
from pipeline.reading.layout.row_names import district_summed, match_row, name_periods
from pipeline.reading.layout.statements import said_of_row, statements
from pipeline.reading.layout.surroundings import Lines, is_foot, is_note, lines_around
from pipeline.reading.layout.unit_lines import unit_flaws
from pipeline.reading.values import find_periods, match_district, read_number, suggest_district, written_with_marks
from schemas.programme import Programme

_FIRST_NUMBERS = (1, 2, 3)
"""Where the numbers of columns begin at the first indicator; the region and a serial number may have those before."""
_SERIAL_DIGITS = 3
_GROUP_DIGITS = 3
"""Of a group of thousands: 1,005 in two cells is 1 and 005, which is no number by itself."""


@dataclass
class _Body:
    """What stands under a header. ``asides`` are filled rows that are no return, ``unnamed`` labels of blank ones."""

    rows: list[Row] = field(default_factory=list)
    total: Row | None = None
    asides: list[Row] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether no line belongs to the table yet."""
        return not (self.rows or self.asides or self.total)

    @property
    def last(self) -> int:
        """The last line that belongs to the table, 0 without one."""
        every = (*self.rows, *self.asides, *((self.total,) if self.total else ()))
        return max((row.number for row in every), default=0)


def find_tables(grid: Grid, programme: Programme, called: frozenset[dt.date] = frozenset()) -> tuple[Table, ...]:
    """Every Annex 2 table of a sheet, top to bottom; none without a header row of a region column and two indicators (F02).

    A table in several blocks (its header repeated, half of the districts beside the other half) is one.
    ``called`` are as-of dates that count as periods though they end no month.
    """
    parts = side_by_side(grid, programme)
    return joined(table for part in parts for table in _tables(part, programme, called))


def _tables(grid: Grid, programme: Programme, called: frozenset[dt.date]) -> Iterator[Table]:
    headers = find_headers(grid, programme)
    beyond = max(grid.rows, default=0) + 1
    start = 0
    for header, following in itertools.zip_longest(headers, headers[1:]):
        body = _body(grid, header, following.first if following else beyond, programme, called)
        last = body.last or header.bottom
        end = _first_of_next(grid, last, following.first, programme) if following else beyond
        outside = tuple(row for row in grid.rows if start <= row < header.first or last < row < end)
        lines = (*outside, *_dated_groups(grid, header, programme))
        around = lines_around(grid, header.top, tuple(sorted(lines)), programme, called)
        units = _units_around(grid, header, outside, [row.number for row in body.rows if row.entries or row.beside], programme)
        named = {row.number for row in (*body.rows, *body.asides, *((body.total,) if body.total else ())) if row.region}
        inside = [row for row in grid.rows if header.first <= row <= last and row not in named]
        about = statements(grid, range(header.first, header.bottom + 1), outside, inside, programme)
        example = _is_example(grid, [row for row in outside if row < header.first], programme)
        yield _table(grid, header, body, (around, units, about), programme, called, example=example)
        start = end


def _is_example(grid: Grid, above: Iterable[int], programme: Programme) -> bool:
    """Whether the sheet's name or a line above a table calls it an example."""
    texts = (cell.text for row in above for cell in grid.rows[row].values() if cell.kind is Kind.TEXT)
    return is_example(grid.name, programme) or any(titles_example(text, programme) for text in texts)


def _dated_groups(grid: Grid, header: Header, programme: Programme) -> tuple[int, ...]:
    """The lines of group headings, where they name one period over all indicators: the table's, not its columns' own (S13)."""
    columns = [choice.indicator for choice in header.choices]
    if header.first == header.top or len(columns) > len(set(columns)):
        return ()
    rows = tuple(row for row in range(header.first, header.top) if row in grid.rows)
    texts = [cell.text for row in rows for cell in grid.rows[row].values() if cell.kind is Kind.TEXT]
    return rows if len({mention for text in texts for mention in find_periods(text, programme)}) == 1 else ()


def used_rows(tables: Iterable[Table], named: Collection[str]) -> frozenset[int]:
    """The lines of a sheet from which values are taken: headers, totals, and the rows of the districts that the file names.

    Where it names none, or the rows of none of them are there, all rows.
    """
    lines: set[int] = set()
    for table in tables:
        districts = {*named, *(evidence.says for evidence in table.districts)}
        own = [row.number for row in table.rows if row.district in districts or row.district is None]
        lines |= {table.header_row, *(table.header_lines if table.repeated else ()), *(own or [row.number for row in table.rows])}
        lines |= {table.total.number} if table.total else set()
    return frozenset(lines)


def _first_of_next(grid: Grid, last: int, header: int, programme: Programme) -> int:
    """The first line between two tables that is no note below the upper one: title and period of the lower one begin there."""
    return next((row for row in grid.rows if last < row < header and not is_foot(grid, row, programme)), header)


def _units_around(
    grid: Grid, header: Header, outside: tuple[int, ...], filled: Sequence[int], programme: Programme
) -> tuple[Finding, ...]:
    """S03 of the lines around the table, of its groups' headings, and of what stands in the header and in ``filled`` rows beside
    its indicators."""
    above = tuple(row for row in range(header.first, header.top) if row in grid.rows)
    heading = tuple(row for row in range(header.top, header.bottom + 1) if row in grid.rows)
    around = unit_flaws(grid, (*outside, *above), programme)
    apart = frozenset(header.value_columns)
    remarks = unit_flaws(grid, tuple(filled), programme, apart | frozenset(header.region_columns))
    return (*around, *unit_flaws(grid, heading, programme, apart), *remarks)


def _table(
    grid: Grid,
    header: Header,
    body: _Body,
    around: tuple[Lines, tuple[Finding, ...], tuple[Said, ...]],
    programme: Programme,
    called: frozenset[dt.date],
    *,
    example: bool,
) -> Table:
    (periods, districts), units, about = around
    named = tuple(Evidence("sheet_name", grid.name, mention) for mention in find_periods(grid.name, programme, called))
    everything = frozenset(programme.indicator_ids)
    return Table(
        sheet=grid.name,
        header_row=header.top,
        rows=tuple(body.rows),
        total=body.total,
        columns=tuple(header.columns.items()),
        periods=(*periods, *named),
        districts=districts,
        flaws=(*header.flaws, *units),
        unusable=everything if units else header.unusable,
        merges=grid.merges,
        hidden=grid.hidden,
        hidden_columns=grid.hidden_columns,
        addressed=grid.addressed,
        choices=header.choices,
        statements=about,
        asides=tuple(body.asides),
        unnamed=tuple(body.unnamed),
        header_lines=tuple(range(header.first, header.bottom + 1)),
        example=example,
    )


def _body(grid: Grid, header: Header, end: int, programme: Programme, called: frozenset[dt.date]) -> _Body:
    """The table's rows and its total row; the first line of notes after a row ends the table."""
    totals, column_numbers = _totals(programme), _column_numbers(programme)
    body = _Body()
    named: set[str] = set()
    subtotals: list[Row] = []
    over: Said | None = None
    for number in (row for row in grid.rows if header.bottom < row < end):
        if is_note(grid, number, programme):
            if body.rows:
                break
            continue
        row = _row(grid, header, number, programme, called)
        if row is None or plain(row.region) in column_numbers or (body.empty and _numbers_columns(row)):
            continue
        if row.filled and _is_aside(grid, row, header, programme):
            (subtotals if is_subtotal(row.region, programme) else body.asides).append(row)
        elif row.district is None and plain(row.region) in totals:
            body.total = row if body.total is None or not body.total.filled else body.total
        elif row.filled or (row.district and row.district not in named):
            body.rows.append(row)  # a name again without figures is a signature
            named |= {row.district} if row.district else set()
        elif not row.district and not is_subtotal(row.region, programme):
            body.unnamed.append(row.region.strip())
            over = over or (not body.rows and said_of_row(number, row.region_column, row.region, programme)) or None
    if subtotals and (body.total is None or not body.total.filled) and plain(subtotals[-1].region) in totals:
        body.total = subtotals.pop()  # 小计 under all districts is what the form calls the total
    body.asides += subtotals
    body.rows = _with_sum_as_own(body.rows, programme)
    if over and over.meaning is Meaning.INCREASE:
        body.rows = [dataclasses.replace(row, said=(over, *row.said)) if row.filled else row for row in body.rows]
    return body


def _with_sum_as_own(rows: list[Row], programme: Programme) -> list[Row]:
    """鹿城区合计 is the district's row where nothing else is filled."""
    filled = [row for row in rows if row.filled]
    district = district_summed(filled[0].region, programme) if len(filled) == 1 and not filled[0].district else None
    if district is None or any(row.district == district for row in rows):
        return rows
    return [dataclasses.replace(row, district=district, matched="alias", suggestion=None) if row.filled else row for row in rows]


@lru_cache(maxsize=4)
def _totals(programme: Programme) -> frozenset[str]:
    return frozenset(map(plain, programme.form.total_labels))


@lru_cache(maxsize=4)
def _column_numbers(programme: Programme) -> frozenset[str]:
    return frozenset(map(plain, programme.form.column_number_labels))


def _is_aside(grid: Grid, row: Row, header: Header, programme: Programme) -> bool:
    """Whether a filled row is no return of a district, by its label, or by 例 in front of it."""
    first = min(header.value_columns)
    before = [cell.text for column, cell in grid.rows[row.number].items() if column < first and cell.kind is Kind.TEXT]
    if any(is_example(text, programme) for text in before):
        return True
    if row.district is not None:
        return False
    return (
        is_subtotal(row.region, programme)
        or is_other_figure(row.region, programme)
        or (row.suggestion is None and is_part(row.region, programme))
    )


def _numbers_columns(row: Row) -> bool:
    """Whether a row without a name counts the columns (1 2 3 4 right under the header)."""
    held = sorted((*row.entries, *row.beside), key=lambda entry: entry.column)
    values = [entry.value for entry in held if entry.value is not None]
    first = values[0] if values else 0
    counted = len(values) > 1 and first in _FIRST_NUMBERS and values == list(range(first, first + len(values)))
    return counted and len(values) == len(held) and not row.region.strip()


def _row(grid: Grid, header: Header, number: int, programme: Programme, called: frozenset[dt.date]) -> Row | None:
    texts = list(_region_texts(grid, header, number))
    line = grid.rows[number]
    held = [line[column] for column in header.value_columns if column in line]
    if not held and len(texts) == len(line) == 1 and texts[0][0] in line:
        return _blank_row(number, *texts[0], number in grid.hidden_rows, programme)
    if not texts and not any(cell.text.strip() for cell in held):
        return None
    matched = [(column, text, match_row(text, programme)) for column, text in texts]
    fallback = matched[0] if matched else (header.region_columns[0], "", None)
    totals = _totals(programme)
    known = next((m for m in matched if m[2]), None) or next((m for m in matched if plain(m[1]) in totals), None)
    column, region, match = known or fallback
    entries = tuple(_entry(grid, number, column, i, programme) for i, column in header.columns.items()) if held else ()
    if all(entry.blank for entry in entries):
        entries = ()
    beside = tuple(_beside(grid, header, number, programme)) if held and header.choices else ()
    district, how = (match.district, match.how) if match else (None, None)
    suggestion = None if known or not region else suggest_district(region, programme)
    astray = tuple(_astray(grid, header, number, programme)) if match and not line.keys() <= header.headed else ()
    periods = row_periods(grid, number, header, programme, called) if entries or beside else ()
    if periods == () and match and match.how == "alias":
        periods = name_periods(region, programme)
    near = tuple(_near(grid, number, header)) if match and not (entries or beside) and len(line) > len(texts) else ()
    hidden = number in grid.hidden_rows
    if region and not (entries or beside or astray or near):
        return _blank_row(number, column, region, hidden, programme)
    said = tuple(_said_in(grid, header, number, programme)) if entries or beside else ()
    return Row(number, region, district, how, column, entries, suggestion, hidden, periods, beside, astray, near, (), said)


def _said_in(grid: Grid, header: Header, number: int, programme: Programme) -> Iterator[Said]:
    """S13: what the texts beside a row's figures say that these are (口径 | 本月新增)."""
    for column, cell in grid.rows[number].items():
        if cell.kind is Kind.TEXT and column not in header.value_columns and column not in header.region_columns:
            said = said_of_row(number, column, cell.text, programme)
            if said:
                yield said


@lru_cache(maxsize=4096)
def _blank_row(number: int, column: int, region: str, hidden: bool, programme: Programme) -> Row:
    """A line with a label and no figures: one object for those that stand in file after file, as readings are sent between
    processes."""
    match = match_district(region, programme)
    district, how = (match.district, match.how) if match else (None, None)
    known = match or plain(region) in _totals(programme)
    return Row(number, region, district, how, column, (), None if known else suggest_district(region, programme), hidden)


def _near(grid: Grid, number: int, header: Header) -> Iterator[int]:
    """The columns between the region's and one after the indicators' that hold a figure though the indicators' hold none."""
    first, last = header.region_columns[0], max(header.value_columns)
    for column, cell in grid.rows[number].items():
        beside = first < column <= last + 1 and column not in (*header.region_columns, *header.value_columns)
        if beside and any(character.isdecimal() for character in cell.text):
            yield column


def _beside(grid: Grid, header: Header, number: int, programme: Programme) -> Iterator[Entry]:
    """What stands in the further columns of indicators that have several."""
    for choice in header.choices:
        if header.columns.get(choice.indicator) != choice.column and grid.at(number, choice.column).text.strip():
            yield _entry(grid, number, choice.column, choice.indicator, programme)


def _astray(grid: Grid, header: Header, number: int, programme: Programme) -> Iterator[tuple[int, str]]:
    """S14: (column, as shown) of numbers under no heading. What counts the rows on their left is a serial number."""
    for column, cell in grid.rows[number].items():
        if column in header.headed or column in header.region_columns or not cell.text.strip():
            continue
        if column < header.region_columns[0] and _counts_rows(grid, header, column):
            continue
        text = cell.text.strip()
        value, problems = read_number(cell, programme.indicators[0], programme, all_text=grid.all_text)
        numeric = (
            cell.kind in (Kind.NUMBER, Kind.PERCENT) or value is not None or any(problem.rule == "C06" for problem in problems)
        )
        if numeric or (text.isdecimal() and len(text) == _GROUP_DIGITS):
            yield column, text


def _counts_rows(grid: Grid, header: Header, column: int) -> bool:
    """Whether the numbers of a column under the header go up from line to line, as serial numbers do."""
    texts = [cell.text.strip() for (row, at), cell in sorted(grid.cells.items()) if at == column and row > header.bottom]
    numbers = [int(text) for text in texts if text.isdecimal() and len(text) <= _SERIAL_DIGITS]
    return len(numbers) == len([text for text in texts if text[:1].isdigit()]) and numbers == sorted(set(numbers))


def _region_texts(grid: Grid, header: Header, number: int) -> Iterator[tuple[int, str]]:
    """(column, text) of the row's region cells that say something; under a merged range what the range shows."""
    for column in header.region_columns:
        cell = grid.rows[number].get(column) or grid.shown(number, column)
        if cell.kind is Kind.TEXT and cell.text.strip():
            yield column, cell.text


def _entry(grid: Grid, row: int, column: int, indicator: str, programme: Programme) -> Entry:
    cell = grid.at(row, column)
    value, problems = _number(cell, indicator, programme, grid.all_text)
    shown = written_with_marks(cell, programme) if cell.runs else cell.text
    if cell.kind is Kind.MASKED:
        shown = dict(problems[0].params).get("shown", shown)
    return Entry(indicator, row, column, shown, value, problems, cell.unseen)


@lru_cache(maxsize=4096)  # the same small numbers stand in file after file
def _number(cell: Cell, indicator: str, programme: Programme, all_text: bool) -> tuple[int | None, tuple[Problem, ...]]:
    return read_number(cell, programme.indicator(indicator), programme, all_text=all_text)
