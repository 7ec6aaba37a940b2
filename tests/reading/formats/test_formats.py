"""The table of formats: what every row must have, and that a format is one file and one row."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from pipeline.model import Grid
from pipeline.reading import formats
from pipeline.reading.formats import FORMATS, Format, format_of, identify, read_grids
from pipeline.reading.formats.kinds import Container, Kind, Limits
from pipeline.reading.parcels import PARCELS
from pipeline.reading.read import read_submission
from schemas.programme import Programme
from tests import TEST_DATA
from tests.support.handmade import zipped

MADE_UP = '''
"""Rows of a made-up program: a mark, then a line a row and ``|`` between cells."""

from pipeline.model import Cell, Grid, Kind
from pipeline.reading.formats.draft import Budget, Draft, Sheet

MARK = b"ROWS1"


def is_rows(content):
    return content.startswith(MARK)


def read_rows(content, limits, stem):
    draft, budget = Draft(stem, False), Budget(limits)
    for row, line in enumerate(content.removeprefix(MARK).decode().splitlines(), 1):
        for column, text in enumerate(line.split("|"), 1):
            if text:
                number = int(text) if text.isdecimal() else None
                draft.put(row, column, Cell(Kind.TEXT if number is None else Kind.NUMBER, text, number))
                budget.spend(1, column == 1)
    return (Sheet(draft.grid(), 0),)
'''


def test_a_format_is_a_file_and_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, programme: Programme) -> None:
    (tmp_path / "rows.py").write_text(MADE_UP, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("rows", tmp_path / "rows.py")
    assert spec is not None
    assert spec.loader is not None
    rows = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(rows)
    sent = rows.MARK + _as_rows(_form(programme)).encode()
    assert [finding.rule for finding in read_submission("瓯海区.rows", sent, programme).findings] == ["F01"]
    monkeypatch.setattr(formats, "FORMATS", (Format("rows", rows.is_rows, rows.read_rows), *FORMATS))
    assert identify(sent, "瓯海区.rows") == Container("rows", None, "瓯海区")
    made_up = read_submission("瓯海区.rows", sent, programme)
    assert made_up.findings == ()
    (table,) = made_up.tables
    assert table.sheet == "瓯海区"
    values = [row.entries for row in table.rows if row.district == "瓯海区"]
    assert [[entry.value for entry in entries] for entries in values] == [[21, 8, 9, 10]]


def _form(programme: Programme) -> list[list[str]]:
    headings = [indicator.name for indicator in programme.indicators]
    return [["附件2"], ["截至2024年6月30日"], ["序号", "区域", *headings], ["1", "瓯海区", "21", "8", "9", "10"]]


def _as_rows(lines: list[list[str]]) -> str:
    return "\n".join("|".join(line) for line in lines)


def test_every_kind_has_its_row() -> None:
    assert {each.kind for each in FORMATS} == {*Kind}
    assert {each.kind for each in FORMATS if each.attachment} == {Kind.ATTACHMENT}
    assert {each.kind for each in FORMATS if each.read is None} == {Kind.ATTACHMENT, *PARCELS}
    assert [format_of(Container(each.kind)).kind for each in FORMATS] == [each.kind for each in FORMATS]


def test_what_is_kept_of_a_parcel_is_plain_text(programme: Programme) -> None:
    reading = read_submission("收件.zip", zipped({"瓯海区.xlsx": (TEST_DATA / "intake" / "kinds.xlsx").read_bytes()}), programme)
    (inside,) = reading.enclosed
    assert [type(kind) for kind in (reading.parcel, inside.envelope.covers[0].kind)] == [str, str]


@pytest.mark.parametrize("name", ["kinds.xlsx", "kinds.xls", "kinds.ods"])
def test_readers_are_found_when_they_are_needed(name: str) -> None:
    content = (TEST_DATA / "intake" / name).read_bytes()
    grids: tuple[Grid, ...] = read_grids(content, identify(content, name), Limits())
    assert grids[0].cells
