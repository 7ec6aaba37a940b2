"""Binary workbooks: written by xlwt, by LibreOffice, and with records changed by hand."""

from __future__ import annotations

import datetime as dt
import io
import struct
from typing import Any

import olefile
import pytest
import xlwt

from pipeline.model import Area, Cell, Grid, Kind, UnreadableFile
from pipeline.reading.formats import read_grids
from pipeline.reading.formats.kinds import Container, Limits
from pipeline.reading.formats.kinds import Kind as Format
from pipeline.reading.formats.ole import Compound, as_compound
from pipeline.reading.formats.xls_records import Result, sheet_facts
from pipeline.reading.formats.xls_stream import workbook_stream
from tests import TEST_DATA
from tests.support.handmade import compound

DATA = TEST_DATA / "intake"
LIMITS = Limits(units=frozenset({"家", "项"}))


def grids(content: bytes) -> tuple[Grid, ...]:
    return read_grids(content, Container(Format.BIFF), LIMITS)


def saved(book: xlwt.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def one(value: object, code: str = "General") -> bytes:
    book = xlwt.Workbook()
    book.add_sheet("Sheet1").write(6, 3, value, xlwt.easyxf(num_format_str=code))
    return saved(book)


CELLS = [
    (8, "General", Cell(Kind.NUMBER, "8", 8)),
    (35.5, "0", Cell(Kind.NUMBER, "35.5", 35.5)),
    (-3, "General", Cell(Kind.NUMBER, "-3", -3)),
    (8, '0"家"', Cell(Kind.NUMBER, "8家", 8)),
    (8, '0"万"', Cell(Kind.TEXT, "8万")),
    (0.25, "0%", Cell(Kind.PERCENT, "25%", 0.25)),
    (dt.date(2024, 6, 30), "yyyy-mm-dd", Cell(Kind.DATE, "2024-06-30")),
    (dt.time(12, 30), "h:mm:ss", Cell(Kind.TIME, "12:30:00")),
    (True, "General", Cell(Kind.BOOLEAN, "TRUE")),
    (False, "General", Cell(Kind.BOOLEAN, "FALSE")),
    ("约30", "General", Cell(Kind.TEXT, "约30")),
    ("8", "@", Cell(Kind.TEXT, "8")),
    ("", "General", Cell(Kind.BLANK)),
    (None, "0.00", Cell(Kind.BLANK)),
    (xlwt.Formula("3+5"), "General", Cell(Kind.UNCALCULATED, "=", None, True)),
]


@pytest.mark.parametrize(("value", "code", "expected"), CELLS)
def test_cells(value: object, code: str, expected: Cell) -> None:
    (grid,) = grids(one(value, code))
    assert grid.at(7, 4) == expected


def test_error_cells() -> None:
    book = xlwt.Workbook()
    book.add_sheet("Sheet1").row(6).set_cell_error(3, "#REF!")
    (grid,) = grids(saved(book))
    assert grid.at(7, 4) == Cell(Kind.ERROR, "#REF!")


def formula_result(result: bytes, flags: int = 0) -> Cell:
    """The cell of a formula whose stored result and option flags are these."""
    content = bytearray(one(xlwt.Formula("3+5")))
    at = content.index(struct.pack("<HH", 6, 3) + content[content.index(struct.pack("<HH", 6, 3)) + 4 :][:2])
    while struct.unpack_from("<H", content, at - 4)[0] != 0x0006:
        at = content.index(struct.pack("<HH", 6, 3), at + 1)
    content[at + 6 : at + 16] = result + struct.pack("<H", flags)
    return grids(bytes(content))[0].at(7, 4)


@pytest.mark.parametrize(
    ("result", "flags", "expected"),
    [
        (struct.pack("<d", 8), 0, Cell(Kind.NUMBER, "8", 8, True)),
        (struct.pack("<d", 8), 3, Cell(Kind.NUMBER, "8", 8, True)),
        (struct.pack("<d", 0), 0, Cell(Kind.NUMBER, "0", 0, True)),
        (struct.pack("<d", 0), 2, Cell(Kind.UNCALCULATED, "=", None, True)),
        (b"\x01\x00\x01\x00\x00\x00\xff\xff", 0, Cell(Kind.BOOLEAN, "TRUE", None, True)),
        (b"\x02\x00\x07\x00\x00\x00\xff\xff", 0, Cell(Kind.ERROR, "#DIV/0!", None, True)),
        (b"\x03\x00\x00\x00\x00\x00\xff\xff", 0, Cell(Kind.UNCALCULATED, "=", None, True)),
    ],
)
def test_formula_results(result: bytes, flags: int, expected: Cell) -> None:
    assert formula_result(result, flags) == expected


def test_surroundings() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("附件2")
    for row in range(4):
        for column in range(4):
            sheet.write(row, column, 1)
    sheet.row(1).hidden = True
    sheet.row(2).height, sheet.row(2).height_mismatch = 0, True
    sheet.col(1).hidden = True
    sheet.col(3).width = 0
    sheet.merge(5, 6, 0, 2)
    hidden, very_hidden = book.add_sheet("隐藏"), book.add_sheet("深藏")
    hidden.visibility, very_hidden.visibility = 1, 2
    first, second, third = grids(saved(book))
    assert (first.hidden_rows, first.hidden_columns) == (frozenset({2, 3}), frozenset({2, 4}))
    assert first.merges == (Area(6, 1, 7, 3),)
    assert [(grid.name, grid.hidden) for grid in (first, second, third)] == [("附件2", False), ("隐藏", True), ("深藏", True)]


def test_a_blank_cell_far_out() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    sheet.write(6, 3, 8)
    sheet.write(65535, 255, None, xlwt.easyxf("font: bold on"))
    (grid,) = grids(saved(book))
    assert set(grid.cells) == {(7, 4)}


def test_formulas_are_told_in_their_own_sheet() -> None:
    book = xlwt.Workbook()
    book.add_sheet("a").write(0, 0, 8)
    book.add_sheet("b").write(0, 0, xlwt.Formula("8"))
    assert [facts.formulas for facts in sheet_facts(workbook_stream(saved(book)))] == [{}, {(1, 1): Result.NONE}]


def test_records_without_a_compound_file() -> None:
    (grid,) = grids(workbook_stream(one(8)))
    assert grid.at(7, 4) == Cell(Kind.NUMBER, "8", 8)


@pytest.mark.parametrize("name", ["kinds.xls"])
def test_streams_are_those_that_olefile_reads(name: str) -> None:
    content = (DATA / name).read_bytes()
    ours = Compound(content)
    theirs: Any
    with olefile.OleFileIO(content) as theirs:
        names = [entry[0] for entry in theirs.listdir() if len(entry) == 1]
        assert {stream.lower(): ours.read(stream.lower()) for stream in names} == {
            stream.lower(): theirs.openstream(stream).read() for stream in names
        }


def test_the_file_of_libreoffice_has_small_streams() -> None:
    """Without one the test above would not see them."""
    assert any(entry.size < 4096 for entry in Compound((DATA / "kinds.xls").read_bytes()).streams.values())


@pytest.mark.parametrize("length", [0, 4096, 5000, 70_000, 3_000_000])
def test_records_in_a_compound_file_of_our_own(length: int) -> None:
    stream = bytes(range(256)) * (length // 256)
    content = as_compound(stream)
    assert workbook_stream(content).rstrip(b"\0") == stream.rstrip(b"\0")
    theirs: Any
    with olefile.OleFileIO(content) as theirs:
        assert theirs.openstream("Workbook").read() == workbook_stream(content)


def dimensions(data: bytes) -> bytes:
    """A workbook of one number whose sheet states these dimensions (14 bytes)."""
    content = bytearray(one(8))
    at = content.index(b"\x00\x02\x0e\x00")
    content[at + 4 : at + 18] = data
    return bytes(content)


@pytest.mark.parametrize(
    "data",
    [struct.pack("<IIHHH", 0, 0xFFFFFFFF, 0, 256, 0), struct.pack("<IIHHH", 0xCF000000, 7, 0, 4, 0), bytes(14), b"\xff" * 14],
    ids=["all rows", "backwards", "none", "everything"],
)
def test_stated_dimensions_hide_nothing_and_end_no_process(data: bytes) -> None:
    (grid,) = grids(dimensions(data))
    assert grid.cells == {(7, 4): Cell(Kind.NUMBER, "8", 8)}


RELATIVE_AREA = b"\x2d" + bytes(8)
UNKNOWN_TOKEN = b"\x7e\x00"
ITSELF = b"\x43\x01\x00\x00\x00"


@pytest.mark.parametrize("formula", [RELATIVE_AREA, UNKNOWN_TOKEN, ITSELF, b""])
def test_what_a_defined_name_stands_for_is_not_looked_into(formula: bytes) -> None:
    (grid,) = grids(as_compound(with_name(workbook_stream(one(8)), formula)))
    assert grid.cells == {(7, 4): Cell(Kind.NUMBER, "8", 8)}


def with_name(stream: bytes, formula: bytes) -> bytes:
    """The workbook with a defined name at the end of its globals; its sheets begin later by as much."""
    name = "本期数"
    data = struct.pack("<HBBHHHI", 0, 0, len(name), len(formula), 0, 0, 0) + b"\x01" + name.encode("utf-16-le") + formula
    record, changed, at = struct.pack("<HH", 0x0018, len(data)) + data, bytearray(stream), 0
    while (code := struct.unpack_from("<H", changed, at)[0]) != 0x000A:
        if code == 0x0085:
            struct.pack_into("<I", changed, at + 4, struct.unpack_from("<I", changed, at + 4)[0] + len(record))
        at += 4 + struct.unpack_from("<H", changed, at + 2)[0]
    return bytes(changed[:at] + record + changed[at:])


@pytest.mark.parametrize("stream", [b"", b"\x09\x08\x10\x00" + bytes(16), bytes(5000), b"\xff" * 5000])
def test_streams_of_nonsense(stream: bytes) -> None:
    with pytest.raises(UnreadableFile, match="damaged"):
        grids(compound({"Workbook": stream}))
