"""The records of an .xls changed: dropped, doubled, exchanged, cut, or with other places, styles and numbers in them."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.reading.formats.xls_stream import workbook_stream
from tests.support.handmade import compound

BOF, EOF, BOUNDSHEET, SST = 0x809, 0x0A, 0x85, 0xFC
CELLS = (0x203, 0x27E, 0xFD, 0x06, 0x205, 0x201, 0xBD, 0x204, 0xD6)
"""NUMBER, RK, LABELSST, FORMULA, BOOLERR, BLANK, MULRK, LABEL, RSTRING."""
NUMBER, RK, LABELSST = 0x203, 0x27E, 0xFD
ROW, COLINFO, MERGED, FORMAT, FONT, XF, DATEMODE, SHEET_STATE = 0x208, 0x7D, 0xE5, 0x41E, 0x31, 0xE0, 0x22, 0x85
OTHERS = (0x207, 0x1C, 0x1B6, 0x3C, 0x18, 0x17, 0x23, 0x1AE, 0x12F, 0x9D)
"""STRING, NOTE, TXO, CONTINUE, NAME, EXTERNSHEET, EXTERNNAME, SUPBOOK, FILEPASS-like, AUTOFILTERINFO."""
MENDED = 0.85
"""How often the sheets' places are written anew, as a program would, after records came or went."""


@dataclass
class Record:
    kind: int
    data: bytes


Change = Callable[[random.Random, list[Record]], None]


def changed(rng: random.Random, content: bytes) -> bytes:
    records = _records(workbook_stream(content))
    for _ in range(rng.randint(1, 3)):
        rng.choice(CHANGES)(rng, records)
    if rng.random() < MENDED:
        _place_sheets(records)
    return compound({"Workbook": b"".join(struct.pack("<HH", r.kind, len(r.data)) + r.data for r in records)})


def _records(stream: bytes) -> list[Record]:
    records, at = [], 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        records.append(Record(kind, stream[at + 4 : at + 4 + size]))
        at += 4 + size
    return records


def _place_sheets(records: list[Record]) -> None:
    """Every BOUNDSHEET says where its sheet begins."""
    starts, at = [], 0
    for record in records:
        if record.kind == BOF:
            starts.append(at)
        at += 4 + len(record.data)
    for start, record in zip(starts[1:], (r for r in records if r.kind == BOUNDSHEET), strict=False):
        record.data = struct.pack("<I", start) + record.data[4:]


def _of(rng: random.Random, records: list[Record], *kinds: int) -> Record | None:
    found = [record for record in records if record.kind in kinds]
    return rng.choice(found) if found else None


def _any(rng: random.Random, records: list[Record]) -> int:
    """Cells more often than what is around them."""
    cells = [n for n, record in enumerate(records) if record.kind in CELLS]
    return rng.choice(cells) if cells and rng.random() < 0.5 else rng.randrange(len(records))


def _put(record: Record | None, at: int, data: bytes) -> None:
    if record is not None and len(record.data) >= at + len(data):
        record.data = record.data[:at] + data + record.data[at + len(data) :]


def _dropped(rng: random.Random, records: list[Record]) -> None:
    if len(records) > 1:
        del records[_any(rng, records)]


def _doubled(rng: random.Random, records: list[Record]) -> None:
    place = _any(rng, records)
    records.insert(place, Record(records[place].kind, records[place].data))


def _exchanged(rng: random.Random, records: list[Record]) -> None:
    first, second = _any(rng, records), _any(rng, records)
    records[first], records[second] = records[second], records[first]


def _moved(rng: random.Random, records: list[Record]) -> None:
    record = records.pop(_any(rng, records))
    records.insert(rng.randrange(len(records) + 1), record)


def _byte(rng: random.Random, records: list[Record]) -> None:
    record = records[_any(rng, records)]
    if record.data:
        _put(record, rng.randrange(len(record.data)), bytes([rng.choice((0, 1, 0xFF, rng.randrange(256)))]))


