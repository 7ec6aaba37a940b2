"""OpenDocument spreadsheets, written by hand: only so can value types, errors, formulas without result and repeated cells be set
exactly as LibreOffice and WPS write them, and without a further dependency."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import re
import zipfile
from xml.sax.saxutils import escape, quoteattr

from tests.returns.layout import Place, Sheet
from tests.returns.spec import ErrorValue, Formula, Marked, Percent, Styled, Value

MIME = "application/vnd.oasis.opendocument.spreadsheet"
LAST_ROW, LAST_COLUMN = 1048576, 16384
STAMP = (2024, 1, 1, 0, 0, 0)
NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("number", "datastyle"),
        ("fo", "xsl-fo-compatible"),
    )
)  # fmt: skip
FORMULAS = (
    'xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)
MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest manifest:version="1.3" '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIME}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
_BASIC = (
    '<office:automatic-styles><number:percentage-style style:name="N1"><number:number number:decimal-places="0" '
    'number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>'
    '<style:style style:name="percent" style:family="table-cell" style:data-style-name="N1"/>'
    '<style:style style:name="hidden" style:family="table"><style:table-properties table:display="false"/></style:style>'
)
_MARKS = {
    "struck": 'style:text-line-through-style="solid"',
    "superscript": 'style:text-position="super 58%"',
    "subscript": 'style:text-position="sub 58%"',
    "hidden": 'text:display="none"',
    "white": 'fo:color="#ffffff"',
}
_DIGITS = 'number:decimal-places="{}" number:min-integer-digits="1"'
_CODES = {
    "General": "<number:number/>",
    ";;;": "<number:text/>",
    "0,": f'<number:number {_DIGITS.format(0)} number:display-factor="1000"/>',
    '0"家"': f"<number:number {_DIGITS.format(0)}/><number:text>家</number:text>",
    "#,##0": f'<number:number {_DIGITS.format(0)} number:grouping="true"/>',
    "0.00": f"<number:number {_DIGITS.format(2)}/>",
}
"""Number formats in the other formats' words, and in those of OpenDocument."""
_LOOKS = "".join(
    f'<style:style style:name="{mark}" style:family="{family}"><style:text-properties {how}/></style:style>'
    for mark, how in _MARKS.items()
    for family in ("text", "table-cell")
)
_SHOWN = "".join(
    f'<number:number-style style:name="NF{n}">{how}</number:number-style>'
    f'<style:style style:name="format{n}" style:family="table-cell" style:data-style-name="NF{n}"/>'
    for n, how in enumerate(_CODES.values())
)
STYLES = f"{_BASIC}{_LOOKS}{_SHOWN}</office:automatic-styles>"


def write(sheets: list[Sheet]) -> bytes:
    body = "".join(_table(sheet) for sheet in sheets)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMESPACES} {FORMULAS} office:version="1.3">{STYLES}'
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        _add(archive, "mimetype", MIME, zipfile.ZIP_STORED)
        _add(archive, "content.xml", content, zipfile.ZIP_DEFLATED)
        _add(archive, "META-INF/manifest.xml", MANIFEST, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _add(archive: zipfile.ZipFile, name: str, text: str, method: int) -> None:
    info = zipfile.ZipInfo(name, STAMP)
    info.compress_type = method
    archive.writestr(info, text)


def _table(sheet: Sheet) -> str:
    """Blank rows at the end are one repeated row down to the last possible one, as LibreOffice writes them."""
    last, width = sheet.size
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in sheet.merges}
    covered = {place for area in sheet.merges for place in _places(area)} - set(spans)
    rows = "".join(_row(sheet, row, width, spans, covered) for row in range(1, last + 1))
    rest = f'<table:table-row table:number-rows-repeated="{LAST_ROW - last}">{_blank(LAST_COLUMN)}</table:table-row>'
    style = ' table:style-name="hidden"' if sheet.hidden else ""
    return f"<table:table table:name={quoteattr(sheet.name)}{style}>{_columns(sheet, width)}{rows}{rest}</table:table>"


def _places(area: tuple[int, int, int, int]) -> itertools.product[Place]:
    top, left, bottom, right = area
    return itertools.product(range(top, bottom + 1), range(left, right + 1))


def _columns(sheet: Sheet, width: int) -> str:
    shown = ("" if column not in sheet.hidden_columns else ' table:visibility="collapse"' for column in range(1, width + 1))
    return "".join(f"<table:table-column{visibility}/>" for visibility in shown)


