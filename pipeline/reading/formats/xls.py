"""Binary workbooks (.xls, and .et of WPS): BIFF 8, read by xlrd with what it does not show taken from the records."""

from __future__ import annotations

import io
import struct
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.model import Cell, Kind, UnreadableFile
from pipeline.reading.formats.colours import Look, seen
from pipeline.reading.formats.conditions import hide
from pipeline.reading.formats.draft import Budget, Draft, Sheet, has_digit, uncalculated
from pipeline.reading.formats.kinds import Limits
from pipeline.reading.formats.number_formats import BUILT_IN, letters_by_format
from pipeline.reading.formats.stored_numbers import cell_of, shown_again, shown_text
from pipeline.reading.formats.xls_conditions import conditions
from pipeline.reading.formats.xls_looks import Looks
from pipeline.reading.formats.xls_records import Result, SheetFacts, for_xlrd, sheet_facts
from pipeline.reading.formats.xls_stream import workbook_stream
from pipeline.reading.formats.xls_texts import with_counted_texts

if TYPE_CHECKING:
    import xlrd
    from xlrd.sheet import Sheet as XlrdSheet

_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR = 1, 2, 3, 4, 5
_BIFF8 = 80
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


def read_binary_workbook(content: bytes, limits: Limits, _: str) -> tuple[Sheet, ...]:
    """Every worksheet in workbook order. Raises UnreadableFile (damaged, encrypted, old_excel, too_many_cells)."""
    stream = workbook_stream(content)
    facts = sheet_facts(stream)
    budget = Budget(limits)
    budget.begin_sheets(len(facts))
    book, odd = _opened(for_xlrd(stream, facts))
    sheets = book.sheets()
    if len(sheets) != len(facts):
        raise UnreadableFile("damaged")
    looks = Looks(book)
    read = (_sheet(looks, sheet, about, limits, budget) for sheet, about in zip(sheets, facts, strict=True))
    return tuple(replace(sheet, odd=odd) for sheet in read)


def _opened(stream: bytes) -> tuple[xlrd.book.Book, bool]:
    """The book, and whether its table of texts had to be counted first."""
    try:
        return _open(stream), False
    except UnreadableFile:
        counted = with_counted_texts(stream)
        if counted is stream:
            raise
        return _open(counted), True


def _open(stream: bytes) -> xlrd.book.Book:
    """xlrd is strict about the compound file around the records where Excel is not: it gets the records alone."""
    import xlrd
    from xlrd.biffh import XLRDError
    from xlrd.compdoc import CompDocError

    failures = (XLRDError, CompDocError, struct.error, AssertionError, LookupError, ValueError, TypeError, AttributeError)
    try:
        book = xlrd.open_workbook(logfile=io.StringIO(), file_contents=stream, formatting_info=True, ragged_rows=True)
    except (*failures, NameError, OverflowError, NotImplementedError) as error:
        raise UnreadableFile("damaged") from error
    if book.biff_version < _BIFF8:
        raise UnreadableFile("old_excel")
    return book


def _sheet(looks: Looks, sheet: XlrdSheet, facts: SheetFacts, limits: Limits, budget: Budget) -> Sheet:
    draft = Draft(sheet.name, sheet.visibility != 0)
    for row in range(sheet.nrows):
        kinds = sheet.row_types(row)
        held = 0
        for column, (kind, value) in enumerate(zip(kinds, sheet.row_values(row), strict=True)):
            cell = _cell(looks, sheet, row, column, kind, value, facts, limits)
            if cell is not None:
                draft.put(row + 1, column + 1, cell)
                held += 1
        budget.spend(held, bool(held))
    if facts.conditions:
        _hide(looks, sheet, draft, facts)
    _surroundings(sheet, draft, facts)
    return Sheet(draft.grid(), facts.extent)


def _cell(
    looks: Looks, sheet: XlrdSheet, row: int, column: int, kind: int, value: object, facts: SheetFacts, limits: Limits
) -> Cell | None:
    result = facts.formulas.get((row + 1, column + 1))
    formula = result is not None
    if result is Result.NONE:
        return uncalculated()
    if result is Result.EMPTY:
        return None
    if kind in (_NUMBER, _DATE) and isinstance(value, float):
        style = sheet.cell_xf_index(row, column)
        code = _format(looks.book, style)
        cell = cell_of(value, code, formula=formula, units=limits.units, since_1904=looks.book.datemode == 1)
        return seen(cell, looks.of(style), letters_by_format(code, value))
    if kind == _TEXT:
        return _text(looks, sheet, row, column, str(value), formula=formula) if value else None
    if kind == _BOOLEAN:
        return Cell(Kind.BOOLEAN, "TRUE" if value else "FALSE", None, formula)
    if kind == _ERROR:
        return Cell(Kind.ERROR, _ERRORS.get(int(str(value)), "#N/A"), None, formula)
    return uncalculated() if formula else None


def _text(looks: Looks, sheet: XlrdSheet, row: int, column: int, text: str, *, formula: bool) -> Cell | None:
    """A text; only one with a digit in it may be a number, and its looks are looked at."""
    if not has_digit(text):
        return _words(text, formula)
    style = sheet.cell_xf_index(row, column)
    code = _format(looks.book, style)
    starts = sheet.rich_text_runlist_map.get((row, column))
    if starts:
        cell = looks.text(text, style, starts, formula=formula)
        return cell and shown_again(cell, code)
    return seen(shown_text(text, code, formula=formula), looks.of(style))


@lru_cache(maxsize=1024)  # offices copy the form: the same texts come again in file after file
def _words(text: str, formula: bool) -> Cell:
    return Cell(Kind.TEXT, text, None, formula)


def _hide(looks: Looks, sheet: XlrdSheet, draft: Draft, facts: SheetFacts) -> None:
    def look(place: tuple[int, int]) -> Look:
        return looks.of(sheet.cell_xf_index(place[0] - 1, place[1] - 1))

    hide(draft.cells, conditions(facts.conditions, looks, lambda key: _code(looks.book, key)), look)


def _format(book: xlrd.book.Book, style: int) -> str:
    """The format code of a cell style."""
    return _code(book, book.xf_list[style].format_key) if style < len(book.xf_list) else "General"


def _code(book: xlrd.book.Book, key: int) -> str:
    known = book.format_map.get(key)
    if key in BUILT_IN and (known is None or not known.format_str):
        return BUILT_IN[key]
    return (known.format_str if known is not None else None) or "General"


def _surroundings(sheet: XlrdSheet, draft: Draft, facts: SheetFacts) -> None:
    """Hidden rows and columns, merged ranges."""
    for row, about in sheet.rowinfo_map.items():
        if about.hidden or (about.height == 0 and not about.has_default_height):
            draft.hidden_rows.append((row + 1, row + 1))
    for column, width in sheet.colinfo_map.items():
        if width.hidden or width.width == 0:
            draft.hidden_columns.append((column + 1, column + 1))
    for area in facts.merges:
        draft.merge(area)
