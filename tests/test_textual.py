"""Separated values and their encodings."""

from __future__ import annotations

import pytest

from pipeline.intake.container import Container, Limits
from pipeline.intake.container import Kind as Format
from pipeline.intake.grid import read_grids
from pipeline.intake.textual import decode, decode_html, delimiter, text_kind
from pipeline.model import Cell, Grid, Kind, UnreadableFile

TABLE = "区域,企业数\n鹿城区,8\n龙湾区,55\n"


def grid(content: bytes, limits: Limits | None = None) -> Grid:
    (only,) = read_grids(content, Container(Format.CSV, stem="附件2"), limits or Limits())
    return only


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_tables(encoding: str, mark: str, end: str) -> None:
    found = grid(TABLE.replace(",", mark).replace("\n", end).encode(encoding))
    assert (found.at(1, 1), found.at(3, 2)) == (Cell(Kind.TEXT, "区域"), Cell(Kind.TEXT, "55"))
    assert (found.name, found.addressed, found.all_text, len(found.cells)) == ("附件2", False, True, 6)


def test_utf_16_of_the_other_end() -> None:
    assert grid(b"\xfe\xff" + TABLE.encode("utf-16-be")).at(2, 2).text == "8"


def test_values_stay_as_they_are_written() -> None:
    found = grid('a,b\n" 8 ",007\n"1,200",TRUE\n"第一\n行",\n'.encode())
    assert [cell.text for cell in (found.at(2, 1), found.at(2, 2), found.at(3, 1))] == [" 8 ", "007", "1,200"]
    assert found.at(3, 2) == Cell(Kind.TEXT, "TRUE")
    assert (found.at(4, 1).text, found.at(4, 2).kind) == ("第一\n行", Kind.BLANK)


def test_empty_lines_count() -> None:
    assert set(grid(b"a,b\n\n,\nc,d\n").cells) == {(1, 1), (1, 2), (4, 1), (4, 2)}


def test_limits() -> None:
    assert len(grid(b"a,b\nc,d\n", Limits(max_cells=4, max_rows=2)).cells) == 4
    for limits in (Limits(max_cells=3), Limits(max_rows=1)):
        with pytest.raises(UnreadableFile, match="too_many_cells"):
            grid(b"a,b\nc,d\n", limits)


def test_a_value_of_a_hundred_thousand_characters_and_more() -> None:
    with pytest.raises(UnreadableFile, match="damaged"):
        grid(b"a,b\nc," + b"x" * 200_000 + b"\n")


@pytest.mark.parametrize(
    ("text", "mark"),
    [("a,b\nc,d\n", ","), ("a;b\nc;d\n", ";"), ("a\tb\nc\td\n", "\t"), ("a;b,c\nd;e\n", ";"), ('"a,b"\tc\n"d,e"\tf\n', "\t")],
)
def test_delimiters(text: str, mark: str) -> None:
    assert delimiter(text) == mark


@pytest.mark.parametrize("text", ["", "a\nb\nc\n", "a,b\nc\n", "一、说明，无变化；\n二、无\n"])
def test_no_table(text: str) -> None:
    with pytest.raises(UnreadableFile, match="unknown_kind"):
        delimiter(text)


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ('<meta charset="gb2312">瓯'.encode("gbk"), "瓯"),
        ("<meta http-equiv=Content-Type content='text/html; charset=gbk'>瓯".encode("gbk"), "瓯"),
        ("<meta charset=utf-8>瓯".encode(), "瓯"),
        ("<meta charset=utf-8>瓯海区".encode("gbk"), "瓯海区"),
        ("<meta charset=nonsense>瓯".encode(), "瓯"),
        ("<meta charset=gb2312>㐀镕".encode("gb18030"), "㐀镕"),
        ("<meta charset=gb2312>瓯".encode("utf-8-sig"), "瓯"),
        ("<table>瓯".encode("gbk"), "瓯"),
        (b"<meta charset=utf-7>+2AA-8", "\ufffd8"),
        ("<meta charset=idna>瓯".encode(), "瓯"),
    ],
)
def test_pages_are_decoded_as_they_say_or_as_they_are(page: bytes, text: str) -> None:
    assert decode_html(page).endswith(">" + text)


def test_no_encoding_at_all() -> None:
    with pytest.raises(UnreadableFile, match="unknown_kind"):
        decode(b"\xff\xff\xff")


PAGE = "<html><head><meta charset=utf-8></head><body><table><tr><td>鹿城区</td><td>8</td></tr></table></body></html>"


@pytest.mark.parametrize("before", ["", "\n\n", "<!-- 导出 -->", "<!DOCTYPE html>"])
def test_a_page_begins_with_a_tag(before: str) -> None:
    assert text_kind((before + PAGE).encode()) is Format.HTML


@pytest.mark.parametrize("cut", [1, 3, 5, 8, 20])
def test_a_page_without_its_beginning_is_damaged(cut: int) -> None:
    with pytest.raises(UnreadableFile, match="damaged"):
        text_kind(PAGE[cut:].encode())
