"""A picture of the table a district sent, as the report shows it: cells with their addresses, those in question marked."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pipeline.model import Area, Grid, Kind, column_letters
from pipeline.model.view import Original
from pipeline.products.report.finding_rows import DistrictBlock, FileBlock, Line
from pipeline.products.report.overview import Mark
from pipeline.products.report.report_words import ReportWords

ROWS, COLUMNS = 25, 12
"""The most that is shown of a table; what is marked goes before the rest."""
HEAD = 6
"""Lines that are shown of a larger table in any case: its title and header."""
TEXT = 40
"""Characters of a cell."""
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?")


@dataclass(frozen=True, slots=True)
class PictureCell:
    text: str
    across: int
    down: int
    style: str
    """The grade it is filled by, and ``n`` for a number."""
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """The letters of a column or the number of a row; ``gap`` where lines are left out before it."""

    text: str
    gap: bool
    hidden: bool


@dataclass(frozen=True, slots=True)
class Picture:
    sheet: str
    columns: tuple[Heading, ...]
    rows: tuple[tuple[Heading, tuple[PictureCell, ...]], ...]
    whole: bool
    """False where rows or columns of the table are left out."""


@dataclass(frozen=True, slots=True)
class _Marked:
    area: Area
    mark: Mark


def picture(words: ReportWords, block: DistrictBlock, file: FileBlock, original: Original | None) -> Picture | None:
    """The file's table with the cells that its findings name; None where nothing can be shown or no finding names a cell."""
    if original is None or not file.rows:
        return None
    marks = _marked(words, file, (*file.rows, *block.hints))
    sheet = file.file.sheet or next(iter(marks), None)
    grid = next((grid for grid in original.grids if grid.name == sheet), None)
    if grid is None or not marks.get(grid.name):
        return None
    return _drawn(grid, marks[grid.name])


def _marked(words: ReportWords, file: FileBlock, lines: Iterable[Line]) -> dict[str, list[_Marked]]:
    """Sheet → what the file's findings mark in it, errors first."""
    found: dict[str, list[_Marked]] = defaultdict(list)
    for line in lines:
        for finding in line.findings:
            area = _area(finding.cell)
            sheet = finding.sheet or file.file.sheet
            if area and sheet and finding in file.file.findings:
                grade = words.table("grades")[line.grade]
                label = words.text("overview.see", district=line.who, label=grade["label"])
                found[sheet].append(_Marked(area, Mark(line.grade, grade["mark"], line.anchor, label)))
    return found


def _area(cell: str | None) -> Area | None:
    found = _ADDRESS.fullmatch(cell or "")
    if not found:
        return None
    left, top, right, bottom = found.groups()
    return Area(int(top), _column(left), int(bottom or top), _column(right or left))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _drawn(grid: Grid, marked: list[_Marked]) -> Picture:
    used = [place for place, cell in grid.cells.items() if cell.text.strip()]
    rows, every_row = _shown({row for row, _ in used}, [(m.area.top, m.area.bottom) for m in marked], ROWS)
    columns, every_column = _shown({column for _, column in used}, [(m.area.left, m.area.right) for m in marked], COLUMNS)
    merges = _merges(grid, rows, columns)
    marks = _placed(marked, merges, rows, columns)
    lines = tuple(
        (heading, tuple(_cells(grid, row, columns, merges, marks)))
        for row, heading in zip(rows, _headings(rows, grid.hidden_rows, str), strict=True)
    )
    letters = tuple(_headings(columns, grid.hidden_columns, column_letters))
    return Picture(grid.name, letters, lines, every_row and every_column)


def _shown(used: set[int], spans: list[tuple[int, int]], limit: int) -> tuple[list[int], bool]:
    """Numbers of the rows (or columns) to show, and whether these are all; blank ones in between as far as there is room."""
    wanted = {number for first, last in spans for number in range(first, min(last, first + limit) + 1)}
    every = sorted(used | wanted)
    if every[-1] - every[0] < limit:
        return list(range(every[0], every[-1] + 1)), True
    if len(every) <= limit:
        return every, True
    near = sorted(wanted | {n for w in wanted for n in (w - 1, w + 1) if n in used})
    chosen = set([*every[:HEAD], *near][:limit])
    chosen.update([n for n in every if n not in chosen][: limit - len(chosen)])
    return sorted(chosen), False


def _headings(numbers: list[int], hidden: frozenset[int], write: Callable[[int], str]) -> Iterator[Heading]:
    for place, number in enumerate(numbers):
        yield Heading(write(number), place > 0 and number > numbers[place - 1] + 1, number in hidden)


@dataclass(frozen=True, slots=True)
class _Merged:
    """What is shown of a merged area: its first place shown, how far it reaches, and where its content stands."""

    corner: tuple[int, int]
    across: int
    down: int
    content: tuple[int, int]


_Merges = dict[tuple[int, int], _Merged]
"""By every place that is shown of them."""


def _merges(grid: Grid, rows: list[int], columns: list[int]) -> _Merges:
    found: _Merges = {}
    for area in grid.merges:
        down = [row for row in rows if area.top <= row <= area.bottom]
        across = [column for column in columns if area.left <= column <= area.right]
        if down and across:
            merged = _Merged((down[0], across[0]), len(across), len(down), (area.top, area.left))
            found |= {(row, column): merged for row in down for column in across if (row, column) not in found}
    return found


def _placed(marked: list[_Marked], merges: _Merges, rows: list[int], columns: list[int]) -> dict[tuple[int, int], list[Mark]]:
    """Place shown → its marks, one of a grade, the heaviest first."""
    found: dict[tuple[int, int], list[Mark]] = defaultdict(list)
    for each in marked:
        for place in ((row, column) for row in rows for column in columns if (row, column) in each.area):
            own = found[merges[place].corner if place in merges else place]
            if all(mark.grade != each.mark.grade for mark in own):
                own.append(each.mark)
    return found


def _cells(
    grid: Grid, row: int, columns: list[int], merges: _Merges, marks: dict[tuple[int, int], list[Mark]]
) -> Iterator[PictureCell]:
    for column in columns:
        place = (row, column)
        merged = merges.get(place, _Merged(place, 1, 1, place))
        if merged.corner == place:
            cell, own = grid.at(*merged.content), tuple(marks.get(place, ()))
            style = " ".join([*(mark.grade for mark in own[:1]), *(["n"] if cell.kind in (Kind.NUMBER, Kind.PERCENT) else [])])
            text = cell.text if len(cell.text) <= TEXT else cell.text[:TEXT] + "…"
            yield PictureCell(text, merged.across, merged.down, style, own)
