"""How much of a workbook is read before it is given up (F01)."""

from __future__ import annotations

import pytest

from pipeline.model import Grid, UnreadableFile
from pipeline.reading.formats import read_grids
from pipeline.reading.formats.kinds import Container, Limits
from pipeline.reading.formats.kinds import Kind as Format
from tests.support.handmade import rows, xlsx


def grids(content: bytes, limits: Limits) -> tuple[Grid, ...]:
    return read_grids(content, Container(Format.OOXML), limits)


def test_limits_count_what_holds_something() -> None:
    content = xlsx(rows("".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="B{n}"/></row>' for n in range(1, 11))))
    assert len(grids(content, Limits(max_cells=10, max_rows=10))[0].cells) == 10
    for limits in (Limits(max_cells=9), Limits(max_rows=9)):
        with pytest.raises(UnreadableFile, match="too_many_cells"):
            grids(content, limits)


def test_limits_hold_for_all_sheets_together() -> None:
    sheet = rows('<row r="1"><c r="A1"><v>1</v></c></row>')
    with pytest.raises(UnreadableFile, match="too_many_cells"):
        grids(xlsx(sheet, sheet, sheet), Limits(max_cells=2))


def test_a_part_that_unpacks_without_end_is_given_up() -> None:
    content = xlsx(rows(f'<row r="7"><c r="D7"><v>8</v></c></row><!--{" " * 3_000_000}-->'))
    with pytest.raises(UnreadableFile, match="too_many_cells"):
        grids(content, Limits(max_bytes=200_000))


def test_too_many_sheets() -> None:
    with pytest.raises(UnreadableFile, match="too_many_cells"):
        grids(xlsx(*["<sheetData/>"] * 257), Limits())
