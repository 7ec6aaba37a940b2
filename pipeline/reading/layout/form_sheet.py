"""填报信息 and 情况说明 of a template that comes back, and the previous values beside its table: found by their headings."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.model import Answer, Evidence, FormInfo, Grid, Kind, address
from pipeline.model.view import SHOWN_ZONE
from pipeline.model.words import Words
from pipeline.reading.layout.comparable import after_label, plain, split_bracket
from pipeline.reading.layout.form_lines import said
from pipeline.reading.layout.headers import recognise
from pipeline.reading.values import find_districts, find_no_periods, find_periods
from pipeline.reading.values.times import parse_time
from schemas.programme import Programme

SOURCE = "form_info"

Called = frozenset[dt.date]


@dataclass(frozen=True)
class FormSheets:
    """What the template's own sheets say; ``info`` is None where the file is no template."""

    info: FormInfo | None = None
    answers: tuple[Answer, ...] = ()
    periods: tuple[Evidence, ...] = ()
    districts: tuple[Evidence, ...] = ()


def form_sheets(grids: Sequence[Grid], programme: Programme, called: Called = frozenset()) -> FormSheets:
    """What a file's sheets say as those of a template. Of several 填报信息 the first counts, and all are evidence."""
    filled = [fields for grid in grids if (fields := _fields(grid, programme)) is not None]
    answers = tuple(answer for grid in grids for answer in _answers(grid, programme))
    if not filled:
        return FormSheets(answers=answers)
    periods = tuple(evidence for fields in filled for evidence in _periods(fields, programme, called))
    districts = tuple(evidence for fields in filled for evidence in _districts(fields, programme))
    return FormSheets(_info(filled[0], grids, programme), answers, periods, districts)


def _words(programme: Programme) -> Words:
    return Words(programme, "template")


def _fields(grid: Grid, programme: Programme) -> dict[str, str] | None:
    """Field id → what stands beside its name, empty where that is blank; None for a sheet without the headings."""
    header = _header(grid, _words(programme).table("info.columns"), ("content", "name"))
    if header is None:
        return None
    top, columns = header
    names = _field_names(programme)
    found: dict[str, str] = {}
    for row in (row for row in grid.rows if row > top):
        field = names.get(plain(grid.shown(row, columns["name"]).text))
        if field and not found.get(field):
            found[field] = grid.shown(row, columns["content"]).text.strip()
    return found


@lru_cache(maxsize=4)
def _field_names(programme: Programme) -> dict[str, str]:
    return {plain(field["name"]): field["id"] for field in _words(programme).raw("info.fields")}


def _header(grid: Grid, heads: Mapping[str, str], wanted: Sequence[str]) -> tuple[int, dict[str, int]] | None:
    """The first row that has all the ``wanted`` of these headings, and column by heading."""
    names = {plain(text): part for part, text in heads.items()}
    for row in sorted({row for row, _ in _places(grid, heads[wanted[0]])}):
        columns: dict[str, int] = {}
        for column, cell in grid.rows[row].items():
            if part := names.get(plain(cell.text)):
                columns.setdefault(part, column)
        if set(wanted) <= columns.keys():
            return row, columns
    return None


def _places(grid: Grid, head: str) -> Iterator[tuple[int, int]]:
    """Where a text begins as a heading does; most cells are told apart by a character."""
    first, word = head[0], plain(head)
    for place, cell in grid.cells.items():
        if first in cell.text and cell.kind is Kind.TEXT and plain(cell.text).startswith(word):
            yield place


def _info(fields: Mapping[str, str], grids: Sequence[Grid], programme: Programme) -> FormInfo:
    asked = [field for field in programme.form.fields if field.id in fields]
    return FormInfo(
        filler=said(fields.get("filler", "")),
        missing=tuple(field.name for field in asked if not said(fields[field.id])),
        kind=fields.get("kind", ""),
        nothing_new=plain(fields.get("changes", "")) == plain(_words(programme).text("info.says.nothing_new")),
        remark=fields.get("remark", ""),
        version=fields.get("version", ""),
        prefilled=next((found for grid in grids if (found := _prefilled(grid, programme))), {}),
    )


def _periods(fields: Mapping[str, str], programme: Programme, called: Called) -> Iterator[Evidence]:
    """The field holds a period and nothing else: any day in it is one."""
    text = fields.get("period", "")
    day = parse_time(after_label(text, programme.form.period_labels) or text)
    days = called | {day.astimezone(SHOWN_ZONE).date()} if day else called
    mentions = find_periods(text, programme, days)
    yield from (Evidence(SOURCE, text, mention) for mention in mentions)
    if not mentions:
        where = _words(programme).text("info.sheet")
        for strange in find_no_periods(text, programme, days):
            yield Evidence(SOURCE, text, dataclasses.replace(strange, where=where, binding=True))


def _districts(fields: Mapping[str, str], programme: Programme) -> Iterator[Evidence]:
    for field, source in (("district", SOURCE), ("unit", "unit_line")):
        text = fields.get(field, "")
        yield from (Evidence(source, text, district) for district in find_districts(text, programme))


def _answers(grid: Grid, programme: Programme) -> Iterator[Answer]:
    """One answer for each line of 情况说明 that gives a reason, a matter or an amount; 同上 takes the reason above."""
    words = _words(programme)
    header = _header(grid, words.table("reasons.columns"), ("matter", "indicator", "amount", "text"))
    if header is None:
        return
    top, columns = header
    above = ""
    for row in (row for row in grid.rows if row > top):
        told = {part: grid.shown(row, column).text.strip() for part, column in columns.items()}
        text = above if above and plain(told["text"]) == plain(words.text("reasons.same")) else told["text"]
        above = text or above
        if text or told["matter"] or told["amount"]:
            cell = address(row, columns["text"])
            yield _answer(told | {"text": text}, grid.name, cell, programme)


def _answer(told: Mapping[str, str], sheet: str, cell: str, programme: Programme) -> Answer:
    """A matter of the office's own is none of the programme's: it answers what else there is to explain, and is kept."""
    words = _words(programme)
    found = recognise(told["indicator"], programme) if told["indicator"] else None
    whole = plain(told["indicator"]) == plain(words.text("reasons.whole", every=programme.terms.get("every", "")))
    matters = {plain(matter.name): matter.id for matter in programme.matters}
    matter = matters.get(plain(told["matter"]))
    text = told["text"]
    for strange in (told["matter"] if matter is None else "", told["indicator"] if not (found or whole) else ""):
        text = words.text("reasons.named", name=strange, text=text) if strange else text
    return Answer(text, sheet, cell, None, matter, found[0] if found else None, amount=told["amount"])


def _prefilled(grid: Grid, programme: Programme) -> dict[str, str]:
    """indicator → the previous value beside the table, as shown."""
    form = programme.form
    head = split_bracket(_words(programme).raw("form.beside.previous"))[0]
    place = next(_places(grid, head), None)
    if place is None:
        return {}
    top, column = place
    names = [c for c, cell in grid.rows[top].items() if c < column and plain(cell.text) in map(plain, form.label_headers)]
    found: dict[str, str] = {}
    for row in (row for row in grid.rows if row > top and names):
        named, text = recognise(grid.at(row, names[-1]).text, programme), grid.at(row, column).text.strip()
        if named and text != _words(programme).text("none"):
            found.setdefault(named[0], text)
    return found
