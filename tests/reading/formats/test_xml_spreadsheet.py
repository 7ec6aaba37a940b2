"""XML Spreadsheets of 2003: values, looks and places, and what is rather not read."""

from __future__ import annotations

import pytest

from pipeline.model import Area, Cell, Grid, Kind, Mark, Run, UnreadableFile, Unseen
from pipeline.reading.formats import identify, read_floating, read_grids
from pipeline.reading.formats.kinds import Kind as Format
from pipeline.reading.formats.kinds import Limits
from pipeline.reading.read import read_submission
from schemas.programme import Programme
from tests.support.xml_spreadsheets import data, one, rows, style, typed, worksheet, xml_spreadsheet

LIMITS = Limits(units=frozenset({"家", "项"}))


def grids(content: bytes, limits: Limits = LIMITS) -> tuple[Grid, ...]:
    return read_grids(content, identify(content, "附件2.xls"), limits)


def formatted(value: object, code: str) -> bytes:
    return one(data(value, StyleID="s"), style("s", f"<NumberFormat ss:Format='{code}'/>"))


def looking(inside: str, value: object = 8) -> bytes:
    return one(data(value, StyleID="s"), style("s", inside))


CELLS = {
    "number": (one(data(8)), Cell(Kind.NUMBER, "8", 8)),
    "number with blanks around": (one(typed("Number", "\n 8 ")), Cell(Kind.NUMBER, "8", 8)),
    "float": (one(typed("Number", "8.0000000000000001E0")), Cell(Kind.NUMBER, "8", 8)),
    "decimals": (one(data(35.5)), Cell(Kind.NUMBER, "35.5", 35.5)),
    "text": (one(data("8")), Cell(Kind.TEXT, "8")),
    "lines": (one(typed("String", "约&#10;30")), Cell(Kind.TEXT, "约\n30")),
    "truth": (one(typed("Boolean", "1")), Cell(Kind.BOOLEAN, "TRUE")),
    "error": (one(typed("Error", "#DIV/0!")), Cell(Kind.ERROR, "#DIV/0!")),
    "date": (one(typed("DateTime", "2024-06-30T00:00:00.000")), Cell(Kind.DATE, "2024-06-30")),
    "moment": (one(typed("DateTime", "2024-06-30T08:30:00.000")), Cell(Kind.DATE, "2024-06-30 08:30:00")),
    "time": (one(typed("DateTime", "1899-12-31T08:30:00.000")), Cell(Kind.TIME, "08:30:00")),
    "formula": (one(data(8, Formula="=SUM(R[-2]C)")), Cell(Kind.NUMBER, "8", 8, True)),
    "formula without result": (one('<Cell ss:Formula="=R[-1]C"/>'), Cell(Kind.UNCALCULATED, "=R[-1]C", None, True)),
    "formula with an empty number": (one(typed("Number", "", Formula="=1+1")), Cell(Kind.UNCALCULATED, "=1+1", None, True)),
    "formula with an empty text": (one(typed("String", "", Formula='=IF(RC[-1]="","",1)')), Cell(Kind.BLANK)),
    "blank": (one('<Cell ss:StyleID="Default"/>'), Cell(Kind.BLANK)),
    "unit": (formatted(8, '0"家"'), Cell(Kind.NUMBER, "8家", 8)),
    "other unit": (formatted(8, '0"万"'), Cell(Kind.TEXT, "8万")),
    "thousands": (formatted(8000, "0,"), Cell(Kind.MASKED, "8≠8000", 8000)),
    "nothing": (formatted(24, ";;;"), Cell(Kind.MASKED, "≠24", 24)),
    "text shown as nothing": (formatted("24", ";;;"), Cell(Kind.MASKED, "≠24")),
    "percent": (formatted(0.25, "0%"), Cell(Kind.PERCENT, "25%", 0.25)),
    "percent by name": (formatted(0.25, "Percent"), Cell(Kind.PERCENT, "25%", 0.25)),
    "fixed by name": (formatted(8, "Fixed"), Cell(Kind.NUMBER, "8", 8)),
    "standard by name": (formatted(1200, "Standard"), Cell(Kind.NUMBER, "1200", 1200)),
    "date by name": (formatted(45473, "Short Date"), Cell(Kind.DATE, "2024-06-30")),
    "time by name": (formatted(0.5, "Short Time"), Cell(Kind.TIME, "12:00:00")),
    "yes by name": (formatted(1, "Yes/No"), Cell(Kind.TEXT, "Yes")),
    "date since 1904": (
        one(data(44011, StyleID="s"), style("s", '<NumberFormat ss:Format="Short Date"/>'), "<Date1904/>"),
        Cell(Kind.DATE, "2024-06-30"),
    ),
}


