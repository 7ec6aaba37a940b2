"""Binary workbooks that office programs open and whose records are not quite what [MS-XLS] says, as exporters leave them.

Each is a good return of an office program with some records changed. What LibreOffice shows of it was looked at.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Mapping, Sequence

import pytest
import xlwt

from pipeline.model import Reading
from pipeline.reading.formats import read_grids
from pipeline.reading.formats.kinds import Container, Limits
from pipeline.reading.formats.kinds import Kind as Format
from pipeline.reading.formats.xls_stream import workbook_stream
from pipeline.reading.formats.xls_texts import with_counted_texts
from pipeline.reading.read import read_submission
from schemas.programme import load_programme
from tests.support.handmade import compound
from tests.support.samples import RETURNS

NAME = "洞头区-附件2-2024年6月.xls"
STREAM = workbook_stream((RETURNS / "2024-06-30" / NAME).read_bytes())
VALUES = [2, 2, 1, 1]
BOF, EOF, BOUNDSHEET, SST, CONTINUE = 0x0809, 0x000A, 0x0085, 0x00FC, 0x003C
NOTE, OBJ, TXO, MERGED, DIMENSIONS, WINDOW2, ROW, COLINFO = 0x001C, 0x005D, 0x01B6, 0x00E5, 0x0200, 0x023E, 0x0208, 0x007D
NUMBER, BLANK, MULRK, LABELSST, XF = 0x0203, 0x0201, 0x00BD, 0x00FD, 0x00E0
Record = tuple[int, bytes]
Change = Callable[[list[Record]], Sequence[Record]]


def records_of(stream: bytes) -> list[Record]:
    found, at = [], 0
    while at + 4 <= len(stream):
        code, size = struct.unpack_from("<HH", stream, at)
        found.append((code, stream[at + 4 : at + 4 + size]))
        at += 4 + size
    return found


def laid(records: Sequence[Record]) -> bytes:
    """The stream, with the places of its one sheet told anew."""
    second = [n for n, (code, _) in enumerate(records) if code == BOF][1]
    place = sum(4 + len(data) for _, data in records[:second])
    told = ((code, struct.pack("<I", place) + data[4:] if code == BOUNDSHEET else data) for code, data in records)
    return b"".join(struct.pack("<HH", code, len(data)) + data for code, data in told)


def in_sheet(*more: Record) -> Change:
    """At the end of the sheet."""
    return lambda records: [*records[:-1], *more, records[-1]]


def in_globals(*more: Record) -> Change:
    def change(records: list[Record]) -> Sequence[Record]:
        at = [code for code, _ in records].index(BOUNDSHEET)
        return [*records[:at], *more, *records[at:]]

    return change


def each(kind: int, change: Callable[[bytes], bytes | None]) -> Change:
    """Every record of this kind changed, or left out."""

    def changed(records: list[Record]) -> Sequence[Record]:
        made = ((code, change(data) if code == kind else data) for code, data in records)
        return [(code, data) for code, data in made if data is not None]

    return changed


def texts_counted(total: int, unique: int) -> Change:
    return each(SST, lambda data: struct.pack("<II", total, unique) + data[8:])


def note(author: bytes, tail: bytes, row: int = 6, column: int = 2, shape: int = 1) -> Record:
    return NOTE, struct.pack("<4HHB", row, column, 0, shape, len(author), 0) + author + tail


def text_of_a_box(*continued: bytes) -> tuple[Record, ...]:
    head = struct.pack("<HH6xHHHI", 0x212, 0, 3, 16, 0, 0)
    return ((TXO, head), *((CONTINUE, part) for part in continued))


def dimensions_last(records: list[Record]) -> Sequence[Record]:
    stated = [record for record in records if record[0] == DIMENSIONS]
    rest = [record for record in records if record[0] != DIMENSIONS]
    return [*rest[:-1], *stated, rest[-1]]


def own_row(records: Sequence[Record]) -> tuple[int, int]:
    """Row and first column of the figures."""
    return next(struct.unpack_from("<HH", data) for code, data in records if code == MULRK)


def blank_over_a_figure(records: list[Record]) -> Sequence[Record]:
    return in_sheet((BLANK, struct.pack("<HHH", *own_row(records), 15)))(records)


READ: Mapping[str, Change] = {
    "note": in_sheet(note(b"abc", b"\0")),
    "note without a padding": in_sheet(note(b"abc", b"")),
    "note with more behind": in_sheet(note(b"abc", bytes(3))),
    "note without an author": in_sheet((NOTE, struct.pack("<4H", 6, 2, 0, 1))),
    "note of no shape": in_sheet(note(b"abc", b"\0", shape=65535)),
    "note far out": in_sheet(note(b"abc", b"\0", row=65535, column=300)),
    "note cut": in_sheet((NOTE, b"\0\0")),
    "object cut": in_sheet((OBJ, b"\x15\0")),
    "text of no object": in_sheet(*text_of_a_box(b"\0abc", bytes(16))),
    "text that is missing": in_sheet(*text_of_a_box()),
    "text of half a letter": in_sheet(*text_of_a_box(b"\x01abc", bytes(7))),
    "link cut": in_sheet((0x01B8, bytes(4))),
    "link of zeros": in_sheet((0x01B8, bytes(40))),
    "tip of no link": in_sheet((0x0800, bytes(20))),
    "conditional format cut": in_sheet((0x01B0, bytes(5)), (0x01B1, bytes(30))),
    "labels": in_sheet((0x015F, bytes(10))),
    "zoom cut": in_sheet((0x00A0, b"\1")),
    "pane cut": in_sheet((0x0041, bytes(3))),
    "page breaks counted too high": in_sheet((0x001B, struct.pack("<H", 5)), (0x001A, struct.pack("<H", 5))),
    "widths cut": in_sheet((0x00AB, bytes(10)), (0x0055, b""), (0x0099, b"")),
    "window cut": each(WINDOW2, lambda data: data[:4]),
    "no extents": each(DIMENSIONS, lambda _: None),
    "extents of nothing": each(DIMENSIONS, lambda _: struct.pack("<IIHHH", 0, 1, 0, 1, 0)),
    "extents of the world": each(DIMENSIONS, lambda _: struct.pack("<IIHHH", 0, 65536, 0, 256, 0)),
    "extents backwards": each(DIMENSIONS, lambda _: struct.pack("<IIHHH", 50, 3, 7, 1, 0)),
    "extents cut": each(DIMENSIONS, lambda data: data[:4]),
    "extents behind the cells": dimensions_last,
    "rows cut": each(ROW, lambda data: data[:8]),
    "columns cut": each(COLINFO, lambda data: data[:9]),
    "merged with more behind": each(MERGED, lambda data: data + bytes(2)),
    "merged counted too high": in_sheet((MERGED, struct.pack("<5H", 9, 30, 31, 0, 1))),
    "merged nothing": in_sheet((MERGED, b"")),
    "column merged": in_sheet((MERGED, struct.pack("<5H", 1, 0, 65535, 9, 9))),
    "no end of the sheet": lambda records: records[:-1],
    "blank over a figure": blank_over_a_figure,
    "texts counted too high": texts_counted(999, 999),
    "texts counted one too high": texts_counted(20, 20),
    "texts counted beyond all": texts_counted(0xFFFFFFFF, 0xFFFFFFFF),
    "country in the sheet": in_sheet((0x008C, struct.pack("<HH", 81, 81))),
    "two countries": in_globals((0x008C, struct.pack("<HH", 86, 86)), (0x008C, struct.pack("<HH", 1, 86))),
    "writer without a name": in_globals((0x005C, b"")),
    "sheets elsewhere cut": in_globals((0x01AE, b"\1"), (0x0017, struct.pack("<H", 50))),
    "outside name of no book": in_globals((0x0023, struct.pack("<HIBB", 0, 0, 2, 0) + b"ab")),
    "name of a style cut": in_globals((0x0293, b"\0")),
    "fonts that are nowhere": each(XF, lambda data: struct.pack("<H", 900) + data[2:]),
    "styles that are nowhere": each(LABELSST, lambda data: data[:4] + struct.pack("<H", 4000) + data[6:]),
}
DAMAGED: Mapping[str, Change] = {
    "texts counted too low": texts_counted(3, 3),
    "text that is nowhere": in_sheet((LABELSST, struct.pack("<HHHI", 60, 0, 15, 9999))),
    "column that is nowhere": in_sheet((NUMBER, struct.pack("<HHHd", 60, 300, 15, 5))),
}


def read(change: Change) -> Reading:
    stream = laid(change(records_of(STREAM)))
    return read_submission(NAME, compound({"Workbook": stream}), load_programme())


@pytest.mark.parametrize("change", READ.values(), ids=READ)
def test_read_as_shown(change: Change) -> None:
    reading = read(change)
    rows = [row for table in reading.tables for row in table.rows if row.district == "洞头区"]
    assert [[entry.value for entry in row.entries] for row in rows] == [VALUES], reading.findings


@pytest.mark.parametrize("change", DAMAGED.values(), ids=DAMAGED)
def test_damaged(change: Change) -> None:
    assert [finding.rule for finding in read(change).findings] == ["F01"]


def many_texts() -> bytes:
    """A workbook of texts in several pieces: narrow, wide, in runs, and cut anywhere."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for row in range(2500):
        sheet.write(row, 0, f"{'企业' if row % 2 else 'firm'} {row} " * (1 + row % 7))
    bold = xlwt.easyfont("bold true")
    for row in range(2500, 2600):
        sheet.write_rich_text(row, 0, [f"{row}", (f"鹿城 {row}", bold), "家"])
    stream = io.BytesIO()
    book.save(stream)
    return workbook_stream(stream.getvalue())


