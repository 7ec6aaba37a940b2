"""The columns under the headings: lines of sub-headings, groups above, and what all these say that the figures are."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from pipeline.model import Cell, Column, Grid, Kind, Meaning, Problem, Said
from pipeline.reading.layout.comparable import after_label, brackets_opened, plain, split_bracket
from pipeline.reading.layout.header_cells import Label, merged_at
from pipeline.reading.layout.headings import is_unit, narrows_nothing, read_heading
from pipeline.reading.layout.limits import limit_of
from pipeline.reading.layout.meanings import holds, is_as_of, is_part_of_year, is_span, meanings, says_nothing, says_only
from pipeline.reading.values import find_periods, match_district, read_number
from schemas.programme import Programme

Reach = Mapping[Label, tuple[int, ...]]

SUB_LINES = 3
"""More lines than these under the names of the indicators are no header any more."""


def is_figure(cell: Cell, programme: Programme) -> bool:
    """Whether a cell holds a number or what is written in place of one; a heading may be a date."""
    if cell.kind in (Kind.TEXT, Kind.DATE):
        if not cell.text.strip() or find_periods(cell.text, programme) or meanings(cell.text, programme)[0]:
            return False
        if not any(character.isdecimal() for character in cell.text) and says_nothing(cell.text, programme):
            return False
        if _YEARS.match(cell.text.strip()) or limit_of(cell.text, programme):
            return False
        if cell.kind is Kind.DATE:
            return True
        value, problems = read_number(cell, programme.indicators[0], programme, all_text=True)
        return value is not None or holds_figure(cell.text, problems) or any(problem.rule == "C03" for problem in problems)
    return cell.kind is not Kind.BLANK


def holds_figure(observed: str, problems: Iterable[Problem]) -> bool:
    """Whether what stands in a value cell was meant as a number, right or wrong; a text or a placeholder was not."""
    rules = {problem.rule for problem in problems}
    if rules & {"C02", "C03"}:
        return False
    return "C11" not in rules or any(character.isdecimal() for character in observed)


def sub_lines(grid: Grid, bottom: int, reach: Reach, regions: Sequence[int], programme: Programme) -> tuple[int, ...]:
    """The lines of sub-headings (本期新增｜累计) and units right under the headings."""
    lines: list[int] = []
    while len(lines) < SUB_LINES and _is_sub_line(grid, bottom + 1 + len(lines), reach, regions, programme):
        lines.append(bottom + 1 + len(lines))
    return tuple(lines)


def _is_sub_line(grid: Grid, row: int, reach: Reach, regions: Sequence[int], programme: Programme) -> bool:
    cells = {column: grid.at(row, column) for column in _columns_under(grid, row, reach)}
    filled = {column: cell for column, cell in cells.items() if cell.text.strip()}
    if filled and all(is_unit(split_bracket(cell.text)[1] or cell.text, programme) for cell in filled.values()):
        return True
    if not filled or any(is_figure(cell, programme) for cell in filled.values()) or _is_row(grid, row, regions, programme):
        return False
    if any(_tells(cell.text, programme) for cell in filled.values()):
        return True
    nameless = not any(grid.shown(row, column).text.strip() for column in regions if not _headed_above(grid, row, column))
    headed = sum(any(column in filled for column in columns) for columns in reach.values())
    return nameless and (headed > 1 or any(sum(column in filled for column in columns) > 1 for columns in reach.values()))


def _headed_above(grid: Grid, row: int, column: int) -> bool:
    area = merged_at(grid, row, column)
    return bool(area and area.top < row)


def _is_row(grid: Grid, row: int, regions: Sequence[int], programme: Programme) -> bool:
    """Whether a line is a district's, a total's or a note."""
    form = programme.form
    totals = {plain(label) for label in form.total_labels}
    texts = [cell.text for cell in grid.rows.get(row, {}).values() if cell.kind is Kind.TEXT and cell.text.strip()][:1]
    named = [cell.text for column in regions if (cell := grid.at(row, column)).kind is Kind.TEXT]
    if any(match_district(text, programme) or plain(text) in totals for text in named):
        return True
    behind = after_label(texts[0], (*form.filler_labels, *form.note_labels)) if texts else None
    first = min((column for column, cell in grid.rows.get(row, {}).items() if cell.text.strip()), default=0)
    return behind is not None and (bool(behind.strip()) or first <= max(regions))


def _columns_under(grid: Grid, row: int, reach: Reach) -> list[int]:
    """The columns of the labels; right of the last one without a merged range, as far as the line goes on."""
    columns = sorted({column for each in reach.values() for column in each})
    return [*columns, *_further(grid, row, reach)]


def _further(grid: Grid, row: int, reach: Reach) -> Iterator[int]:
    last = max(reach, key=lambda label: label.column)
    if merged_at(grid, last.row, last.column):
        return
    column = max(reach[last]) + 1
    while grid.at(row, column).text.strip() and not grid.shown(last.row, column).text.strip():
        yield column
        column += 1


def _tells(text: str, programme: Programme) -> bool:
    """Whether a text under a heading says something of the figures: a meaning, a period, the end of the name (项目数)."""
    return bool(
        meanings(text, programme)[0] or find_periods(text, programme) or _YEARS.search(text) or ends_name(text, programme)
    )


@lru_cache(maxsize=1024)
def ends_name(text: str, programme: Programme) -> bool:
    """Whether a text is how an indicator's name ends (项目数 under 技术攻关), or names one."""
    core = plain(split_bracket(text)[0])
    names = [plain(name) for each in programme.indicators for name in (each.name, *each.headers)]
    heading = read_heading(text, programme)
    return (len(core) > 1 and any(name.endswith(core) for name in names)) or bool(heading and heading.sure == "whole")


