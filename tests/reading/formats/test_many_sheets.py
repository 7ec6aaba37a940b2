"""Workbooks of more sheets than anybody looks through are refused by their number, in every format and before they are read."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
import xlwt

from pipeline.model import UnreadableFile
from pipeline.reading.formats import identify, read_sheets
from pipeline.reading.formats.kinds import Limits
from tests.support.handmade import ods, rows, table, xlsx

ROW = "<table:table-row><table:table-cell office:value-type='float' office:value='1'/></table:table-row>"


def _xlsx(count: int) -> bytes:
    return xlsx(*[rows('<row r="1"><c r="A1"><v>1</v></c></row>')] * count)


def _ods(count: int) -> bytes:
    return ods(*[table(ROW)] * count)


def _html(count: int) -> bytes:
    return b"<html>" + b"<table><tr><td>1</td></tr></table>" * count + b"</html>"


def _xls(count: int) -> bytes:
    book, stream = xlwt.Workbook(), io.BytesIO()
    for number in range(count):
        book.add_sheet(f"s{number}").write(0, 0, number)
    book.save(stream)
    return stream.getvalue()


FORMATS: dict[str, Callable[[int], bytes]] = {each.__name__[1:]: each for each in (_xlsx, _ods, _html, _xls)}


def sheets(content: bytes, limits: Limits) -> int:
    return len(read_sheets(content, identify(content, "x", limits), limits))


@pytest.mark.parametrize("made", FORMATS)
def test_the_limit_is_the_programmes(made: str) -> None:
    content = FORMATS[made](3)
    assert sheets(content, Limits(max_sheets=3)) == 3
    with pytest.raises(UnreadableFile, match="too_many_cells"):
        sheets(content, Limits(max_sheets=2))


@pytest.mark.parametrize("made", ["xlsx", "ods", "html"])
def test_ten_thousand_sheets_are_too_many(made: str) -> None:
    with pytest.raises(UnreadableFile, match="too_many_cells"):
        sheets(FORMATS[made](10_000), Limits())
