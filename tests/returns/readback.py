"""A plain return, and what libraries that know nothing of the writers read from what was written."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from html.parser import HTMLParser
from typing import Any

import defusedxml.ElementTree
import openpyxl
import python_calamine
import xlrd
from openpyxl.utils import coordinate_to_tuple

from schemas.programme import Programme
from tests.returns.layout import cell_of
from tests.returns.spec import Layout, ReturnSpec, Value

PERIOD = dt.date(2024, 6, 30)


def spec_of(programme: Programme, layout: str | Layout = "plan", fmt: str = "xlsx", second: Value = 22) -> ReturnSpec:
    """The second district's return: 21, 22, … in programme order; ``second`` is the second indicator's value."""
    numbers: dict[str, Value] = {indicator: 21 + index for index, indicator in enumerate(programme.indicator_ids)}
    numbers[programme.indicator_ids[1]] = second
    return ReturnSpec(programme.district_names[1], PERIOD, numbers, layout, fmt, programme=programme)


def place(spec: ReturnSpec, indicator: str) -> tuple[int, int]:
    return coordinate_to_tuple(cell_of(spec, indicator))


def from_xlsx(content: bytes, sheet: int) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=True).worksheets[sheet]


def read_openpyxl(content: bytes, sheet: int, row: int, column: int) -> Any:
    return from_xlsx(content, sheet).cell(row, column).value


def read_xlrd(content: bytes, sheet: int, row: int, column: int) -> Any:
    cells = xlrd.open_workbook(file_contents=content).sheet_by_index(sheet)
    return cells.cell_value(row - 1, column - 1)


def read_calamine(content: bytes, sheet: int, row: int, column: int) -> Any:
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(sheet)
    return rows.to_python(skip_empty_area=False)[row - 1][column - 1]


def read_csv(content: bytes, _: int, row: int, column: int) -> Any:
    return _csv_rows(content)[row - 1][column - 1]


def _csv_rows(content: bytes) -> list[list[str]]:
    encoding = "utf-16" if content[:2] == b"\xff\xfe" else "utf-8-sig" if _is_utf8(content) else "gbk"
    text = content.decode(encoding)
    return list(csv.reader(io.StringIO(text), delimiter="\t" if "\t" in text else ","))


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class TableReader(HTMLParser):
    """Cells of an HTML table where a browser puts them, spans counted."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: dict[tuple[int, int], str] = {}
        self.row, self.column = 0, 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.row, self.column = self.row + 1, 1
        elif tag == "td":
            while (self.row, self.column) in self.cells:
                self.column += 1
            span = {name: int(value or 1) for name, value in attrs if name in ("rowspan", "colspan")}
            for row in range(self.row, self.row + span.get("rowspan", 1)):
                for column in range(self.column, self.column + span.get("colspan", 1)):
                    self.cells[row, column] = ""

    def handle_data(self, data: str) -> None:
        self.cells[self.row, self.column] = self.cells.get((self.row, self.column), "") + data.strip()


def read_html(content: bytes, _: int, row: int, column: int) -> Any:
    return _html_cells(content)[row, column]


def _html_cells(content: bytes) -> dict[tuple[int, int], str]:
    charset = re.search(rb'charset="([\w-]+)"', content)
    assert charset
    reader = TableReader()
    reader.feed(content.decode("gbk" if charset[1] == b"gb2312" else charset[1].decode()))
    return reader.cells


_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"


def read_xml(content: bytes, sheet: int, row: int, column: int) -> Any:
    return _xml_cells(content, sheet).get((row, column))


def _xml_cells(content: bytes, sheet: int) -> dict[tuple[int, int], str]:
    """Of rows and cells that all say where they stand."""
    table = defusedxml.ElementTree.fromstring(content).findall(f"{_SS}Worksheet/{_SS}Table")[sheet]
    return {
        (int(row.get(f"{_SS}Index", "")), int(cell.get(f"{_SS}Index", ""))): "".join(data.itertext())
        for row in table.findall(f"{_SS}Row")
        for cell in row.findall(f"{_SS}Cell")
        for data in cell.findall(f"{_SS}Data")
    }


READERS = {
    "xlsx": read_openpyxl,
    "xlsx-wps": read_openpyxl,
    "xlsx-strict": read_calamine,
    "xlsm": read_openpyxl,
    "xls": read_xlrd,
    "et": read_xlrd,
    "ods": read_calamine,
    "xml": read_xml,
}


def reader_of(fmt: str) -> Any:
    return READERS.get(fmt) or (read_csv if fmt.startswith("csv") else read_html)


def grid_of(content: bytes, fmt: str) -> list[list[str]]:
    """The first sheet from A1 on as text, whole numbers without a point, blank cells and rows at the ends left out."""
    if fmt.startswith("csv"):
        rows = _csv_rows(content)
    elif fmt.startswith("html") or fmt == "xml":
        cells = _xml_cells(content, 0) if fmt == "xml" else _html_cells(content)
        last = max(row for row, _ in cells), max(column for _, column in cells)
        rows = [[cells.get((row, column), "") for column in range(1, last[1] + 1)] for row in range(1, last[0] + 1)]
    else:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = [[_text(value) for value in row] for row in book.get_sheet_by_index(0).to_python(skip_empty_area=False)]
    return _trimmed([_trimmed(row) for row in rows])


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _trimmed(items: list[Any]) -> list[Any]:
    while items and not items[-1]:
        items = items[:-1]
    return items