def test_a_table_of_texts_in_several_pieces_is_counted() -> None:
    stream = many_texts()
    assert with_counted_texts(stream) == stream
    place = stream.index(struct.pack("<H", SST), stream.index(struct.pack("<H", BOUNDSHEET))) + 4
    held = struct.unpack_from("<I", stream, place + 4)[0]
    claims = bytearray(stream)
    struct.pack_into("<I", claims, place + 4, held + 5)
    assert with_counted_texts(bytes(claims)) == stream


def test_texts_with_a_guide_above_are_counted() -> None:
    text = struct.pack("<HBI", 2, 0x04, 12) + b"ab" + bytes(12)
    first, second = "瓯".encode("utf-16-le"), "海".encode("utf-16-le")
    pieces = (
        (SST, struct.pack("<II", 9, 9) + text + struct.pack("<HBHI", 2, 0x0D, 1, 6) + first),
        (CONTINUE, b"\1" + second + bytes(2)),  # the letters go on with their width, the runs as they are
        (CONTINUE, bytes(2 + 6) + text),
        (CONTINUE, text[:-1]),
    )
    stream = b"".join(struct.pack("<HH", code, len(data)) + data for code, data in pieces)
    assert struct.unpack_from("<I", with_counted_texts(stream), 8)[0] == 3


def test_merged_ranges_come_from_the_records() -> None:
    change = in_sheet((MERGED, struct.pack("<9H", 2, 30, 31, 0, 1, 33, 32, 0, 1)))
    content = compound({"Workbook": laid(change(records_of(STREAM)))})
    (grid,) = read_grids(content, Container(Format.BIFF), Limits())
    assert (31, 1, 32, 2) in {(area.top, area.left, area.bottom, area.right) for area in grid.merges}
    assert not any(area.top > area.bottom for area in grid.merges)
