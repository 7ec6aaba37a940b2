"""The header of an Annex 2 table: groups, headings and sub-headings, units in or under them, columns in any order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pipeline.model import Cell, Column, Finding, Grid, Kind, Meaning, address
from pipeline.model.catalogue import make_finding, place_name
from pipeline.model.words import Words
from pipeline.reading.layout.comparable import brackets_opened, plain, split_bracket
from pipeline.reading.layout.header_cells import Label, labels_from, reach
from pipeline.reading.layout.headings import bare_heading, bare_unit, differs_by_one, is_unit, recognise
from pipeline.reading.layout.spread import Reach, columns_of, group_lines, reach_on, sub_lines
from pipeline.reading.values import match_district, suggest_district
from schemas.programme import Programme

__all__ = ["Header", "find_headers", "is_unit", "recognise"]

HEADER_MINIMUM = 2  # indicators that make a row a header (F02)


@dataclass(frozen=True)
class Header:
    """``columns`` maps indicator ids, in programme order, to columns; the values of ``unusable`` indicators (S01, S03) count for
    nothing. ``first`` is the line of the uppermost group's heading, ``top`` that of the headings. ``choices`` are the columns
    that an indicator may stand in, where that is to be decided (S13); ``headed`` are all columns under any heading.
    """

    first: int
    top: int
    bottom: int
    columns: Mapping[str, int]
    region_columns: tuple[int, ...]
    flaws: tuple[Finding, ...]
    unusable: frozenset[str]
    choices: tuple[Column, ...] = ()
    headed: frozenset[int] = frozenset()

    @cached_property
    def value_columns(self) -> tuple[int, ...]:
        """Every column that may hold an indicator's value."""
        return tuple(sorted({*self.columns.values(), *(choice.column for choice in self.choices)}))


def find_headers(grid: Grid, programme: Programme) -> tuple[Header, ...]:
    """All headers of a sheet, top to bottom."""
    headers: list[Header] = []
    for row in grid.rows:
        if headers and row <= headers[-1].bottom:
            continue
        labels = labels_from(grid, row, programme)
        if len({label.indicator for label in labels}) >= HEADER_MINIMUM:
            header = _header(grid, row, labels, programme)
            if header:
                headers.append(header)
    return tuple(headers)


def _header(grid: Grid, top: int, labels: list[Label], programme: Programme) -> Header | None:
    labels = _without_near(labels)
    reached = reach(grid, labels)
    bottom = max(label.row for label in labels)
    regions = _region_columns(grid, top, bottom, reached, programme)
    if not regions:
        return None
    lines = sub_lines(grid, bottom, reached, regions, programme)
    reached = reach_on(grid, lines, reached)
    groups = group_lines(grid, top, regions, _region_words(programme))
    columns = columns_of(grid, reached, groups, lines, regions, programme)
    flaws = (
        *_missing_or_repeated(grid, top, columns, (reached, regions), programme),
        *_wrong_units(grid, reached, lines, columns, programme),
    )
    last = max(lines, default=bottom)
    return Header(
        groups.start,
        top,
        last,
        {i: column for i in programme.indicator_ids if (column := _first_choice(columns, i)) is not None},
        regions,
        flaws,
        frozenset(finding.indicator for finding in flaws if finding.indicator),
        _to_be_decided(columns),
        _headed(grid, range(groups.start, last + 1), {column.column for column in columns}),
    )


def _without_near(labels: list[Label]) -> list[Label]:
    """A heading that nearly names an indicator counts where none names it."""
    sure = {label.indicator for label in labels if label.sure != "near"}
    return [label for label in labels if label.sure != "near" or label.indicator not in sure]


def _first_choice(columns: Sequence[Column], indicator: str) -> int | None:
    """The column that its words make the likeliest, before anything else is known of the file."""
    mine = [column for column in columns if column.indicator == indicator]
    if len(mine) == 1:
        return mine[0].column
    totals = [column for column in mine if column.said and column.said[-1].meaning is Meaning.TOTAL]
    plain_ones = [column for column in mine if not column.said]
    return next((column.column for column in (*totals, *plain_ones, *mine)), None)


