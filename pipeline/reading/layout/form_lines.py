"""填报人、审核人、联系电话 in the lines above and below a table: who filled it in, and which of the fields are blank (F10)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest

from pipeline.model import Cell, FormInfo, Grid, Kind, Table
from pipeline.reading.layout.comparable import plain
from schemas.form import FormField
from schemas.programme import Programme

Found = dict[str, str]
"""Field id → what stands behind its label, empty where that is blank."""


def form_lines(sheets: Iterable[tuple[Grid, Sequence[Table]]], programme: Programme) -> FormInfo:
    """What the sheets' lines say. A field is missing where it has a place and no sheet with a filled table has anything in it."""
    read = [_of_sheet(grid, tables, programme) for grid, tables in sheets if _is_filled(tables)]
    fields = programme.form.fields
    values = {field.id: [found[field.id] for found in read if field.id in found] for field in fields}
    missing = tuple(field.name for field in fields if values[field.id] and not any(values[field.id]))
    return FormInfo(filler=next(filter(None, values.get("filler", ())), ""), missing=missing)


def _is_filled(tables: Sequence[Table]) -> bool:
    return any(row.filled for table in tables for row in table.rows)


def _of_sheet(grid: Grid, tables: Sequence[Table], programme: Programme) -> Found:
    found: Found = {}
    for row in outside(grid, tables):
        for field, value in _fields(list(grid.rows[row].values()), programme):
            found[field] = found.get(field) or value
    return found


def outside(grid: Grid, tables: Sequence[Table]) -> Iterator[int]:
    """The rows of a sheet that are neither header nor rows nor total of its tables."""
    inside = {table.header_row for table in tables} | {row.number for table in tables for row in table.rows}
    inside |= {table.total.number for table in tables if table.total}
    inside |= {row.number for table in tables for row in table.asides}
    inside |= {line for table in tables if table.repeated for line in table.header_lines}
    return (row for row in grid.rows if row not in inside)


def _fields(cells: list[Cell], programme: Programme) -> Iterator[tuple[str, str]]:
    """(field, value) of one line: behind the label in its cell, else in the next filled cell, if that is no label itself."""
    cells = [cell for cell in cells if cell.text.strip()]
    for cell, following in zip_longest(cells, cells[1:]):
        labelled = split_labels(cell.text, programme) if cell.kind is Kind.TEXT else ()
        for number, (field, value) in enumerate(labelled):
            if not value and number == len(labelled) - 1 and following and not _is_labelled(following, programme):
                value = said(following.text)
            if field is not None:
                yield field, value


def _is_labelled(cell: Cell, programme: Programme) -> bool:
    return cell.kind is Kind.TEXT and bool(split_labels(cell.text, programme))


@lru_cache(maxsize=1024)  # offices copy the form: the same texts come again in file after file
def split_labels(text: str, programme: Programme) -> tuple[tuple[str | None, str], ...]:
    """``填报人：张某　审核人：`` is ((filler, 张某), (reviewer, "")); a label of something else has None for its field."""
    names = _field_of(programme.form.fields)
    line = unicodedata.normalize("NFKC", text)
    places = list(_labels(programme).finditer(line))
    ends = [*(place.start() for place in places[1:]), len(line)]
    labels = (plain(place["label"] or place["alone"]) for place in places)
    return tuple(
        (names.get(label), said(line[place.end() : end])) for label, place, end in zip(labels, places, ends, strict=False)
    )


def said(text: str) -> str:
    """A value without brackets and lines to write on: ``（签字）____`` says nothing."""
    bare = re.sub(r"[(（][^()（）]*[)）]", "", text).strip(" \t\r\n\u3000,，;；、。_()（）")
    return bare if plain(bare) else ""


@lru_cache(maxsize=4)
def _field_of(fields: tuple[FormField, ...]) -> dict[str, str]:
    return {plain(label): field.id for field in fields for label in (field.name, *field.labels)}


@lru_cache(maxsize=4)
def _labels(programme: Programme) -> re.Pattern[str]:
    """A label with a colon anywhere; without one only as a word of its own. A remark in brackets may stand behind it."""
    form = programme.form
    words = {label for field in form.fields for label in (field.name, *field.labels)}
    words |= {*form.filler_labels, *form.note_labels, *form.date_labels, *form.period_labels, *form.unit_labels}
    spaced = "|".join(r"\s*".join(map(re.escape, word)) for word in sorted(words, key=lambda word: (-len(word), word)))
    remark = r"\s*(?:\([^()]*\)\s*)?"
    return re.compile(rf"(?P<label>{spaced or '(?!)'}){remark}:|(?<![^\s(])(?P<alone>{spaced or '(?!)'}){remark}(?=$|[\s_)])")
