"""BIFF records that xlrd does not show: their version, and which cells are formulas with what stored result. Source: [MS-XLS]."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from pipeline.model import Area
from pipeline.reading.formats.xls_formulas import may_give_text

_HEAD = struct.Struct("<HH")
_BOF, _OLD_BOFS = 0x0809, {0x0009, 0x0209, 0x0409}
_EXCEL_95 = 0x0500
"""The version of BOF in BIFF 5 and 7; that of BIFF 8 is 0x0600."""
_EOF, FILEPASS, _BOUNDSHEET = 0x000A, 0x002F, 0x0085
_FORMULA = 0x0006
_CELLS = {_FORMULA, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E, 0x00BD, 0x00BE, 0x00D6, 0x00FD}
_SEVERAL = {0x00BD, 0x00BE}
"""Records of several cells of a row, which end with the last column."""
_TEXTS = 0x00FC
_CONDFMT, _CF = 0x01B0, 0x01B1
_WORKSHEET = 0
_MACRO_SHEETS = {1, 6}
_SUPBOOK = 0x01AE
IGNORED = 0x0FFF
"""What no record is called."""
_COUNTRY, _DIMENSIONS, _MERGED = 0x008C, 0x0200, 0x00E5
_NOT_ASKED_OF_GLOBALS = {0x0018, 0x0017, 0x0023, 0x005C, _COUNTRY, _SUPBOOK, 0x0293}
"""Defined and outside names, sheets elsewhere, who wrote it and where, names of styles."""
_NOT_ASKED_OF_SHEETS = {
    0x001C, 0x005D, 0x01B6, 0x00EC, 0x0872, 0x01B8, 0x0800,  # notes, objects, their texts, drawings, tables, links, their tips
    0x01B0, 0x01B1, 0x015F, 0x001A, 0x001B, 0x0041, 0x00A0, 0x023E,  # conditions, labels, page breaks, panes, zoom, window
    0x0055, 0x0099, 0x00AB, 0x0225, 0x0201, 0x00BE, _COUNTRY, _DIMENSIONS, _MERGED,  # usual sizes, blank cells, extents
}  # fmt: skip
"""What is read here or not at all, and only met by xlrd with what it asserts of each."""
_SHORTEST = {0x0208: 16, 0x007D: 10}
"""Rows and columns in full; shorter ones say nothing."""
_NO_BOOK = {0x0401, 0x3A01, 0, 1}
"""What SUPBOOK has for the length of a name: this workbook, an add-in; a name of one character stands for no file."""
_CALCULATE_ON_LOAD = 0x0002
_EMPTY_RESULT = 3


class Result(Enum):
    """What a formula has stored."""

    STORED = "stored"
    EMPTY = "empty"
    """An empty text, as a formula that holds a text may give."""
    NONE = "none"
    """What writers without a calculator leave."""


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """``formulas[(row, column)]``, from 1: what became of the result. ``rows`` and ``columns`` hold all cells."""

    formulas: dict[tuple[int, int], Result]
    rows: int
    columns: int
    conditions: tuple[tuple[bytes, list[bytes]], ...] = ()
    """CONDFMT records, each with the CF records after it."""
    merges: tuple[Area, ...] = ()
    not_asked: tuple[int, ...] = ()
    """Where the data of records begin that xlrd need not see."""
    open_end: int | None = None
    """Where the stream ends that has no end of the sheet."""

    @property
    def extent(self) -> int:
        """Places up to the last cell, blank ones and the stated dimensions included."""
        return self.rows * self.columns


def is_old(stream: bytes) -> bool:
    """Whether these are records of Excel 95 or before: the first of all, BOF, has a number or a version of its own."""
    code, size, version = struct.unpack_from("<HHH", stream.ljust(6, b"\0"))
    return size >= 4 and (code in _OLD_BOFS or (code == _BOF and bool(version == _EXCEL_95)))


def file_pass(stream: bytes) -> bytes | None:
    """FILEPASS of the globals, which says how the records after it are encrypted; None where they are not."""
    for code, at, size in records(stream, 0):
        if code == FILEPASS:
            return stream[at : at + size]
        if code in (_EOF, _BOUNDSHEET):
            break
    return None


@dataclass(frozen=True, slots=True)
class _Globals:
    """What the records before the sheets say."""

    sheets: tuple[tuple[int, int], ...]
    """Place in the stream and kind of every sheet."""
    not_asked: tuple[int, ...]
    """Where the data of records begin that xlrd need not see."""
    most_texts: int
    """What tables of texts claim to hold."""
    elsewhere: bool
    """Whether SUPBOOK names another workbook."""


@lru_cache(maxsize=1)  # the file is opened to see what it is, to read it, and to have it confirmed
def _globals(stream: bytes) -> _Globals:
    sheets: list[tuple[int, int]] = []
    not_asked: list[int] = []
    texts, elsewhere = 0, False
    for code, at, size in records(stream, 0):
        if code == _EOF:
            break
        if code == _BOUNDSHEET and size >= 6:
            sheets.append((struct.unpack_from("<I", stream, at)[0], stream[at + 5]))
        elif code == _TEXTS and size >= 8:
            texts = max(texts, struct.unpack_from("<I", stream, at + 4)[0])
        elif code == _SUPBOOK and size > 4 and struct.unpack_from("<H", stream, at + 2)[0] not in _NO_BOOK:
            elsewhere = True
        if code in _NOT_ASKED_OF_GLOBALS:
            not_asked.append(at)
    return _Globals(tuple(sheets), tuple(not_asked), texts, elsewhere)


def has_macro_sheets(stream: bytes) -> bool:
    """Whether the workbook lists sheets of macros (Excel 4) or modules."""
    return any(kind in _MACRO_SHEETS for _, kind in _globals(stream).sheets)


def links_elsewhere(stream: bytes) -> bool:
    """Whether formulas look into other workbooks: SUPBOOK names one, and not this workbook or an add-in."""
    return _globals(stream).elsewhere


def for_xlrd(stream: bytes, sheets: Sequence[SheetFacts]) -> bytes:
    """The stream without what xlrd is not asked for, of which it asserts more than Excel does; a sheet without an end has one."""
    rest = bytearray(stream)
    for at in itertools.chain(_globals(stream).not_asked, *(sheet.not_asked for sheet in sheets)):
        struct.pack_into("<H", rest, at - 4, IGNORED)
    open_end = next((sheet.open_end for sheet in sheets if sheet.open_end), None)
    return bytes(rest[:open_end]) + (_HEAD.pack(_EOF, 0) if open_end else b"")


def sheet_facts(stream: bytes) -> list[SheetFacts]:
    """The facts of every worksheet, in workbook order."""
    return [_sheet(stream, place) for place, kind in _globals(stream).sheets if kind == _WORKSHEET]


def is_modest(stream: bytes, limit: int) -> bool:
    """Whether no sheet of any kind, and no table of texts, claims more than ``limit`` places (or than the file can hold)."""
    about = _globals(stream)
    return about.most_texts <= len(stream) and all(_sheet(stream, place).extent <= limit for place, _ in about.sheets)


def records(stream: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """(code, start of the data, its size) of every record from ``start`` on."""
    at, end = start, len(stream)
    while at + 4 <= end:
        code, size = _HEAD.unpack_from(stream, at)
        if at + 4 + size > end:
            return
        yield code, at + 4, size
        at += 4 + size


@lru_cache(maxsize=1)  # most workbooks have one sheet, and that is looked at again when it is confirmed
def _sheet(stream: bytes, start: int) -> SheetFacts:
    formulas: dict[tuple[int, int], Result] = {}
    conditions: list[tuple[bytes, list[bytes]]] = []
    merges: list[Area] = []
    not_asked: list[int] = []
    rows = columns = depth = last = 0
    for code, at, size in records(stream, start):
        if code in _NOT_ASKED_OF_SHEETS or size < _SHORTEST.get(code, 0):
            not_asked.append(at)
        last = at + size if code else last
        if code == _BOF:
            depth += 1
        elif code == _EOF:
            depth -= 1
            if depth <= 0:
                break
        elif code in _CELLS and size >= 6:
            row, column = struct.unpack_from("<HH", stream, at)
            last = struct.unpack_from("<H", stream, at + size - 2)[0] if code in _SEVERAL else column
            rows, columns = max(rows, row + 1), max(columns, column + 1, last + 1)
            if code == _FORMULA and depth == 1 and size >= 16:
                formulas[row + 1, column + 1] = _result(stream[at + 6 : at + size])
        elif code == _DIMENSIONS:
            stated = _stated(stream[at : at + size])
            rows, columns = max(rows, stated[0]), max(columns, stated[1])
        elif code == _MERGED and depth == 1:
            merges += _merged(stream[at : at + size])
        elif code == _CONDFMT:
            conditions.append((stream[at : at + size], []))
        elif code == _CF and conditions:
            conditions[-1][1].append(stream[at : at + size])
    open_end = last if depth > 0 and not stream[last:].strip(b"\0") else None
    return SheetFacts(formulas, rows, columns, tuple(conditions), tuple(merges), tuple(not_asked), open_end)


def _merged(data: bytes) -> Iterator[Area]:
    """The ranges of a MERGEDCELLS record, as many as it says and has; from 1."""
    count = min(struct.unpack_from("<H", data)[0], (len(data) - 2) // 8) if len(data) >= 2 else 0
    for n in range(count):
        top, bottom, left, right = struct.unpack_from("<4H", data, 2 + 8 * n)
        if top <= bottom and left <= right:
            yield Area(top + 1, left + 1, bottom + 1, right + 1)


def _tokens(formula: bytes) -> bytes:
    size = struct.unpack_from("<H", formula, 14)[0] if len(formula) >= 16 else 0
    return formula[16 : 16 + size]


def _stated(data: bytes) -> tuple[int, int]:
    """Rows and columns of a DIMENSIONS record; one whose end lies before its beginning claims the whole world."""
    if len(data) < 10:
        return 0, 0
    first, end, left, right = struct.unpack_from("<IIHH", data) if len(data) >= 12 else struct.unpack_from("<HHHH", data)
    backwards = first > end or left > right
    return (1 << 32, 1 << 16) if backwards else (end, right)


def _result(formula: bytes) -> Result:
    """What was really calculated: 8 bytes of result, 2 of option flags, 4 of no meaning, then the formula's tokens.

    An empty text is what writers without a calculator store (xlwt) even for a sum: it is one only where the formula holds a
    text, or joins some. A zero together with “calculate when loading” is what other such writers store.
    """
    result = formula[:10]
    if result[6:8] == b"\xff\xff":
        if result[0] != _EMPTY_RESULT:
            return Result.STORED
        return Result.EMPTY if may_give_text(_tokens(formula)) else Result.NONE
    flags = struct.unpack_from("<H", result, 8)[0] if len(result) >= 10 else 0
    not_calculated = flags & _CALCULATE_ON_LOAD and result[:8] in (bytes(8), bytes(7) + b"\x80")
    return Result.NONE if not_calculated else Result.STORED