def _to_be_decided(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns of indicators that have several, or over which something is said."""
    counts = Counter(column.indicator for column in columns)
    open_ones = {column.indicator for column in columns if column.said or counts[column.indicator] > 1}
    return tuple(column for column in columns if column.indicator in open_ones)


def _headed(grid: Grid, rows: range, columns: set[int]) -> frozenset[int]:
    """Every column that stands under a text of the header."""
    texts = {column for row in rows for column, cell in grid.rows.get(row, {}).items() if _is_text(cell)}
    merged = {
        column
        for area in grid.merges
        if area.top in rows and grid.at(area.top, area.left).text.strip() and area.right - area.left < _WIDEST
        for column in range(area.left, area.right + 1)
    }
    return frozenset(texts | merged | columns)


def _is_text(cell: Cell) -> bool:
    """A number over a column is no heading."""
    return bool(cell.text.strip()) and cell.kind is not Kind.NUMBER and not cell.text.strip().isdecimal()


_WIDEST = 200
"""A heading merged over more columns is a line over the whole sheet."""


def _region_columns(grid: Grid, top: int, bottom: int, reached: Reach, programme: Programme) -> tuple[int, ...]:
    """Columns left of the indicators that are headed as region or hold a district, leftmost first; others only without these."""
    taken = {column for columns in reached.values() for column in columns}
    first = min(label.column for label in reached)
    heads = dict(_heads(grid, top, bottom))
    named = {column for column, text in heads.items() if column not in taken and _heads_regions(text, programme)}
    holding = {
        column
        for (row, column), cell in grid.cells.items()
        if row > bottom and column not in taken and cell.kind is Kind.TEXT and match_district(cell.text, programme)
    }
    found = named | holding
    if not found:
        found = {c for c, text in heads.items() if c not in taken and _nearly_heads_regions(text, programme)}
    found = found or _nearly_holding(grid, bottom, first, programme)
    return tuple(sorted(column for column in found if column < first) or sorted(found))


def _nearly_holding(grid: Grid, bottom: int, first: int, programme: Programme) -> set[int]:
    """Columns left of the indicators with a name that is a district's but for a character (S08), and nothing better."""
    return {
        column
        for (row, column), cell in grid.cells.items()
        if row > bottom and column < first and cell.kind is Kind.TEXT and suggest_district(cell.text, programme)
    }


def _heads(grid: Grid, top: int, bottom: int) -> Iterator[tuple[int, str]]:
    """(column, text) of what heads columns: in the header's lines, in the one above, or merged down into them."""
    for row in range(top - 1, bottom + 1):
        yield from ((column, cell.text) for column, cell in grid.rows.get(row, {}).items() if cell.kind is Kind.TEXT)
    for area in grid.merges:
        if area.top < top <= area.bottom and grid.at(area.top, area.left).kind is Kind.TEXT:
            yield from ((column, grid.at(area.top, area.left).text) for column in range(area.left, area.right + 1))


def _heads_regions(text: str, programme: Programme) -> bool:
    return _region_head(text, programme) in _region_words(programme)


@lru_cache(maxsize=1024)  # offices copy the form: the same texts come again in file after file
def _region_head(text: str, programme: Programme) -> str:
    """The text plain, without brackets, numbers and marks (A.区域①, 【区域】, 区域（县市区））."""
    words = _region_words(programme)
    core = plain(text)
    if core in words:
        return core
    opened = brackets_opened(text)
    without = bare_heading(plain(_IN_BRACKETS.sub("", opened)), programme)
    return without if without in words else bare_heading(re.sub(r"[()]", "", plain(opened)), programme)


_IN_BRACKETS = re.compile(r"\([^()]*\)")


@lru_cache(maxsize=1024)
def _nearly_heads_regions(text: str, programme: Programme) -> bool:
    """One character of the regions' heading is wrong (区城): what stands under it is then told by S08, and not lost by F02."""
    core = _region_head(text, programme)
    return len(core) > 1 and any(len(word) == len(core) and differs_by_one(core, word) for word in _region_words(programme))


@lru_cache(maxsize=4)
def _region_words(programme: Programme) -> frozenset[str]:
    """How the column of the regions may be headed, plain: a word or two of them (区域指标名称)."""
    words = {plain(word) for word in (*programme.form.region_headers, *programme.form.label_headers)}
    return frozenset(words | {a + b for a in words for b in words})


def _missing_or_repeated(
    grid: Grid, top: int, columns: Sequence[Column], header: tuple[Reach, Sequence[int]], programme: Programme
) -> list[Finding]:
    """S01, one finding for each indicator. Headings of one indicator that say what they are of are not repeated (S13)."""
    reached, _ = header
    problems = Words(programme, "findings").table("problem")
    found = {i: [label for label in reached if label.indicator == i] for i in programme.indicator_ids}
    found = {i: places for i, places in found.items() if not _stands(places, columns)}
    unknown = _unknown_headers(grid, top, columns, header, programme) if found else []
    findings = []
    for indicator, places in found.items():
        near = places[0] if places and places[0].sure == "near" else None
        key = "unrecognised" if near or (unknown and not places) else "repeated" if places else "missing"
        where = (places[-1].row, places[-1].column) if places else unknown[0] if len(unknown) == 1 else None
        seen = grid.at(*where).text if where and (near or not places) else None
        said = _suggestion(grid, near, programme) if near else ""
        params = {"row": str(top), "problem": problems[key], "suggestion": said}
        cell = address(*where) if where else None
        findings.append(make_finding(programme, "S01", sheet=grid.name, cell=cell, indicator=indicator, observed=seen, **params))
    return findings


def _told_apart(columns: Sequence[Column], indicator: str) -> bool:
    """Whether the texts over an indicator's columns say that they are of different figures."""
    mine = [column for column in columns if column.indicator == indicator]
    return len({tuple((said.meaning, said.periods) for said in column.said) for column in mine}) > 1


def _stands(places: Sequence[Label], columns: Sequence[Column]) -> bool:
    """Whether an indicator is headed: once for sure, or several times with what tells its columns apart."""
    if not places or places[0].sure == "near":
        return False
    return len(places) == 1 or _told_apart(columns, places[0].indicator)


def _suggestion(grid: Grid, near: Label, programme: Programme) -> str:
    """Where the heading is that nearly names the indicator, and what it says."""
    cell = place_name(programme, near.row, near.column, addressed=grid.addressed)
    text = grid.at(near.row, near.column).text.strip()
    return Words(programme, "findings").text("S01.suggestion", cell=cell, text=text)


def _unknown_headers(
    grid: Grid, top: int, columns: Sequence[Column], header: tuple[Reach, Sequence[int]], programme: Programme
) -> list[tuple[int, int]]:
    """Headings among the indicators' columns that say nothing known: perhaps a renamed indicator."""
    reached, regions = header
    row = max(label.row for label in reached)
    known = {plain(w) for w in (*programme.form.remark_headers, *programme.form.serial_headers, *programme.form.region_headers)}
    taken = {column.column for column in columns} | set(regions)
    cells = {(r, c): cell for r in {top, row} for c, cell in grid.rows.get(r, {}).items() if c not in taken}
    return [place for place, cell in sorted(cells.items()) if cell.kind is Kind.TEXT and plain(cell.text) not in known]


def _wrong_units(
    grid: Grid, reached: Reach, lines: Sequence[int], columns: Sequence[Column], programme: Programme
) -> list[Finding]:
    """S03: a heading, or a line under it, states another unit than the indicator's."""
    findings = []
    rates = {column.column for column in columns if any(said.meaning is Meaning.RATE for said in column.said)}
    headed = [label.indicator for label in reached]
    for label, places in reached.items():
        if label.sure == "near" or headed.count(label.indicator) > 1:
            continue
        right = programme.indicator(label.indicator).unit
        stated = _stated_units(grid, label, [place for place in places if place not in rates], lines, programme)
        row, column, unit = next((each for each in stated if plain(each[2]) != plain(right)), (0, 0, ""))
        if unit:
            place = {"sheet": grid.name, "cell": address(row, column), "indicator": label.indicator}
            findings.append(make_finding(programme, "S03", observed=unit, expected=right, **place))
    return findings


def _stated_units(
    grid: Grid, label: Label, columns: Sequence[int], lines: Sequence[int], programme: Programme
) -> list[tuple[int, int, str]]:
    """(row, column, unit): in the heading, else in the lines under it."""
    if label.unit:
        return [(label.row, label.column, bare_unit(label.unit, programme))]
    found = []
    for row in lines:
        for column in columns:
            text = grid.at(row, column).text
            unit = split_bracket(text)[1] or text
            if text.strip() and is_unit(unit, programme):
                found.append((row, column, bare_unit(unit, programme)))
    return found
