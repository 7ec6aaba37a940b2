"""XML Spreadsheets of 2003, as Excel writes them: by hand, for no library does."""

from __future__ import annotations

import datetime as dt
from xml.sax.saxutils import escape, quoteattr

from tests.returns.layout import Place, Sheet
from tests.returns.spec import ErrorValue, Formula, Marked, Percent, Styled, Value
from tests.support.xml_spreadsheets import data, style, typed, worksheet, xml_spreadsheet

_FONTS = {"struck": '<Font ss:StrikeThrough="1"/>', "white": '<Font ss:Color="#FFFFFF"/>'}
_RUNS = {"struck": "<S>{}</S>", "superscript": "<Sup>{}</Sup>", "subscript": "<Sub>{}</Sub>", "": "{}"}
Looks = dict[tuple[str, str], str]
"""The ids of styles by number format and font."""


def write(sheets: list[Sheet]) -> bytes:
    looks: Looks = {}
    tables = [_sheet(sheet, looks) for sheet in sheets]
    styles = "".join(
        style(name, _FONTS.get(how, "") + (f"<NumberFormat ss:Format={quoteattr(code)}/>" if code else ""))
        for (code, how), name in looks.items()
    )
    return xml_spreadsheet(*tables, styles=styles)


def _sheet(sheet: Sheet, looks: Looks) -> str:
    last, width = sheet.size
    spans = {(top, left): (bottom - top, right - left) for top, left, bottom, right in sheet.merges}
    columns = "".join(f'<Column ss:Index="{column}" ss:Hidden="1"/>' for column in sorted(sheet.hidden_columns))
    rows = "".join(_row(sheet, row, width, spans, looks) for row in range(1, last + 1))
    return worksheet(columns + rows, sheet.name, "<Visible>SheetHidden</Visible>" if sheet.hidden else "")


def _row(sheet: Sheet, row: int, width: int, spans: dict[Place, Place], looks: Looks) -> str:
    """Rows and cells that hold nothing are left out."""
    places = [(row, column) for column in range(1, width + 1) if (row, column) in sheet.cells or (row, column) in spans]
    cells = "".join(_cell(sheet.cells.get(place), place[1], spans.get(place, (0, 0)), looks) for place in places)
    hidden = ' ss:Hidden="1"' if row in sheet.hidden_rows else ""
    return f'<Row ss:Index="{row}"{hidden}>{cells}</Row>' if cells or hidden else ""


def _cell(value: Value, column: int, span: Place, looks: Looks) -> str:
    attributes: dict[str, object] = {"Index": column}
    attributes |= {name: count for name, count in zip(("MergeDown", "MergeAcross"), span, strict=True) if count}
    if (look := _look(value)) != ("", ""):
        attributes["StyleID"] = looks.setdefault(look, f"s{62 + len(looks)}")
    if isinstance(value, Formula):
        attributes["Formula"] = f"={value.text}"
        value = value.cached
    return _held(value.value if isinstance(value, Styled) else value, attributes)


def _look(value: Value) -> tuple[str, str]:
    """A number format and a font."""
    match value:
        case Styled():
            if value.how == "conditional":
                raise ValueError("no conditional formats are written")
            return (value.code, "") if value.how == "format" else ("", value.how)
        case Percent():
            return "0%", ""
        case dt.time():
            return "h:mm:ss", ""
        case dt.date():
            return "Short Date", ""
    return "", ""


def _held(value: Value, attributes: dict[str, object]) -> str:
    match value:
        case None:
            return typed("", "", **attributes).replace('<Data ss:Type=""></Data>', "")
        case bool():
            return typed("Boolean", str(int(value)), **attributes)
        case Percent():
            return data(value.share, **attributes)
        case dt.time():
            return typed("DateTime", f"1899-12-31T{value:%H:%M:%S}.000", **attributes)
        case dt.date():
            return typed("DateTime", f"{value:%Y-%m-%d}T{value:%H:%M:%S}.000", **attributes)
        case ErrorValue():
            return typed("Error", value.code, **attributes)
        case Marked():
            return _runs(value, attributes)
        case str():
            return typed("String", escape(value).replace("\n", "&#10;"), **attributes)
    return data(value, **attributes)


def _runs(value: Marked, attributes: dict[str, object]) -> str:
    if any(mark not in _RUNS for _, mark in value.runs):
        raise ValueError("no such run in an XML Spreadsheet")
    inside = "".join(_RUNS[mark].format(escape(text)) for text, mark in value.runs)
    plain = typed("String", inside, **attributes)
    html = '<ss:Data xmlns="http://www.w3.org/TR/REC-html40" ss:Type='
    return plain.replace("<Data ss:Type=", html).replace("</Data>", "</ss:Data>")