def _cut(rng: random.Random, records: list[Record]) -> None:
    record = records[_any(rng, records)]
    record.data = record.data[: rng.randrange(len(record.data) + 1)]


def _longer(rng: random.Random, records: list[Record]) -> None:
    records[_any(rng, records)].data += rng.randbytes(rng.randint(1, 8))


def _retyped(rng: random.Random, records: list[Record]) -> None:
    record = records[_any(rng, records)]
    record.kind = rng.choice((*CELLS, *OTHERS, *{r.kind for r in records}))


def _moved_cell(rng: random.Random, records: list[Record]) -> None:
    at = rng.choice((0, 2))
    _put(_of(rng, records, *CELLS), at, struct.pack("<H", rng.choice((0, 1, 2, 4, 5, 300, 0xFFFF))))


def _styled(rng: random.Random, records: list[Record]) -> None:
    _put(_of(rng, records, *CELLS), 4, struct.pack("<H", rng.choice((0, 15, 16, 17, 18, 19, 500))))


def _text_index(rng: random.Random, records: list[Record]) -> None:
    _put(_of(rng, records, LABELSST), 6, struct.pack("<I", rng.choice((0, 1, 2, 5, 9, 9999, 0xFFFFFFFF))))


def _number(rng: random.Random, records: list[Record]) -> None:
    record = _of(rng, records, NUMBER, RK)
    if record is not None and record.kind == RK:
        value = rng.choice((8 << 2 | 2, 1200 << 2 | 3, 850 << 2 | 3, 0x40200000, 0x40290000 | 1, 0xFFFFFFFE, 0))
        _put(record, 6, struct.pack("<I", value & 0xFFFFFFFF))
    else:
        _put(
            record,
            6,
            struct.pack("<d", rng.choice((0.0, 8.0, 12.5, -3.0, 1e300, 7.999999999999999, 45473.0, float("nan"), float("inf")))),
        )


def _hidden(rng: random.Random, records: list[Record]) -> None:
    kind = rng.choice((ROW, COLINFO, SHEET_STATE))
    at, value = {ROW: (12, 0x20), COLINFO: (8, 0x01), SHEET_STATE: (4, rng.choice((1, 2)))}[kind]
    _put(_of(rng, records, kind), at, bytes([value]))


def _merged(rng: random.Random, records: list[Record]) -> None:
    top, left = rng.randrange(9), rng.randrange(6)
    area = struct.pack("<HHHHH", 1, top, top + rng.randrange(4), left, left + rng.randrange(4))
    ends = [n for n, record in enumerate(records) if record.kind == EOF]
    records.insert(ends[-1] if ends else len(records), Record(MERGED, area))


def _format(rng: random.Random, records: list[Record]) -> None:
    """The cells of a style shown otherwise: by a built-in format, or by a code of its own."""
    code = rng.choice(("0%", ";;;", "0,", "yyyy-mm-dd", '0"x"', "0.0", "[h]", "@"))
    record = _of(rng, records, XF)
    if record is None:
        return
    if rng.random() < 0.5:
        _put(record, 2, struct.pack("<H", rng.choice((9, 10, 14, 22, 37, 49, 1))))
        return
    _put(record, 2, struct.pack("<H", 190))
    first = next(n for n, each in enumerate(records) if each.kind == XF)
    records.insert(first, Record(FORMAT, struct.pack("<HHB", 190, len(code), 0) + code.encode("latin-1")))


def _font(rng: random.Random, records: list[Record]) -> None:
    at, value = rng.choice(((2, b"\x08\x00"), (4, b"\x09\x00"), (8, b"\x01\x00")))  # struck out, white, raised
    _put(_of(rng, records, FONT), at, value)


def _dates(rng: random.Random, records: list[Record]) -> None:
    _put(_of(rng, records, DATEMODE), 0, b"\x01\x00")


CHANGES: tuple[Change, ...] = (
    *(_dropped, _doubled, _exchanged, _moved, _byte, _byte, _cut, _longer, _retyped, _moved_cell, _styled, _text_index),
    *(_number, _number, _hidden, _merged, _format, _format, _font, _dates),
)
