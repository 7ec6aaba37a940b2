"""Writers of county returns as real offices make them, independent of the product: what tests, demo and benchmarks feed on."""

from __future__ import annotations

from tests.returns.catalogue import GOOD, LAYOUTS, ONE_SHEET
from tests.returns.layout import cell_of, sheets_of
from tests.returns.names import FILE_STYLES, PERIOD_STYLES, file_name, period_text
from tests.returns.panel import clean_panel
from tests.returns.spec import ErrorValue, Formula, Layout, Marked, Percent, ReturnSpec, Styled, Value
from tests.returns.write import FORMATS, write_return

__all__ = [
    "FILE_STYLES",
    "FORMATS",
    "GOOD",
    "LAYOUTS",
    "ONE_SHEET",
    "PERIOD_STYLES",
    "ErrorValue",
    "Formula",
    "Layout",
    "Marked",
    "Percent",
    "ReturnSpec",
    "Styled",
    "Value",
    "cell_of",
    "clean_panel",
    "file_name",
    "period_text",
    "sheets_of",
    "write_return",
]