def reach_on(grid: Grid, lines: Sequence[int], reach: Reach) -> dict[Label, tuple[int, ...]]:
    """The same, the last label with what stands under no other heading to its right in the lines of sub-headings."""
    further = {column for row in lines for column in _further(grid, row, reach)}
    last = max(reach, key=lambda label: label.column)
    return {label: (*columns, *sorted(further)) if label is last else columns for label, columns in reach.items()}


def group_lines(grid: Grid, top: int, regions: Sequence[int], words: frozenset[str]) -> range:
    """The lines above the labels that are header too: the heading of the regions stands there, or reaches down from there."""
    first = top
    while first > 1 and _is_group_line(grid, first - 1, regions, words):
        first -= 1
    return range(first, top)


def _is_group_line(grid: Grid, row: int, regions: Sequence[int], words: frozenset[str]) -> bool:
    line = grid.rows.get(row, {})
    if any(cell.kind is Kind.TEXT and plain(cell.text) in words for cell in line.values()):
        return True
    areas = [area for column in regions if (area := merged_at(grid, row, column))]
    return any(area.bottom > row for area in areas)


def columns_of(
    grid: Grid, reach: Reach, groups: range, lines: Sequence[int], regions: Sequence[int], programme: Programme
) -> tuple[Column, ...]:
    """Every column under a label, with what is said over it from the top down; siblings named by a meaning alone behind it."""
    found: list[Column] = []
    top = min(label.row for label in reach)
    every = {label.indicator for label in reach} == set(programme.indicator_ids)
    taken = {label.column for label in reach}
    for label, columns in reach.items():
        rows = (*groups, *range(top, label.row))
        for column in columns:
            above = list(_groups_over(grid, rows, column, (regions, reach), programme)) if rows else []
            told = [each for each in above if _tell_something(each)]
            unknown = len(told) < len(above) and sum(other.indicator == label.indicator for other in reach) > 1
            said = [*told, *_own(grid, label, programme), *_under(grid, lines, column, programme)]
            name = next((each.text for each in reversed(said) if each.level == "sub"), "")
            found.append(Column(label.indicator, column, tuple(said), name, len(columns) == 1 and not unknown))
    behind = [label for label, columns in reach.items() if every and max(columns) + 1 not in taken]
    siblings = [column for label in behind for column in _siblings(grid, label, reach, programme)]
    return (*found, *(siblings if siblings and not _sums_up(siblings, reach, programme) else []))


def _sums_up(siblings: Sequence[Column], reach: Reach, programme: Programme) -> bool:
    """Whether the only heading behind a name is 合计 behind the last: the sum of the row."""
    last = max(reach, key=lambda label: label.column).indicator
    names = {plain(label) for label in programme.form.total_labels}
    return len(siblings) == 1 and siblings[0].indicator == last and plain(siblings[0].name) in names


@lru_cache(maxsize=4096)  # offices copy the form: the same texts come again in the same places in file after file
def say(row: int, column: int, text: str, level: str, programme: Programme, of: str | None = None) -> Said:
    """What a text says of the figures; ``of`` is the part of it that counts."""
    told = text if of is None else of
    meaning, every = meanings(told, programme)
    limit = limit_of(told, programme)
    if (meaning in (None, Meaning.CURRENT, Meaning.YEAR) and is_part_of_year(told)) or (limit and limit.meaning):
        meaning = Meaning.INCREASE
    periods, as_of, span = find_periods(told, programme), is_as_of(told, programme), is_span(told, programme)
    years = (
        () if periods or narrows_nothing(told.strip("（()）"), programme) else tuple(int(year) for year in _YEARS.findall(told))
    )
    if limit and limit.without:
        periods = ()  # what is left out is no period of the figures
    if limit and limit.years:
        periods, years = (), limit.years
    if meaning is Meaning.TOTAL and holds(told, programme.form.meanings.first_year):
        years = (programme.start.year,)
    done = meaning is Meaning.TOTAL and plain(told) in _done_words(programme)
    without = limit.without if limit else ()
    return Said(row, column, text.strip(), level, meaning, every, periods, as_of, span, years, without, done)


