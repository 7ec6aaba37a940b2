"""A column of a table that says of which period each row is (报告期, 月份): evidence for the row it stands in."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.model import Evidence, Grid, Kind
from pipeline.model.catalogue import place_name
from pipeline.reading.layout.comparable import plain
from pipeline.reading.layout.headers import Header
from pipeline.reading.values import find_no_periods, find_periods
from pipeline.reading.values.characters import plain as narrow
from pipeline.reading.values.notations import find_dates
from schemas.form import FormWords
from schemas.programme import Programme

SOURCE = "period_column"


def row_periods(grid: Grid, row: int, header: Header, programme: Programme, called: frozenset[dt.date]) -> tuple[Evidence, ...]:
    """What the columns of periods say in this row; a date in one that ends no period binds like one behind 截至."""
    found: list[Evidence] = []
    for column, heading in _columns(grid, header, programme.form):
        cell = grid.shown(row, column)
        if cell.kind not in (Kind.TEXT, Kind.DATE, Kind.NUMBER) or not cell.text.strip():
            continue
        text = _with_unit(cell.text.strip(), heading, programme)
        mentions = find_periods(text, programme, called)
        if heading in _loose(programme.form) and _names_a_day(text):
            continue
        found += [Evidence(SOURCE, text, mention) for mention in mentions]
        if not mentions:
            where = place_name(programme, row, column, addressed=grid.addressed)
            days = find_no_periods(text, programme, called)
            found += [Evidence(SOURCE, text, dataclasses.replace(day, where=where, binding=True)) for day in days]
    return tuple(found)


def _columns(grid: Grid, header: Header, form: FormWords) -> Iterator[tuple[int, str]]:
    """(column, heading) of every column of periods, beside those of regions and indicators."""
    taken = {*header.columns.values(), *header.region_columns}
    for row in range(header.top - 1, header.bottom + 1):
        for column, cell in grid.rows.get(row, {}).items():
            if column not in taken and cell.kind is Kind.TEXT and plain(cell.text) in _headings(form):
                yield column, plain(cell.text)


@lru_cache(maxsize=8)
def _headings(form: FormWords) -> frozenset[str]:
    return _loose(form) | {plain(word) for word in (*form.period_labels, *form.period_headers)}


@lru_cache(maxsize=8)
def _loose(form: FormWords) -> frozenset[str]:
    """Headings under which a day may be one of filling: whole months and quarters alone are evidence."""
    return frozenset(map(plain, form.loose_period_headers))


def _names_a_day(text: str) -> bool:
    return any(place.written and place.written.day for place in find_dates(narrow(text)))


def _with_unit(text: str, heading: str, programme: Programme) -> str:
    """A bare 12 under 月份 is the month 12."""
    if not re.fullmatch("[0-9]{1,2}", text):
        return text
    written = (text + mark for mark in programme.form.date_marks if mark in heading)
    return next((each for each in written if find_periods(each, programme)), text)
