"""Excel workbooks, with openpyxl; what openpyxl cannot say is mended in the container afterwards."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tests.returns.layout import Place, Sheet
from tests.returns.spec import ErrorValue, Formula, Marked, Percent, Styled, Value

STAMP = dt.datetime(2024, 1, 1)
"""A fixed time, so that two writes are the same bytes."""
THIN = Side(style="thin")
GRID = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
Patch = Callable[[str, str], str]
"""(member name, XML) → XML."""

MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO_MAIN = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
TEXTS = "xl/sharedStrings.xml"
STRICT = (
    ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"),
    ("http://schemas.openxmlformats.org/drawingml/2006/main", "http://purl.oclc.org/ooxml/drawingml/main"),
    (
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
)
CONTENT = f'<Override PartName="/{TEXTS}" ContentType="{MAIN.replace("sheet.main", "sharedStrings")}"/>'
RELATION = f'<Relationship Id="rIdTexts" Type="{STRICT[2][0]}/sharedStrings" Target="sharedStrings.xml"/>'


def write(sheets: list[Sheet]) -> bytes:
    return _finish(sheets, lambda _, xml: xml)


def write_wps(sheets: list[Sheet]) -> bytes:
    """As WPS: every sheet states A1:A1 as its dimension, whatever it holds; texts are shared (openpyxl leaves them in cells)."""
    shared: list[str] = []

    def share(cell: re.Match[str]) -> str:
        shared.append(f"<si>{cell[2]}</si>")
        return f"<c{cell[1].replace('inlineStr', 's')}><v>{len(shared) - 1}</v></c>"

    def patch(name: str, xml: str) -> str:
        xml = re.sub(r'<c([^>]* t="inlineStr"[^>]*)><is>(.*?)</is></c>', share, xml, flags=re.DOTALL)
        xml = xml.replace("</Relationships>", RELATION + "</Relationships>") if name.endswith("workbook.xml.rels") else xml
        xml = xml.replace("</Types>", CONTENT + "</Types>") if name.startswith("[Content_Types]") else xml
        return re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1:A1"', xml)

    stream = io.BytesIO(_finish(sheets, patch))
    with zipfile.ZipFile(stream, "a") as archive:
        part = zipfile.ZipInfo(TEXTS, STAMP.timetuple()[:6])
        archive.writestr(part, f'<sst xmlns="{STRICT[0][0]}">{"".join(shared)}</sst>')
    return stream.getvalue()


def write_strict(sheets: list[Sheet]) -> bytes:
    """Strict OOXML, as Excel saves it on request: the same parts in other namespaces."""

    def strict(_: str, xml: str) -> str:
        for transitional, name in STRICT:
            xml = xml.replace(transitional, name)
        return xml

    return _finish(sheets, strict)


def write_xlsm(sheets: list[Sheet]) -> bytes:
    """A macro-enabled workbook (without any macro in it)."""
    return _finish(sheets, lambda _, xml: xml.replace(MAIN, MACRO_MAIN))


def _finish(sheets: list[Sheet], patch: Patch) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _fill(book.create_sheet(sheet.name), sheet)
    book.active = next(index for index, sheet in enumerate(sheets) if not sheet.hidden)
    book.properties.created = STAMP
    stream = io.BytesIO()
    book.save(stream)
    return _repack(stream.getvalue(), lambda name, xml: patch(name, _results(name, xml, sheets)))


def _fill(target: Worksheet, sheet: Sheet) -> None:
    target.sheet_state = "hidden" if sheet.hidden else "visible"
    for (row, column), value in sheet.cells.items():
        cell = target.cell(row, column)
        assert isinstance(cell, Cell)  # nothing is merged yet
        _set(cell, value)
        if isinstance(value, Styled) and value.how == "conditional":
            look = DifferentialStyle(font=Font(color="FFFFFFFF"))
            target.conditional_formatting.add(cell.coordinate, Rule(type="expression", formula=["TRUE"], dxf=look))
    for top, left, bottom, right in sheet.merges:
        target.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    for row in sheet.hidden_rows:
        target.row_dimensions[row].hidden = True
    columns = {column for _, column in sheet.places.values()}
    for column in columns:
        target.column_dimensions[get_column_letter(column)].width = 16
    for column in sheet.hidden_columns:
        target.column_dimensions[get_column_letter(column)].hidden = True
    if sheet.places:
        _style(target, sheet, columns)


def _style(target: Worksheet, sheet: Sheet, columns: set[int]) -> None:
    """A bold centred title and borders round the table, empty cells included: formatted blanks are what readers meet."""
    last = max((row for row, column in sheet.cells if column in columns), default=0)
    for row in target.iter_rows(sheet.header[0], last, min(columns) - 1, max(columns)):
        for cell in row:
            cell.border = GRID
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    title = next((target.cell(top, left) for top, left, _, _ in sheet.merges if top < sheet.header[0]), None)
    if title is not None:
        title.font = Font(bold=True, size=16)
        title.alignment = Alignment(horizontal="center")


def _set(cell: Cell, value: Value) -> None:
    """openpyxl takes "=…" for a formula and "#REF!" for an error; a text stays a text here."""
    if isinstance(value, Percent):
        cell.value, cell.number_format = value.share, "0%"
    elif isinstance(value, ErrorValue):
        cell.value, cell.data_type = value.code, "e"
    elif isinstance(value, Formula):
        cell.value, cell.data_type = f"={value.text}", "f"
    elif isinstance(value, Marked):
        cell.value = CellRichText(*(TextBlock(_run_font(mark), text) for text, mark in value.runs))
    elif isinstance(value, Styled):
        cell.value, cell.number_format = value.value, value.code
        cell.font = Font(strike=value.how == "struck" or None, color="FFFFFFFF" if value.how == "white" else None)
    else:
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"


def _run_font(mark: str) -> InlineFont:
    if mark in ("ruby", "hidden"):
        raise ValueError("no such run in a workbook")
    font = InlineFont()
    setattr(font, "strike" if mark == "struck" else "vertAlign", True if mark == "struck" else mark or None)
    return font


def _results(name: str, xml: str, sheets: list[Sheet]) -> str:
    """The stored results of formulas, which openpyxl does not write."""
    found = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name)
    if not found:
        return xml
    for place, value in sheets[int(found[1]) - 1].cells.items():
        if isinstance(value, Formula):
            xml = _result(xml, place, value)
    return xml


def _result(xml: str, place: Place, formula: Formula) -> str:
    result = formula.cached
    shown = result.code if isinstance(result, ErrorValue) else result
    kind = {str: ' t="str"', ErrorValue: ' t="e"'}.get(type(result), "")
    stored = "" if shown is None else f"<v>{escape(str(shown))}</v>"
    pattern = rf'<c r="{get_column_letter(place[1])}{place[0]}"( s="\d+")?[^>]*>(<f>[^<]*</f>)<v\s*(?:/>|></v>)</c>'
    xml, count = re.subn(pattern, lambda m: f'<c r="{m[0].split(chr(34))[1]}"{m[1] or ""}{kind}>{m[2]}{stored}</c>', xml)
    if count != 1:
        raise AssertionError(f"openpyxl writes formulas otherwise: {place}")
    return xml


def _repack(content: bytes, patch: Patch) -> bytes:
    """Fixed times in the container and the properties; every XML part goes through ``patch``."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            xml = re.sub(r"(<dcterms:\w+[^>]*>)[^<]*", rf"\g<1>{STAMP.isoformat()}Z", old.read(name).decode())
            info = zipfile.ZipInfo(name, STAMP.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, patch(name, xml))
    return stream.getvalue()
