"""Separated values and their encodings."""

from __future__ import annotations

import pytest

from pipeline.model import Cell, Grid, Kind, UnreadableFile
from pipeline.reading.formats import identify, read_grids
from pipeline.reading.formats.encodings import decode
from pipeline.reading.formats.kinds import Container, Limits
from pipeline.reading.formats.kinds import Kind as Format
from pipeline.reading.formats.text import decode_html, delimiter

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


FORM = "区域,已选派“科技副总”企业数（家）,项目数\n鹿城区,8,5\n瓯海区,9,4\n"
TRADITIONAL = "區域,已選派「科技副總」企業數,項目數\n鹿城區,8,5\n甌海區,9,4\n"
JAPANESE = "地域,企業数,プロジェクト数\n東京都,8,3\n大阪府,9,4\nひらがなのせつめい,3,4\n"
KOREAN = "지역,기업수,프로젝트수,기술이전수\n서울특별시,8,3,4\n부산광역시,9,4,4\n대구광역시,9,4,4\n"
FRENCH = "Région,Numéro,Été\nÎle-de-France,8,3\nRhône,9,4\n"
SPANISH = "Región,Número\nLogroño,8\nCórdoba,9\n,,\n"
RUSSIAN = "Регион,Число,Год\nМосква,8,3\nСанкт,9,4\n"
NOT_OURS = {
    "big5": TRADITIONAL.encode("big5"),
    "shift_jis": JAPANESE.encode("shift_jis"),
    "euc_jp": JAPANESE.encode("euc_jp"),
    "euc_kr": KOREAN.encode("euc_kr"),
    "iso-8859-1": FRENCH.encode("latin-1"),
    "iso-8859-1 whose bytes are all of gbk": SPANISH.replace("ón", "óo").encode("latin-1"),
    "windows-1251": RUSSIAN.encode("cp1251"),
    "koi8-r": RUSSIAN.encode("koi8-r"),
    "a page in big5 that does not say so": f"<table><tr><td>{TRADITIONAL[:18]}</td></tr></table>".encode("big5"),
    "utf-8 with a byte lost": FORM.encode()[:4] + FORM.encode()[5:],
    "utf-8 with a byte too many": FORM.encode() + b"\xe9,8,5\n",
    "utf-8 cut off in a character": FORM.encode().rstrip(b"\n4,9")[:-1],
    "utf-8 of characters that are some in gbk too": ("区,数\n" + "怼恢,1\n" * 9).encode() + b"\xff\n",
    "utf-8, then gbk": FORM.encode() + FORM.encode("gbk"),
    "utf-16 without its mark": FORM.encode("utf-16-le"),
    "utf-16 of the other end without its mark": FORM.encode("utf-16-be"),
    "utf-32": FORM.encode("utf-32"),
    "utf-16 with half a character": FORM.encode("utf-16") + b"\x00",
}


@pytest.mark.parametrize("content", NOT_OURS.values(), ids=NOT_OURS)
def test_digits_of_another_encoding_are_no_numbers(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="no_encoding"):
        identify(content, "附件2")


@pytest.mark.parametrize(
    "text",
    [
        FORM,
        "ID;Period;数\n1;2;3\n",
        "区域,备注,数\n鹿城区,㐀镕喆,8\n",
        "单位;数\n①;８\nⅡ;9\n",
        "a,b\n1,2\n",
        "区,数\n" + "啊播,1\n" * 9,
    ],
)
def test_what_was_written_in_gbk_is_read(text: str) -> None:
    assert decode(text.encode("gb18030")) == text


OF_PROGRAMS = {
    "sylk of LibreOffice": b"ID;PCALCOOO32\nC;X1;Y1;K8\nC;X1;Y2;K9\nE\n",
    "a sheet of several pages": b"<html><head><link rel=Main-File href='../a.htm'><link rel=Stylesheet href=stylesheet.css>"
    b"</head><table><tr><td class=xl65>8</td></tr></table></html>",
    "sylk": b"ID;PWXL;N;E\r\nC;Y1;X1;K8\r\nC;Y2;X1;K9\r\nE\r\n",
    "dif": b'TABLE\r\n0,1\r\n"EXCEL"\r\nVECTORS\r\n0,4\r\n""\r\nDATA\r\n0,0\r\n""\r\n-1,0\r\nBOT\r\n0,8\r\nV\r\n',
    "json": '[\n {"区域": "鹿城区", "企业数": 8},\n {"区域": "龙湾区", "企业数": 9}\n]'.encode(),
    "json of rows": '[["区域","企业数"],\n["鹿城区",8],\n["龙湾区",9]]'.encode(),
    "markup": '<rows>\n<row 区域="鹿城区", 企业数="8"/>\n<row a="1", b="2"/>\n</rows>'.encode(),
    "web archive of Excel": b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related\r\n\r\n"
    b"--a\r\nContent-Location: file:///C:/a/sheet001.htm\r\n\r\n<table><tr><td>8</td></tr></table>\r\n--a--\r\n",
    "lotus": b"\x00\x00\x02\x00\x06\x04" + bytes(30),
    "dbase": b"\x03\x7c\x06\x1e\x02\x00\x00\x00\x41\x00\x0d\x00" + bytes(20) + b"QYS" + bytes(8) + b"N\r 8;9;\n1,2,\n",
}


@pytest.mark.parametrize("content", OF_PROGRAMS.values(), ids=OF_PROGRAMS)
def test_what_programs_write_for_programs_is_no_table_of_texts(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="unknown_kind"):
        identify(content, "附件2")


PAGE = "<html><head><meta charset=utf-8></head><body><table><tr><td>鹿城区</td><td>8</td></tr></table></body></html>"


@pytest.mark.parametrize("before", ["", "\n\n", "<!-- 导出 -->", "<!DOCTYPE html>"])
def test_a_page_begins_with_a_tag(before: str) -> None:
    assert identify((before + PAGE).encode(), "附件2").kind is Format.HTML


@pytest.mark.parametrize("cut", [1, 3, 5, 8, 20])
def test_a_page_without_its_beginning_is_damaged(cut: int) -> None:
    with pytest.raises(UnreadableFile, match="damaged"):
        identify(PAGE[cut:].encode(), "附件2")
