"""Texts outside a table that the form does not have there (S11): notes, remarks, whatever is no title, label, date or name."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from pipeline.model import Cell, Grid, Kind, Table
from pipeline.model.words import Words
from pipeline.reading.layout.comparable import after_label, plain, split_bracket
from pipeline.reading.layout.form_lines import outside, split_labels
from pipeline.reading.values import find_periods, match_district
from schemas.programme import Programme

LONGEST_NUMBER = 2  # of an annex, in Chinese

Called = frozenset[dt.date]


def stray_texts(
    sheets: Iterable[tuple[Grid, Sequence[Table]]], programme: Programme, called: Called = frozenset()
) -> tuple[str, ...]:
    """The phrase of S11 for sheets with a table and other texts beside it, above it or below it; empty without any."""
    strays = (text for grid, tables in sheets if tables for text in _strays(grid, tables, programme, called))
    return (Words(programme, "findings").text("S11.texts"),) if any(True for _ in strays) else ()


def _strays(grid: Grid, tables: Sequence[Table], programme: Programme, called: Called) -> Iterator[str]:
    header = _header_lines(grid, tables, programme)
    headed = _headed_columns(grid, tables, header, programme)
    lines = set(outside(grid, tables)) - header
    for number, row in grid.rows.items():
        if number not in lines and row.keys() <= headed:
            continue
        before: Cell | None = None
        for column, cell in row.items():
            if not cell.text.strip():
                continue
            free = cell.kind is Kind.TEXT and (number in lines or column not in headed)
            if free and not (before and _is_label(before, programme)) and not _belongs(cell.text, programme, called):
                yield cell.text
            before = cell


def _header_lines(grid: Grid, tables: Sequence[Table], programme: Programme) -> set[int]:
    """The lines from a table's header to its first row: what stands there in its columns is header, units, column numbers.

    The heading of a group of indicators stands a line higher, beside that of the regions.
    """
    lines: set[int] = set()
    for table in tables:
        rows = [row.number for row in (*table.rows, *((table.total,) if table.total else ()))]
        above = grid.rows.get(table.header_row - 1, {}).values()
        grouped = any(cell.kind is Kind.TEXT and _is_heading(cell.text, programme) for cell in above)
        lines |= set(range(table.header_row - grouped, min(rows, default=table.header_row)))
    return lines


def _headed_columns(grid: Grid, tables: Sequence[Table], header: Iterable[int], programme: Programme) -> set[int]:
    """Columns whose heading the form or its templates have."""
    columns = {column for table in tables for _, column in table.columns}
    columns |= {row.region_column for table in tables for row in (*table.rows, *table.asides)}
    columns |= {column for table in tables for row in table.rows for _, column in row.columns}
    columns |= {choice.column for table in tables for choice in table.choices}
    for line in header:
        for column, cell in grid.rows.get(line, {}).items():
            if cell.kind is Kind.TEXT and _is_heading(cell.text, programme):
                columns |= _spanned(grid, line, column)
    return columns


@lru_cache(maxsize=1024)  # offices copy the form: the same texts come again in file after file
def _is_heading(text: str, programme: Programme) -> bool:
    form = programme.form
    words = (*form.region_headers, *form.label_headers)
    known = {plain(word) for word in (*words, *form.serial_headers, *form.remark_headers)} | {
        plain(a + b) for a in words for b in words
    }
    word = plain(text)
    return word in known or word.startswith(tuple(map(plain, form.beside_headers)))


def _spanned(grid: Grid, row: int, column: int) -> set[int]:
    """The columns of the merged range that begins here, else the one."""
    area = next((area for area in grid.merges if (area.top, area.left) == (row, column)), None)
    return set(range(column, (area.right if area else column) + 1))


def _is_label(cell: Cell, programme: Programme) -> bool:
    """Whether a cell is a label that the next cell is the value of; behind 备注 and the like anything may stand."""
    return cell.kind is Kind.TEXT and cell.text.strip()[-1] not in "。；" and _ends_in_label(cell.text, programme)


@lru_cache(maxsize=1024)  # offices copy the form: the same texts come again in file after file
def _ends_in_label(text: str, programme: Programme) -> bool:
    labels = split_labels(text, programme)
    return bool(labels) and not labels[-1][1] and not _is_free(text, programme)


def _is_free(text: str, programme: Programme) -> bool:
    return bool(programme.form.free_labels) and after_label(text, programme.form.free_labels) is not None


@lru_cache(maxsize=1024)  # offices copy the form: the same texts come again in file after file
def _belongs(text: str, programme: Programme, called: Called) -> bool:
    """Whether a text is one the form has around its table."""
    if _is_free(text, programme):
        return not plain(after_label(text, programme.form.free_labels) or "")
    return (
        _begins_with_label(text, programme)
        or _says_nothing_else(text, programme, called)
        or bool(match_district(split_bracket(text)[0], programme))
        or _is_title(text, programme, called)
    )


def _begins_with_label(text: str, programme: Programme) -> bool:
    """填报单位：… — a label at the beginning of the text and not only in it."""
    form = programme.form
    labels = (*form.filler_labels, *form.note_labels, *form.date_labels, *form.period_labels, *form.unit_labels)
    labels += tuple(label for field in form.fields for label in (field.name, *field.labels))
    rest = after_label(text, labels) if labels else None
    return rest is not None and bool(split_labels(text, programme))


def _says_nothing_else(text: str, programme: Programme, called: Called) -> bool:
    """A period, a date, a number, an office: nothing is left of it without them."""
    rest, region = _without_periods(text, programme, called), programme.region
    for word in sorted((*region.city_prefixes, *region.suffixes, *programme.form.header_affixes), key=len, reverse=True):
        rest = rest.replace(plain(word), "")
    return not rest


def _without_periods(text: str, programme: Programme, called: Called) -> str:
    form, rest = programme.form, plain(text)
    for mention in find_periods(text, programme, called):
        rest = rest.replace(plain(mention.text), "")
    for word in sorted((*form.period_labels, *form.date_marks), key=len, reverse=True):
        rest = rest.replace(plain(word), "")
    return re.sub(r"[\W\d_]+", "", rest)


def _is_title(text: str, programme: Programme, called: Called) -> bool:
    """The line above the title, a number behind it, and the title: it names the programme's subject and ends like one."""
    heads = programme.form.head_labels
    rest = after_label(text, heads) if heads else None
    core = plain(text if rest is None else rest).lstrip("0123456789")
    if core == plain(programme.terms.get("form", "")) or (rest is not None and len(core) <= LONGEST_NUMBER):
        return True
    subject = plain(programme.terms.get("subject", ""))
    ending = _without_periods(split_bracket(text)[0], programme, called)
    return bool(subject) and subject in core and ending.endswith(programme.form.title_endings)