@pytest.mark.parametrize(("content", "expected"), CELLS.values(), ids=CELLS)
def test_cells(content: bytes, expected: Cell) -> None:
    (grid,) = grids(content)
    assert (grid.name, grid.at(7, 4)) == ("附件2", expected)


CIRCLE = '<Style ss:ID="a" ss:Parent="b"/><Style ss:ID="b" ss:Parent="a"/>'
SEEN: dict[str, tuple[bytes, Unseen | None]] = {
    "plain": (looking('<Font ss:Color="#FF0000"/><Interior ss:Color="#FFFF00" ss:Pattern="Solid"/>'), None),
    "struck": (looking('<Font ss:StrikeThrough="1"/>'), Unseen.STRUCK),
    "text struck": (looking('<Font ss:StrikeThrough="1"/>', "8"), Unseen.STRUCK),
    "not struck after all": (looking('<Font ss:StrikeThrough="0"/>'), None),
    "white": (looking('<Font ss:Color="#FFFFFF"/>'), Unseen.COLOUR),
    "white text": (looking('<Font ss:Color="#FFFFFF"/>', "8"), Unseen.COLOUR),
    "white on blue": (looking('<Font ss:Color="#FFFFFF"/><Interior ss:Color="#0000FF" ss:Pattern="Solid"/>'), None),
    "black on black": (looking('<Interior ss:Color="#000000" ss:Pattern="Solid"/>'), Unseen.COLOUR),
    "black on a pattern": (looking('<Interior ss:Color="#000000" ss:Pattern="Gray50"/>'), None),
    "white by its format": (looking('<NumberFormat ss:Format="[White]0"/>'), Unseen.COLOUR),
    "struck by its parent": (
        one(data(8, StyleID="b"), style("a", '<Font ss:StrikeThrough="1"/>') + '<Style ss:ID="b" ss:Parent="a"/>'),
        Unseen.STRUCK,
    ),
    "struck by its row": (
        xml_spreadsheet(
            worksheet(f'<Row ss:Index="7" ss:StyleID="s">{data(8, Index=4)}</Row>'),
            styles=style("s", '<Font ss:StrikeThrough="1"/>'),
        ),
        Unseen.STRUCK,
    ),
    "struck by its column": (
        xml_spreadsheet(
            worksheet(f'<Column ss:Index="3" ss:StyleID="s" ss:Span="2"/><Row ss:Index="7">{data(8, Index=4)}</Row>'),
            styles=style("s", '<Font ss:StrikeThrough="1"/>'),
        ),
        Unseen.STRUCK,
    ),
    "style in a circle": (
        one(data(8, StyleID="a"), '<Style ss:ID="a" ss:Parent="b"/><Style ss:ID="b" ss:Parent="a"/>'),
        None,
    ),
}


@pytest.mark.parametrize(("content", "unseen"), SEEN.values(), ids=SEEN)
def test_looks(content: bytes, unseen: Unseen | None) -> None:
    (grid,) = grids(content)
    assert grid.at(7, 4).unseen is unseen
    assert grid.at(7, 4).text == "8"


def rich(inside: str, behind: str = "", styles: str = "") -> bytes:
    text = f'<ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40">{inside}</ss:Data>'
    return one(f'<Cell ss:StyleID="Default">{text}{behind}</Cell>', styles)


RUNS = {
    "bold and red": ('8<B><Font html:Color="#FF0000">家</Font></B>', "8家", ()),
    "struck": ("<S>8</S>9", "9", (Run("8", Mark.STRUCK), Run("9"))),
    "superscript": ("8<Sup>1</Sup>", "8", (Run("8"), Run("1", Mark.SUPERSCRIPT))),
    "subscript": ("8<B><Sub>1</Sub></B>", "8", (Run("8"), Run("1", Mark.SUBSCRIPT))),
    "white": ('8<Font html:Color="#FFFFFF">1</Font>', "81", (Run("8"), Run("1", Mark.COLOURED))),
    "white by an attribute without prefix": ('8<Font Color="#FFFFFF">1</Font>', "81", (Run("8"), Run("1", Mark.COLOURED))),
}


