"""What a file holds instead of the form's table (F02): a table turned round, a list, a picture, text boxes, another heading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.model import Grid, Kind
from pipeline.model.catalogue import place_name
from pipeline.model.words import Words
from pipeline.reading.layout.comparable import plain
from pipeline.reading.layout.headings import read_heading
from pipeline.reading.values import match_district
from schemas.programme import Programme

LEAST = 2
"""Indicators under each other that make a list."""


def instead(grids: Sequence[Grid], programme: Programme, *, pictures: bool = False, boxes: Sequence[str] = ()) -> str:
    """The phrase of F02 for what the sheets hold, empty where nothing can be said. ``boxes`` are the texts of text boxes."""
    words = Words(programme, "findings")
    for grid in grids:
        for phrase in (*_turned(grid, programme, words), *_headed_otherwise(grid, programme, words)):
            return phrase
    if any(character.isdecimal() for text in boxes for character in text):
        return words.text("F02.boxes")
    return words.text("F02.picture") if pictures else ""


def _turned(grid: Grid, programme: Programme, words: Words) -> Iterator[str]:
    """Indicators in rows: beside districts in columns, or beside their figures only."""
    rows = _named_rows(grid, programme)
    if len(rows) < LEAST:
        return
    first = min(rows)
    heads = [
        row for row in grid.rows if row < first and any(_is_district(grid, row, column, programme) for column in grid.rows[row])
    ]
    if heads:
        yield words.text("F02.turned", row=max(heads))
    else:
        yield words.text("F02.list", sheet=grid.name)


def _named_rows(grid: Grid, programme: Programme) -> list[int]:
    """The rows that begin with an indicator, where it is the only one: the first column that has several."""
    found: dict[int, dict[int, str]] = {}
    for (row, column), cell in grid.cells.items():
        if cell.kind is Kind.TEXT and (heading := read_heading(cell.text, programme)):
            found.setdefault(column, {})[row] = heading.indicator
    for _, named in sorted(found.items()):
        if len(set(named.values())) >= LEAST:
            return sorted(named)
    return []


def _is_district(grid: Grid, row: int, column: int, programme: Programme) -> bool:
    cell = grid.at(row, column)
    return cell.kind is Kind.TEXT and match_district(cell.text, programme) is not None


def _headed_otherwise(grid: Grid, programme: Programme, words: Words) -> Iterator[str]:
    """The first heading beside that of the regions, or the one indicator that is headed: what stands where the form's should."""
    form = programme.form
    regions = {plain(word) for word in (*form.region_headers, *form.label_headers)}
    known = regions | {plain(word) for word in (*form.serial_headers, *form.remark_headers)}
    for row, line in grid.rows.items():
        texts = {column: cell.text.strip() for column, cell in line.items() if cell.kind is Kind.TEXT and cell.text.strip()}
        headings = {column: text for column, text in texts.items() if plain(text) not in known}
        named = any(plain(text) in regions for text in texts.values())
        if len(texts) >= LEAST and headings and (named or any(read_heading(text, programme) for text in headings.values())):
            column, text = next(iter(headings.items()))
            yield words.text("F02.heading", cell=place_name(programme, row, column, addressed=grid.addressed), text=text)
            return