@lru_cache(maxsize=4)
def _done_words(programme: Programme) -> frozenset[str]:
    return frozenset(map(plain, programme.form.meanings.done))


_YEARS = re.compile(r"(?<![0-9])(20[0-9]{2})年(?!\s*[-–—~至到以])")


def _tell_something(said: Said) -> bool:
    return bool(said.meaning or said.periods or said.years or said.without)


def _own(grid: Grid, label: Label, programme: Programme) -> list[Said]:
    if not label.around:
        return []
    said = say(label.row, label.column, grid.at(label.row, label.column).text, "heading", programme, label.around)
    said = _perhaps_unknown(said, label.around, programme)
    return [said] if _tell_something(said) else []


def _perhaps_unknown(said: Said, text: str, programme: Programme) -> Said:
    """Words over figures that say neither something known nor nothing: nobody knows what these are."""
    if _tell_something(said) or says_nothing(text, programme) or narrows_nothing(text, programme):
        return said
    return dataclasses.replace(said, meaning=Meaning.UNKNOWN, every=frozenset({Meaning.UNKNOWN}))


def _groups_over(
    grid: Grid, rows: Iterable[int], column: int, header: tuple[Sequence[int], Reach], programme: Programme
) -> Iterator[Said]:
    regions, reach = header
    for row in rows:
        place = _over(grid, row, column)
        if place is None or place[1] in regions or any((label.row, label.column) == place for label in reach):
            continue
        if plain(grid.at(*place).text) not in _region_words(programme):
            yield say(*place, grid.at(*place).text, "group", programme)


@lru_cache(maxsize=4)
def _region_words(programme: Programme) -> frozenset[str]:
    form = programme.form
    return frozenset(map(plain, (*form.region_headers, *form.label_headers, *form.serial_headers)))


def _over(grid: Grid, row: int, column: int) -> tuple[int, int] | None:
    """The place of the text over a column in a line: its own, that of its merged range, else the nearest to the left."""
    area = merged_at(grid, row, column)
    if area:
        return (area.top, area.left) if grid.at(area.top, area.left).text.strip() else None
    line = grid.rows.get(row, {})
    left = [place for place, cell in line.items() if place <= column and cell.text.strip()]
    if not left:
        return None
    nearest = max(left)
    area = merged_at(grid, row, nearest)
    return None if area and area.right < column else (row, nearest)


def _under(grid: Grid, lines: Sequence[int], column: int, programme: Programme) -> Iterator[Said]:
    for row in lines:
        area = merged_at(grid, row, column)
        place = (area.top, area.left) if area and area.top == row else (row, column)
        cell = grid.at(*place)
        if not cell.text.strip() or is_unit(brackets_opened(cell.text).strip().strip("()"), programme):
            continue
        said = say(*place, cell.text, "sub", programme)
        if said.meaning is None and not said.periods and _completes(cell.text, programme):
            said = dataclasses.replace(said, meaning=Meaning.TOTAL, every=frozenset({Meaning.TOTAL}))
        yield _perhaps_unknown(said, cell.text, programme)


def _completes(text: str, programme: Programme) -> bool:
    """Whether a text under a heading ends its name and is no word of its own: 企业数; but not 企业 beside 高校."""
    return len(plain(split_bracket(text)[0])) >= _ENDING_LEAST and ends_name(text, programme)


_ENDING_LEAST = 3


def _siblings(grid: Grid, label: Label, reach: Reach, programme: Programme) -> Iterator[Column]:
    """Columns right of a label that are headed by a meaning alone (累计, 上期数): they are of the same indicator."""
    taken = {each.column for each in reach}
    column = max(reach[label]) + 1
    while column not in taken:
        cell = grid.at(label.row, column)
        if cell.kind is Kind.BLANK:
            return
        said = say(label.row, column, cell.text, "sub", programme)
        named = plain(cell.text).startswith(tuple(map(plain, programme.form.beside_headers)) or ("\0",))
        if named or not _tell_something(said) or not says_only(cell.text, programme):
            return
        yield Column(label.indicator, column, (said,), cell.text.strip())
        column += 1
