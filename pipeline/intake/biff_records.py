"""BIFF records that xlrd does not show: encryption, and which cells are formulas with what stored result. Source: [MS-XLS]."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

_BOF = 0x0809
_EOF, _FILEPASS, _BOUNDSHEET = 0x000A, 0x002F, 0x0085
_FORMULA = 0x0006
_DIMENSIONS = 0x0200
_CELLS = {0x0201, 0x0203, 0x0204, 0x0205, 0x027E, 0x00BD, 0x00BE, 0x00D6, 0x00FD}
"""The other records of cells; those of several cells (00BD, 00BE) begin with the first."""
_CALCULATE_ON_LOAD = 0x0002
_EMPTY_RESULT = 3


@dataclass(slots=True)
class SheetFacts:
    """``formulas[(row, column)]`` (from 1): whether the stored result may be used. ``extent``: rows × columns of all cells."""

    formulas: dict[tuple[int, int], bool] = field(default_factory=dict)
    rows: int = 0
    columns: int = 0

    @property
    def extent(self) -> int:
        return self.rows * self.columns


def is_encrypted(stream: bytes) -> bool:
    """Whether the globals carry FILEPASS: the records after it cannot be read."""
    for code, _, _ in _records(stream, 0):
        if code == _FILEPASS:
            return True
        if code in (_EOF, _BOUNDSHEET):
            return False
    return False


def sheet_facts(stream: bytes) -> list[SheetFacts]:
    """The facts of every worksheet (BIFF 5 and 8), in workbook order."""
    places = [
        struct.unpack_from("<I", stream, at)[0]
        for code, at, size in _globals(stream)
        if code == _BOUNDSHEET and size >= 6 and stream[at + 5] == 0
    ]
    return [_sheet(stream, place) for place in places]


def _globals(stream: bytes) -> Iterator[tuple[int, int, int]]:
    for code, at, size in _records(stream, 0):
        if code == _EOF:
            return
        yield code, at, size


def _records(stream: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """(code, start of the data, its size) of every record from ``start`` on."""
    at, end = start, len(stream)
    while at + 4 <= end:
        code, size = struct.unpack_from("<HH", stream, at)
        if at + 4 + size > end:
            return
        yield code, at + 4, size
        at += 4 + size


def _sheet(stream: bytes, start: int) -> SheetFacts:
    facts = SheetFacts()
    depth = 0
    for code, at, size in _records(stream, start):
        if code == _BOF:
            depth += 1
        elif code == _EOF:
            depth -= 1
            if depth <= 0:
                break
        elif depth == 1:
            _note(facts, stream, code, at, size)
    return facts


def _note(facts: SheetFacts, stream: bytes, code: int, at: int, size: int) -> None:
    if code == _FORMULA and size >= 16:
        row, column = struct.unpack_from("<HH", stream, at)
        facts.formulas[row + 1, column + 1] = _usable(stream[at + 6 : at + 16])
        facts.rows, facts.columns = max(facts.rows, row + 1), max(facts.columns, column + 1)
    elif code in _CELLS and size >= 4:
        row, column = struct.unpack_from("<HH", stream, at)
        facts.rows, facts.columns = max(facts.rows, row + 1), max(facts.columns, column + 1)
    elif code == _DIMENSIONS and size >= 8:
        rows, columns = struct.unpack_from("<4xI2xH", stream, at) if size >= 12 else struct.unpack_from("<2xH2xH", stream, at)
        facts.rows, facts.columns = max(facts.rows, rows), max(facts.columns, columns)


def _usable(result: bytes) -> bool:
    """Whether a result (8 bytes, then the option flags) was really calculated.

    An empty text is what writers without a calculator store (xlwt); a zero together with “calculate when loading” is the same
    in other writers. Both are also what a real but empty formula leaves: neither is a number to rely on.
    """
    if result[6:8] == b"\xff\xff":
        return result[0] != _EMPTY_RESULT
    flags = struct.unpack_from("<H", result, 8)[0] if len(result) >= 10 else 0
    return not (flags & _CALCULATE_ON_LOAD and result[:8] in (bytes(8), bytes(7) + b"\x80"))
