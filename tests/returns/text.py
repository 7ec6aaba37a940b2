"""Text tables: CSV, and HTML tables that are called .xls. One sheet; everything is text."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io

from tests.returns.layout import Place, Sheet
from tests.returns.spec import ErrorValue, Formula, Marked, Percent, Styled, Value


def csv_utf8(sheets: list[Sheet]) -> bytes:
    return _csv(sheets, ",").encode("utf-8")


def csv_utf8_bom(sheets: list[Sheet]) -> bytes:
    """As Excel saves “CSV UTF-8”."""
    return _csv(sheets, ",").encode("utf-8-sig")


def csv_gbk(sheets: list[Sheet]) -> bytes:
    """As a Chinese Excel saves CSV; UnicodeEncodeError (a ValueError) for what GBK cannot write."""
    return _csv(sheets, ",").encode("gbk")


def csv_utf16(sheets: list[Sheet]) -> bytes:
    """As Excel saves “Unicode text”: UTF-16 with a byte order mark, tabs between the fields."""
    return b"\xff\xfe" + _csv(sheets, "\t").encode("utf-16-le")


def html_gbk(sheets: list[Sheet]) -> bytes:
    """As reporting systems export “Excel”."""
    return _html(sheets, "gb2312").encode("gbk")


def html_utf8(sheets: list[Sheet]) -> bytes:
    return _html(sheets, "utf-8").encode("utf-8")


def _csv(sheets: list[Sheet], delimiter: str) -> str:
    sheet = _only(sheets)
    rows, columns = sheet.size
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter)
    for row in range(1, rows + 1):
        writer.writerow([shown(sheet.cells.get((row, column))) for column in range(1, columns + 1)])
    return stream.getvalue()


def _html(sheets: list[Sheet], charset: str) -> str:
    sheet = _only(sheets)
    rows, columns = sheet.size
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in sheet.merges}
    covered = {
        (row, column)
        for top, left, bottom, right in sheet.merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }
    lines = []
    for row in range(1, rows + 1):
        places = [(row, column) for column in range(1, columns + 1) if (row, column) not in covered]
        style = ' style="display:none"' if row in sheet.hidden_rows else ""
        lines.append(f"<tr{style}>{''.join(_td(sheet, place, spans) for place in places)}</tr>")
    body = "\n".join(lines)
    return f'<html><head><meta charset="{charset}"></head><body><table border=1>\n{body}\n</table></body></html>'


def _td(sheet: Sheet, place: Place, spans: dict[Place, Place]) -> str:
    down, across = spans.get(place, (1, 1))
    span = (f' rowspan="{down}"' if down > 1 else "") + (f' colspan="{across}"' if across > 1 else "")
    style = ' style="display:none"' if place[1] in sheet.hidden_columns else ""
    value = sheet.cells.get(place)
    if isinstance(value, Marked):
        return f"<td{span}{style}>{''.join(_run(*run) for run in value.runs)}</td>"
    if isinstance(value, Styled):
        if value.how not in _STYLED:
            raise ValueError("an HTML table has no conditional formats")
        style, value = f' style="{_STYLED[value.how]}{style[8:-1]}"', value.value
    return f"<td{span}{style}>{html.escape(shown(value), quote=False).replace(chr(10), '<br>')}</td>"


_STYLED = {"struck": "text-decoration:line-through;", "white": "color:#ffffff;"}
_RUNS = {
    "": "{}",
    "struck": "<s>{}</s>",
    "superscript": "<sup>{}</sup>",
    "subscript": "<sub>{}</sub>",
    "ruby": "<ruby><rt>{}</rt></ruby>",
    "hidden": '<span style="display:none">{}</span>',
}


def _run(text: str, mark: str) -> str:
    return _RUNS[mark].format(html.escape(text))


def _only(sheets: list[Sheet]) -> Sheet:
    if len(sheets) > 1 or sheets[0].hidden:
        raise ValueError("a text table holds one sheet, which is never hidden")
    return sheets[0]


def shown(value: Value) -> str:
    """A value as a spreadsheet program exports it; ValueError for a formula without a stored result, and for looks."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case Percent():
            return f"{value.share * 100:g}%"
        case ErrorValue():
            return value.code
        case dt.date() | dt.time():
            return value.isoformat()
        case Formula():
            if value.cached is None:
                raise ValueError("a text table holds no formula without a result")
            return shown(value.cached)
        case Marked() | Styled():
            raise ValueError("a text table knows no looks")
    return str(value)
