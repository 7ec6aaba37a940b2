"""审核说明 of a return copy that comes back: found by its headings, wherever it stands and in whatever format it was saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pipeline.model import Answer, Area, Cell, Evidence, Grade, Grid, Kind, address
from pipeline.model.words import Words
from pipeline.reading.layout.comparable import after_label, plain, split_bracket
from pipeline.reading.layout.headers import recognise
from pipeline.reading.values import find_districts, find_periods
from schemas.programme import Programme

ENOUGH = 4  # headings that make a row the header, the column to fill and the findings among them
SOURCE = "reply"
SHORTEST_PART = 2


@dataclass(frozen=True)
class AnswerSheet:
    """What a sheet 审核说明 says. ``supplements`` are all lines of 补充说明; only those that name an indicator, or the whole row,
    are among the ``answers``: a remark about something else must not settle whatever happens to be open.

    ``file`` is the name, with its folders, under which the file first came, where its district or period was in question.
    """

    answers: tuple[Answer, ...]
    supplements: tuple[Answer, ...]
    periods: tuple[Evidence, ...]
    districts: tuple[Evidence, ...]
    file: str = ""


@dataclass(frozen=True)
class _Header:
    row: int
    columns: Mapping[str, int]


def is_answer_sheet(grid: Grid, programme: Programme) -> bool:
    """Whether a sheet is the 审核说明 of a return copy."""
    return _header(grid, programme) is not None


def read_answer_sheet(grid: Grid, programme: Programme, called: frozenset[dt.date] = frozenset()) -> AnswerSheet:
    """The answers and the heading of a sheet for which ``is_answer_sheet`` holds. Raises ValueError for any other."""
    header = _header(grid, programme)
    if header is None:
        raise ValueError(f"no answers in {grid.name}")
    lines = tuple(_lines(grid, header, programme))
    supplements = tuple(_supplements(grid, header.row, programme))
    periods, districts = _heading(grid, header.row, programme, called)
    answers = tuple(line for line, says_of_what in supplements if says_of_what)
    file = _file(grid, header.row, programme)
    return AnswerSheet((*lines, *answers), tuple(line for line, _ in supplements), periods, districts, file)


def _words(programme: Programme) -> Words:
    return Words(programme, "return_copy")


@lru_cache(maxsize=4)
def _headings(programme: Programme) -> dict[str, str]:
    """Heading, with and without its remark in brackets, to the name of its column."""
    columns: Mapping[str, str] = _words(programme).table("columns")
    return {plain(form): name for name, label in columns.items() for form in (label, split_bracket(label)[0])}


@lru_cache(maxsize=4)
def _marker(programme: Programme) -> str:
    return split_bracket(_words(programme).raw("columns.reply"))[0]


def _header(grid: Grid, programme: Programme) -> _Header | None:
    """The row with the headings of message and answer and some of the others."""
    marker, headings = _marker(programme), _headings(programme)
    rows = {row for (row, _), cell in grid.cells.items() if marker in cell.text and plain(cell.text) in headings}
    for row in sorted(rows):
        columns: dict[str, int] = {}
        for column, cell in grid.rows[row].items():
            if name := headings.get(plain(cell.text)):
                columns.setdefault(name, column)
        if {"reply", "message"} <= columns.keys() and len(columns) >= ENOUGH:
            return _Header(row, columns)
    return None


def _lines(grid: Grid, header: _Header, programme: Programme) -> Iterator[Answer]:
    """One answer for each line that was filled; 同上 takes the line above that could be."""
    cells = _words(programme).table("cells")
    above = ""
    for row in _rows_until_hints(grid, header.row, programme):
        said = {name: _shown(grid, row, column).text for name, column in header.columns.items()}
        rule = plain(said.get("rule", "")).upper()
        indicator = _indicator(said.get("indicator", ""), programme)
        if rule not in programme.rules and not (indicator and _is_finding(said, programme)):
            continue
        text = said["reply"].strip()
        if plain(text) == plain(cells["correct"]):
            continue
        above = text = above if plain(text) == plain(cells["same"]) and above else text
        if text:
            yield Answer(
                text=text,
                sheet=grid.name,
                cell=address(row, header.columns["reply"]),
                rule=rule if rule in programme.rules else None,
                indicator=indicator,
                observed=_figure(said, "observed", programme),
                expected=_figure(said, "expected", programme),
            )


def _figure(said: Mapping[str, str], column: str, programme: Programme) -> str | None:
    """What a line repeats of its finding; None where the copy had nothing to write, or it was taken out."""
    figure = said.get(column, "").strip()
    return None if figure in ("", _words(programme).text("cells.none")) else figure


def _is_finding(said: Mapping[str, str], programme: Programme) -> bool:
    """A line whose number was lost: it still has its grade and its message (and must name its indicator)."""
    labels = Words(programme, "report").table("grades")
    grades = {plain(labels[grade]["label"]) for grade in (Grade.ERROR, Grade.QUERY)}
    return plain(said.get("grade", "")) in grades and bool(said["message"].strip())


def _supplements(grid: Grid, after: int, programme: Programme) -> Iterator[tuple[Answer, bool]]:
    """The lines of 补充说明, and whether each says what it is about."""
    words = _words(programme)
    whole = {plain(word) for word in words.raw("supplement.whole")}
    header = _supplement_header(grid, after, programme)
    if header is None:
        return
    above = ""
    for row in _rows_until_hints(grid, header.row, programme):
        said = {name: _shown(grid, row, column).text.strip() for name, column in header.columns.items()}
        text = said["reason"]
        above = text = above if plain(text) == plain(_words(programme).text("cells.same")) and above else text
        if text or said["amount"]:
            indicator = _indicator(said["indicator"], programme)
            known = indicator is not None or plain(said["indicator"]) in whole
            strange = "" if known else said["indicator"]
            text = words.text("supplement.named", indicator=strange, text=text) if strange else text
            cell = address(row, header.columns["reason"])
            yield Answer(text=text, sheet=grid.name, cell=cell, indicator=indicator, amount=said["amount"]), known


def _supplement_header(grid: Grid, after: int, programme: Programme) -> _Header | None:
    words = _words(programme)
    wanted = {plain(words.raw(f"supplement.{name}")): name for name in ("indicator", "amount", "reason")}
    for row in _rows_until_hints(grid, after, programme):
        columns = {wanted[word]: column for column, cell in grid.rows[row].items() if (word := plain(cell.text)) in wanted}
        if len(columns) == len(wanted):
            return _Header(row, columns)
    return None


def _heading(
    grid: Grid, header: int, programme: Programme, called: frozenset[dt.date]
) -> tuple[tuple[Evidence, ...], tuple[Evidence, ...]]:
    """What the line under the title says of period and district; the time of receipt beside it says nothing of a period."""
    words = _words(programme)
    unit, period = ((words.raw(f"head.{part}").partition("{")[0],) for part in ("unit", "period"))
    periods: list[Evidence] = []
    districts: list[Evidence] = []
    for row in (row for row in grid.rows if row < header):
        for part in (part for cell in grid.rows[row].values() for part in cell.text.split(words.text("head.joiner"))):
            if rest := after_label(part, unit):
                districts += [Evidence(SOURCE, part.strip(), found) for found in find_districts(rest, programme)]
            elif rest := after_label(part, period):
                periods += [Evidence(SOURCE, part.strip(), found) for found in find_periods(rest, programme, called)]
    return tuple(periods), tuple(districts)


def _file(grid: Grid, header: int, programme: Programme) -> str:
    label = (_words(programme).raw("head.file").partition("{")[0],)
    texts = (cell.text for row in grid.rows if row < header for cell in grid.rows[row].values())
    return next((rest.strip() for text in texts if (rest := after_label(text, label))), "")


def _indicator(text: str, programme: Programme) -> str | None:
    """The indicator a text names: as a header may, or by a part of one indicator's name and of no other's (研发机构)."""
    if len(plain(text)) < SHORTEST_PART:
        return None
    found = recognise(text, programme)
    parts = [i.id for i in programme.indicators if any(plain(text) in plain(name) for name in (i.name, i.short, i.plain))]
    return found[0] if found else parts[0] if len(parts) == 1 else None


def _rows_until_hints(grid: Grid, after: int, programme: Programme) -> Iterator[int]:
    """The rows under a header; the list of hints is no part of what can be answered."""
    end = plain(_words(programme).raw("hints.title"))
    for row in (row for row in grid.rows if row > after):
        if any(plain(cell.text) == end for cell in grid.rows[row].values()):
            return
        yield row


def _shown(grid: Grid, row: int, column: int) -> Cell:
    """The cell, or the one that a merged range shows in its place: offices merge lines they answer together."""
    cell = grid.at(row, column)
    if cell.kind is not Kind.BLANK:
        return cell
    area = next((area for area in grid.merges if (row, column) in area), Area(row, column, row, column))
    return grid.at(area.top, area.left)
