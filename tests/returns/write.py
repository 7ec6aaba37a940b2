"""One return as bytes, in any of the formats that come in."""

from __future__ import annotations

from collections.abc import Callable

from tests.returns import ods, text, xls, xlsx, xml
from tests.returns.extras import with_extras
from tests.returns.layout import Sheet, sheets_of
from tests.returns.spec import ReturnSpec

FORMATS: dict[str, Callable[[list[Sheet]], bytes]] = {
    "xlsx": xlsx.write,
    "xlsx-wps": xlsx.write_wps,
    "xlsx-strict": xlsx.write_strict,
    "xlsm": xlsx.write_xlsm,
    "xls": xls.write,
    "et": xls.write,
    "ods": ods.write,
    "csv-utf8": text.csv_utf8,
    "csv-utf8-bom": text.csv_utf8_bom,
    "csv-gbk": text.csv_gbk,
    "csv-utf16": text.csv_utf16,
    "html-gbk": text.html_gbk,
    "html-utf8": text.html_utf8,
    "xml": xml.write,
}


def write_return(spec: ReturnSpec) -> bytes:
    """The file's bytes, the same on every call; ValueError where the format cannot hold what the specification asks for."""
    sheets = sheets_of(spec)
    told = repr((spec.fmt, sheets, spec.carries))  # of which equal numbers of different types differ, as they do in a file
    if told not in _written:
        content = FORMATS[spec.fmt](sheets)
        _written[told] = with_extras(content, spec.carries) if spec.carries else content
    return _written[told]


_written: dict[str, bytes] = {}
"""By what they were written from: many tests send the same returns."""