@pytest.mark.parametrize(("inside", "text", "runs"), RUNS.values(), ids=RUNS)
def test_runs(inside: str, text: str, runs: tuple[Run, ...]) -> None:
    (grid,) = grids(rich(inside))
    assert (grid.at(7, 4).text, grid.at(7, 4).runs) == (text, runs)


def test_a_text_struck_from_end_to_end_is_a_cell_that_is() -> None:
    (grid,) = grids(rich("<S>8</S>"))
    assert grid.at(7, 4) == Cell(Kind.TEXT, "8", unseen=Unseen.STRUCK)


def test_what_stands_above_a_text_is_no_part_of_it() -> None:
    (grid,) = grids(rich("8", '<PhoneticText xmlns="urn:schemas-microsoft-com:office:excel" x:Visible="1">9</PhoneticText>'))
    assert (grid.at(7, 4).text, grid.at(7, 4).runs[-1]) == ("8", Run("9", Mark.RUBY))


def test_places() -> None:
    table = (
        f"<Row>{data('a')}{data('b', MergeAcross=1)}{data('c')}</Row>"
        f'<Row ss:Index="4">{data("d", MergeDown=1)}{data(1)}</Row><Row>{data(2, Index=2)}{data(3)}</Row>'
        f'<Row ss:Index="7" ss:Span="2"/><Row ss:Index="10">{data(4)}</Row>'
    )
    (grid,) = grids(xml_spreadsheet(worksheet(table)))
    assert {place: cell.text for place, cell in grid.cells.items()} == {
        (1, 1): "a", (1, 2): "b", (1, 4): "c", (4, 1): "d", (4, 2): "1", (5, 2): "2", (5, 3): "3", (10, 1): "4",
    }  # fmt: skip
    assert grid.merges == (Area(1, 2, 1, 3), Area(4, 1, 5, 1))


def test_hidden_rows_and_columns() -> None:
    table = (
        '<Column ss:Index="2" ss:Hidden="1" ss:Span="1"/><Column ss:Index="5" ss:Width="0"/>'
        + f"<Row>{''.join(data(n) for n in range(1, 7))}</Row>"
        + f'<Row ss:Hidden="1">{data(1)}</Row><Row ss:AutoFitHeight="0" ss:Height="0">{data(1)}</Row><Row>{data(1)}</Row>'
    )
    (grid,) = grids(xml_spreadsheet(worksheet(table)))
    assert (grid.hidden_rows, grid.hidden_columns) == (frozenset({2, 3}), frozenset({2, 3, 5}))


def test_hidden_sheets() -> None:
    sheets = [worksheet("", name, f"<Visible>{seen}</Visible>" if seen else "") for name, seen in STATES.items()]
    assert {grid.name: grid.hidden for grid in grids(xml_spreadsheet(*sheets))} == {
        name: seen in ("SheetHidden", "SheetVeryHidden") for name, seen in STATES.items()
    }


STATES = {"一": "", "二": "SheetHidden", "三": "SheetVeryHidden", "四": "SheetVisible"}


def conditional(condition: str, area: str = "R7C4") -> bytes:
    behind = (
        f'<ConditionalFormatting xmlns="urn:schemas-microsoft-com:office:excel"><Range>{area}</Range>'
        f"<Condition>{condition}</Condition></ConditionalFormatting>"
    )
    return xml_spreadsheet(worksheet(f'<Row ss:Index="7">{data(8, Index=4)}</Row>', behind=behind))


