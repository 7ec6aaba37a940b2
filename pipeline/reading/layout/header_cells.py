"""The cells of a header that name an indicator, and how far each of them reaches."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pipeline.model import BLANK, Area, Grid, Kind
from pipeline.reading.layout.headings import Heading, Sure, read_heading
from pipeline.reading.values import match_district
from schemas.programme import Programme


@dataclass(frozen=True)
class Label:
    """A header cell recognised as an indicator's: the unit it states, if any, and what it says ``around`` the name."""

    indicator: str
    unit: str | None
    row: int
    column: int
    around: str = ""
    sure: Sure = "whole"


def labels_from(grid: Grid, row: int, programme: Programme) -> list[Label]:
    """Indicators headed from this row on: here, over this cell and the one below, or below a group's heading."""
    labels = []
    below = grid.rows.get(row + 1, {})
    for column, upper in grid.rows[row].items():
        if upper.kind is not Kind.TEXT:
            continue
        lower = below.get(column, BLANK)
        heading, lines = _over(upper.text, lower.text if lower.kind is Kind.TEXT else None, programme)
        if heading:
            labels.append(_label(heading, row + lines - 1, column))
    return _without_short([*labels, *_grouped(grid, row + 1, labels, programme)], programme) if labels else []


@lru_cache(maxsize=4096)  # offices copy the form: the same texts come again, one under the other, in file after file
def _over(upper: str, lower: str | None, programme: Programme) -> tuple[Heading | None, int]:
    """What a text heads, and in how many lines: with the text below it where neither names an indicator by itself."""
    found = read_heading(upper, programme)
    if lower is not None and (found is None or found.sure == "near"):
        alone = read_heading(lower, programme)
        joint = None if alone and alone.sure == "whole" else read_heading(upper + lower, programme)
        if joint and joint.sure != "near":
            return joint, 2
    return found, 1


def _label(heading: Heading, row: int, column: int) -> Label:
    return Label(heading.indicator, heading.unit, row, column, heading.around, heading.sure)


def _without_short(labels: list[Label], programme: Programme) -> list[Label]:
    """A short name (成果转化) heads an indicator only beside all the others."""
    every = {label.indicator for label in labels} == set(programme.indicator_ids)
    return [label for label in labels if every or label.sure != "short"]


def _grouped(grid: Grid, row: int, above: list[Label], programme: Programme) -> list[Label]:
    """Indicators headed in the line below, in columns of which the line above names none."""
    if any(cell.kind is Kind.TEXT and match_district(cell.text, programme) for cell in grid.rows.get(row, {}).values()):
        return []  # a row of the table; what stands beside it is the template's
    taken = {label.column for label in above}
    cells = {column: cell for column, cell in grid.rows.get(row, {}).items() if column not in taken and cell.kind is Kind.TEXT}
    return [_label(found, row, column) for column, cell in cells.items() if (found := read_heading(cell.text, programme))]


def reach(grid: Grid, labels: list[Label]) -> dict[Label, tuple[int, ...]]:
    """The columns of each label: those of its merged range, else its own and those without a heading up to the next label."""
    places = {label.column for label in labels}
    reached: dict[Label, tuple[int, ...]] = {}
    for label in labels:
        area = merged_at(grid, label.row, label.column)
        if area and area.right > area.left:
            columns = [c for c in range(area.left, area.right + 1) if c == label.column or c not in places]
        else:
            columns = [label.column, *_blank_after(grid, label, places)]
        reached[label] = tuple(columns)
    return reached


def _blank_after(grid: Grid, label: Label, places: set[int]) -> list[int]:
    if label.column + 1 in places:
        return []
    following = min((column for column in places if column > label.column), default=label.column)
    columns: list[int] = []
    for column in range(label.column + 1, following):
        if grid.shown(label.row, column).text.strip():
            break
        columns.append(column)
    return columns


def merged_at(grid: Grid, row: int, column: int) -> Area | None:
    """The merged range that holds a place."""
    return grid.merged_at(row, column)