def _row(sheet: Sheet, row: int, width: int, spans: dict[Place, Place], covered: set[Place]) -> str:
    parts: list[str] = []
    blanks = 0
    for column in range(1, width + 1):
        place = (row, column)
        if place not in sheet.cells and place not in covered and place not in spans:
            blanks += 1
            continue
        parts += [_blank(blanks), _cell(sheet.cells.get(place), spans.get(place), covered=place in covered)]
        blanks = 0
    visibility = ' table:visibility="collapse"' if row in sheet.hidden_rows else ""
    return f"<table:table-row{visibility}>{''.join(parts)}{_blank(LAST_COLUMN - width + blanks)}</table:table-row>"


def _blank(count: int) -> str:
    return f'<table:table-cell table:number-columns-repeated="{count}"/>' if count else ""


def _cell(value: Value, span: Place | None, *, covered: bool) -> str:
    if covered:
        return "<table:covered-table-cell/>"
    spanned = f' table:number-rows-spanned="{span[0]}" table:number-columns-spanned="{span[1]}"' if span else ""
    if isinstance(value, Marked):
        return f'<table:table-cell office:value-type="string"{spanned}><text:p>{_runs(value)}</text:p></table:table-cell>'
    attributes, shown = _typed(value)
    shows = shown or isinstance(value, Styled)  # a format that shows nothing leaves an empty line
    lines = "".join(f"<text:p>{_spaced(line)}</text:p>" for line in shown.split("\n")) if shows else ""
    return f"<table:table-cell{attributes}{spanned}>{lines}</table:table-cell>"


def _runs(value: Marked) -> str:
    return "".join(_run(*run) for run in value.runs)


def _run(text: str, mark: str) -> str:
    if mark == "ruby":
        return f"<text:ruby><text:ruby-base/><text:ruby-text>{_spaced(text)}</text:ruby-text></text:ruby>"
    return f'<text:span text:style-name="{mark}">{_spaced(text)}</text:span>' if mark else _spaced(text)


def _spaced(line: str) -> str:
    """Runs of blanks collapse in OpenDocument unless they are counted."""
    return re.sub(r"^ +| {2,}", lambda run: f'<text:s text:c="{len(run[0])}"/>', escape(line))


def _typed(value: Value) -> tuple[str, str]:
    """Attributes and shown text of a cell."""
    match value:
        case None:
            return "", ""
        case bool():
            return f' office:value-type="boolean" office:boolean-value="{str(value).lower()}"', str(value).upper()
        case int() | float():
            return f' office:value-type="float" office:value="{value}"', f"{value:g}" if isinstance(value, float) else str(value)
        case Percent():
            percent = f' table:style-name="percent" office:value-type="percentage" office:value="{value.share}"'
            return percent, f"{value.share * 100:g}%"
        case dt.time():
            return f' office:value-type="time" office:time-value="{value:PT%HH%MM%SS}"', value.isoformat()
        case dt.date():
            return f' office:value-type="date" office:date-value="{value.isoformat()}"', value.isoformat()
        case ErrorValue():
            return _error(value, f"of:={value.code}")
        case Formula():
            return _formula(value)
        case Styled():
            return _styled(value)
    return ' office:value-type="string"', str(value)


def _styled(value: Styled) -> tuple[str, str]:
    """ValueError for a look, or a number format, that is not among the styles."""
    if value.how == "conditional" or value.code not in _CODES:
        raise ValueError(f"no .ods is written with {value.how} {value.code}")
    typed, shown = _typed(value.value)
    style = f"format{list(_CODES).index(value.code)}" if value.how == "format" else value.how
    nothing = "" if value.how == "format" and value.code == ";;;" else shown
    return f' table:style-name="{style}"{typed}', nothing if value.shown is None else value.shown


def _error(error: ErrorValue, formula: str) -> tuple[str, str]:
    written = f" table:formula={quoteattr(formula)}"
    return f'{written} office:value-type="string" office:string-value="" calcext:value-type="error"', error.code


def _formula(formula: Formula) -> tuple[str, str]:
    text = "of:=" + re.sub(r"\b([A-Z]{1,3}\d+)\b", r"[.\1]", formula.text)
    if isinstance(formula.cached, ErrorValue):
        return _error(formula.cached, text)
    attributes, shown = _typed(formula.cached)
    return f" table:formula={quoteattr(text)}{attributes}", shown