WHITE = "<Format Style='color:white'/>"
CONDITIONS: dict[str, tuple[bytes, Unseen | None]] = {
    "white above five": (conditional(f"<Qualifier>Greater</Qualifier><Value1>5</Value1>{WHITE}"), Unseen.CONDITION),
    "white above nine": (conditional(f"<Qualifier>Greater</Qualifier><Value1>9</Value1>{WHITE}"), None),
    "white between": (
        conditional(f"<Qualifier>Between</Qualifier><Value1>5</Value1><Value2>9</Value2>{WHITE}"),
        Unseen.CONDITION,
    ),
    "white by a formula": (conditional(f"<Value1>RC[-1]=1</Value1>{WHITE}"), Unseen.CONDITION),
    "white elsewhere": (conditional(f"<Value1>RC[-1]=1</Value1>{WHITE}", "R1C1:R6C9,R8C4"), None),
    "white in the column": (conditional(f"<Value1>RC[-1]=1</Value1>{WHITE}", "C4"), Unseen.CONDITION),
    "red": (conditional("<Qualifier>Greater</Qualifier><Value1>5</Value1><Format Style='color:red;background:#FFFF00'/>"), None),
    "struck": (
        conditional("<Qualifier>Equal</Qualifier><Value1>8</Value1><Format Style='text-decoration:line-through'/>"),
        Unseen.STRUCK,
    ),
}


@pytest.mark.parametrize(("content", "unseen"), CONDITIONS.values(), ids=CONDITIONS)
def test_conditional_formats(content: bytes, unseen: Unseen | None) -> None:
    (grid,) = grids(content)
    assert grid.at(7, 4).unseen is unseen


@pytest.mark.parametrize("encoding", ["UTF-8", "utf-16", "gb2312", "GBK", "iso-8859-1"])
def test_encodings(encoding: str) -> None:
    name = "Sheet1" if encoding == "iso-8859-1" else "附件2"
    content = xml_spreadsheet(worksheet(rows([["é" if name == "Sheet1" else "区域", 8]]), name))
    text = content.decode("utf-8").replace("UTF-8", encoding).replace("张某", "x").replace("宋体", "x")
    (grid,) = grids(text.encode(encoding))
    assert (grid.name, grid.at(1, 2)) == (name, Cell(Kind.NUMBER, "8", 8))


def comment(text: str) -> str:
    inside = f'<ss:Data xmlns="http://www.w3.org/TR/REC-html40"><B>张某:</B><Font html:Size="9">{text}</Font></ss:Data>'
    return f'<Cell><Data ss:Type="Number">8</Data><Comment ss:Author="张某">{inside}</Comment></Cell>'


def test_comments_are_no_part_of_the_cell_but_told() -> None:
    content = xml_spreadsheet(worksheet(f"<Row>{comment('改为12')}{data(99)}</Row>"))
    (grid,) = grids(content)
    assert {place: cell.text for place, cell in grid.cells.items()} == {(1, 1): "8", (1, 2): "99"}
    assert read_floating(content, identify(content, "a"), LIMITS).comments == ("张某:改为12",)


def cell(inside: str, attributes: str = "") -> bytes:
    return one(f"<Cell {attributes}>{inside}</Cell>")


