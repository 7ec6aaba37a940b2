"""xlsxwriter's workbook and worksheet, with what they lack: a protected structure, and plain cells written without detours."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import CellBlankTuple, CellNumberTuple, CellStringTuple

PLAIN = (CellStringTuple, CellNumberTuple, CellBlankTuple)
SPAN = 16
"""So many rows share the columns they say they span."""


Value = str | int | float | None


class WriteRefused(Exception):
    """xlsxwriter did not take a value: a fault of the program, never of the data."""


class Worksheet(xlsxwriter.worksheet.Worksheet):
    """xlsxwriter's worksheet, its rows written in less than half the time.

    xlsxwriter looks through every place and number for what has to be escaped, which they never have. The XML is the same
    (tests/test_xlsx.py).
    """

    fh: Any

    def put_row(self, row: int, cells: Iterable[tuple[Value, Format]]) -> None:
        """Write values from the first column on."""
        for column, (value, form) in enumerate(cells):
            self.put(row, column, value, form)

    def put(self, row: int, column: int, value: Value, form: Format) -> None:
        """Write a value as what it is, nothing and the empty text as a blank."""
        if value is None or value == "":
            refused: int = self._write_blank(row, column, None, form)
        elif isinstance(value, str):
            refused = self._write_string(row, column, value, form)
        else:
            refused = self._write_number(row, column, value, form)
        if refused:
            raise WriteRefused(f"{row}:{column} {refused}")

    def _write_rows(self) -> None:
        spans = self._spans()
        for row in sorted({*self.table, *self.row_info, *self.comments}):
            cells, known, span = self.table.get(row), self.row_info.get(row), spans.get(row // SPAN)
            if cells:
                self._write_row(row, span, known)
                for column in sorted(cells):
                    self._write_plain(row, column, cells[column])
                self._xml_end_tag("row")
            elif known or row in self.comments:
                self._write_empty_row(row, span, known)

    def _spans(self) -> dict[int, str]:
        """The first and last column in use, counted from 1, by number of the group of rows."""
        ends: dict[int, tuple[int, int]] = {}
        for row, cells in (*self.table.items(), *self.comments.items()):
            if cells:
                first, last = ends.get(row // SPAN, (self.xls_colmax, 0))
                ends[row // SPAN] = min(first, *cells), max(last, *cells)
        return {group: f"{first + 1}:{last + 1}" for group, (first, last) in ends.items()}

    def _write_plain(self, row: int, column: int, cell: Any) -> None:
        kind = type(cell)
        if kind not in PLAIN or cell.format is None:
            return self._write_cell(row, column, cell)
        opening = f'<c r="{xl_rowcol_to_cell_fast(row, column)}" s="{cell.format._get_xf_index()}"'
        if kind is CellStringTuple:
            self.fh.write(f'{opening} t="s"><v>{cell.string}</v></c>')
        elif kind is CellNumberTuple:
            self.fh.write(f"{opening}><v>{cell.number:.16G}</v></c>")
        else:
            self.fh.write(f"{opening}/>")
        return None


class Workbook(xlsxwriter.Workbook):
    """A workbook of such sheets, whose structure may be protected."""

    worksheet_class = Worksheet
    protected = False

    def add_sheet(self, name: str) -> Worksheet:
        """``add_worksheet``, which does not say what it makes."""
        sheet = self.add_worksheet(name)
        assert isinstance(sheet, Worksheet)
        return sheet

    def _write_workbook_pr(self) -> None:
        super()._write_workbook_pr()
        if self.protected:
            self._xml_empty_tag("workbookProtection", [("lockStructure", 1)])