REFUSED = {
    "an unknown part of a cell": (cell('<Data ss:Type="Number">8</Data><Factor>1000</Factor>'), "xml_table"),
    "an unknown part of a value": (cell('<Data ss:Type="Number"><ss:Scale>8</ss:Scale></Data>'), "xml_table"),
    "an unknown part of a row": (xml_spreadsheet(worksheet("<Row><Group/></Row>")), "xml_table"),
    "rows behind a span without an index": (xml_spreadsheet(worksheet(f'<Row ss:Span="2"/><Row>{data(8)}</Row>')), "xml_table"),
    "columns behind a span without an index": (
        xml_spreadsheet(worksheet('<Column ss:Span="2"/><Column/>')),
        "xml_table",
    ),
    "a table that begins elsewhere": (xml_spreadsheet(worksheet("").replace("<Table ", '<Table ss:LeftCell="2" ')), "xml_table"),
    "an unknown word about a cell": (one(data(8, Factor=1000)), "xml_table"),
    "elements within each other for ever": (rich("<B>8" * 100 + "</B>" * 100), "damaged"),
    "a style that is not there": (one(data(8, StyleID="s")), "damaged"),
    "styles behind the cells": (
        one(data(8)).replace(b"</Workbook>", b'<Styles><Style ss:ID="a"/></Styles></Workbook>'),
        "damaged",
    ),
    "an unknown type": (cell('<Data ss:Type="Money">8</Data>'), "damaged"),
    "no type": (cell("<Data>8</Data>"), "damaged"),
    "two values": (cell('<Data ss:Type="Number">8</Data><Data ss:Type="Number">9</Data>'), "damaged"),
    "a number that is none": (cell('<Data ss:Type="Number">八</Data>'), "damaged"),
    "an empty number": (cell('<Data ss:Type="Number"></Data>'), "damaged"),
    "a date that is none": (cell('<Data ss:Type="DateTime">8</Data>'), "damaged"),
    "a truth that is none": (cell('<Data ss:Type="Boolean">8</Data>'), "damaged"),
    "cells backwards": (xml_spreadsheet(worksheet(f"<Row>{data(8, Index=4)}{data(9, Index=4)}</Row>")), "damaged"),
    "rows backwards": (xml_spreadsheet(worksheet('<Row ss:Index="4"/><Row ss:Index="3"/>')), "damaged"),
    "a row too far": (xml_spreadsheet(worksheet(f'<Row ss:Index="1048577">{data(8)}</Row>')), "damaged"),
    "a column too far": (xml_spreadsheet(worksheet(f"<Row>{data(8, Index=16385)}</Row>")), "damaged"),
    "a merge too far": (xml_spreadsheet(worksheet(f"<Row>{data(8, MergeAcross=16384)}</Row>")), "damaged"),
    "an index that is none": (xml_spreadsheet(worksheet(f"<Row>{data(8, Index='D')}</Row>")), "damaged"),
    "a value under a merge": (
        xml_spreadsheet(worksheet(f"<Row>{data(8, MergeDown=1)}</Row><Row>{data(9)}</Row>")),
        "damaged",
    ),
    "two tables": (xml_spreadsheet("<Worksheet ss:Name='a'><Table/><Table/></Worksheet>"), "damaged"),
    "a cell outside a row": (xml_spreadsheet(worksheet(data(8))), "xml_table"),
    "a sheet in a sheet": (xml_spreadsheet(worksheet("", behind=worksheet(""))), "damaged"),
    "half a document": (one(data(8))[:-30], "damaged"),
    "an entity": (one(data(8)).replace(b"<Workbook", b'<!DOCTYPE a [<!ENTITY b "8">]><Workbook', 1), None),
    "too many sheets": (xml_spreadsheet(*[worksheet("", str(n)) for n in range(257)]), "too_many_cells"),
}


@pytest.mark.parametrize(("content", "reason"), REFUSED.values(), ids=REFUSED)
def test_refused(content: bytes, reason: str | None) -> None:
    with pytest.raises(UnreadableFile) as caught:
        grids(content)
    assert reason is None or caught.value.reason == reason


def test_limits() -> None:
    content = xml_spreadsheet(worksheet(rows([["a", "b"], ["c", "d"]])))
    assert len(grids(content, Limits(max_cells=4, max_rows=2))[0].cells) == 4
    for limits in (Limits(max_cells=3), Limits(max_rows=1)):
        with pytest.raises(UnreadableFile, match="too_many_cells"):
            grids(content, limits)


@pytest.mark.parametrize("change", ["<", "&", "8", '"', "\x00", "ss:", "Index"])
def test_a_document_with_bytes_changed_is_read_or_refused(change: str) -> None:
    content = one(data(8, MergeAcross=1, Formula="=1"))
    for at in range(len(content) - 400, len(content), 3):
        try:
            grids(content[:at] + change.encode() + content[at + len(change) :])
        except UnreadableFile:
            continue


FORM: list[list[object]] = [
    ["各县（市、区）“科技副总”工作情况通报表"],
    ["截至2024年6月底"],
    [
        "区域", "已选派“科技副总”企业数（家）", "开展技术攻关项目数（项）", "促成科技成果转化数（项）",
        "新建市级及以上研发机构数（家）",
    ],
    ["鹿城区", 8, 5, 3, 2],
    ["龙湾区", None, None, None, None],
]  # fmt: skip


def test_a_return(programme: Programme) -> None:
    content = xml_spreadsheet(worksheet(rows(FORM)))
    reading = read_submission("鹿城区2024年6月.xls", content, programme)
    (table,) = reading.tables
    (own,) = [row for row in table.rows if row.district == "鹿城区"]
    assert [entry.value for entry in own.entries] == [8, 5, 3, 2]
    assert (reading.findings, own.entries[0].cell) == ((), "B4")
    assert identify(content, "a").kind is Format.XML
