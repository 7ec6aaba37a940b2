"""HTML tables, also when called .xls: as programs export them, as Excel and LibreOffice save them."""

from __future__ import annotations

import pytest

from pipeline.model import Area, Cell, Grid, Kind, UnreadableFile
from pipeline.reading.formats import read_grids
from pipeline.reading.formats.html_looks import format_in
from pipeline.reading.formats.kinds import Container, Limits
from pipeline.reading.formats.kinds import Kind as Format

LIMITS = Limits(units=frozenset({"家", "项"}))


def grids(page: str, encoding: str = "utf-8", limits: Limits = LIMITS) -> tuple[Grid, ...]:
    return read_grids(page.encode(encoding), Container(Format.HTML, stem="附件2"), limits)


def texts(grid: Grid) -> dict[tuple[int, int], str]:
    return {place: cell.text for place, cell in sorted(grid.cells.items())}


def cell(element: str, styles: str = "") -> Cell:
    (grid,) = grids(f"<style>{styles}</style><table><tr><td>x</td></tr><tr>{element}</tr></table>")
    return grid.at(2, 1)


def test_a_table_of_texts() -> None:
    (grid,) = grids("<table border=1><tr><th>区域</th><th>数</th></tr><tr><td>泰顺县</td><td>8</td></tr></table>", "gbk")
    assert texts(grid) == {(1, 1): "区域", (1, 2): "数", (2, 1): "泰顺县", (2, 2): "8"}
    assert {each.kind for each in grid.cells.values()} == {Kind.TEXT}
    assert (grid.name, grid.all_text, grid.addressed) == ("附件2", True, True)


def test_ends_may_be_left_out() -> None:
    (grid,) = grids("<table><tr><td>a<td>b<tr><td>c<td>d</table>")
    assert texts(grid) == {(1, 1): "a", (1, 2): "b", (2, 1): "c", (2, 2): "d"}


def test_cells_without_a_row() -> None:
    (grid,) = grids("<table><td>a</td><td>b</td></table>")
    assert texts(grid) == {(1, 1): "a", (1, 2): "b"}


@pytest.mark.parametrize("page", ["<table><tr><td>1", "<table><tr><td>12</td></tr>", "<table><table></table>"])
def test_a_table_without_an_end_may_have_lost_digits(page: str) -> None:
    with pytest.raises(UnreadableFile, match="damaged"):
        grids(page)


def test_a_declaration_that_nobody_knows_is_refused_or_a_comment_as_in_browsers() -> None:
    """The first by html.parser of Python 3.11 to 3.13, the second by that of 3.14."""

    def outcome() -> object:
        try:
            return [texts(grid) for grid in grids("<![nonsense]><table><tr><td>1</table>")]
        except UnreadableFile as refused:
            return refused.reason

    assert outcome() in ("damaged", [{(1, 1): "1"}])


TEXTS = {
    "inner tags": ("<td><p><b>12</b><i>①</i></p></td>", "12①"),
    "break": ("<td>a<br>b<br/>c</td>", "a\nb\nc"),
    "paragraphs": ("<td><p>a</p><p>b</p></td>", "a\nb"),
    "entities": ("<td>&lt;5&#21306;&amp;&quot;</td>", '<5区&"'),
    "hard blank": ("<td>8&nbsp;</td>", "8\xa0"),
    "source blanks": ("<td>\n  a \t b\n</td>", "a b"),
    "source line inside chinese": ("<td>已选派企\n     业数</td>", "已选派企业数"),
    "script": ("<td>8<script>var a = '<td>9</td>'</script></td>", "8"),
    "comment": ("<td>8<!-- 9 --></td>", "8"),
}


@pytest.mark.parametrize(("element", "text"), TEXTS.values(), ids=TEXTS)
def test_texts(element: str, text: str) -> None:
    assert cell(element) == Cell(Kind.TEXT, text)


@pytest.mark.parametrize("element", ["<td></td>", "<td> </td>", "<td>&nbsp;</td>", "<td><br></td>", "<td/>"])
def test_blanks(element: str) -> None:
    assert cell(element).kind is Kind.BLANK


def test_spans_are_merges_and_push_cells_aside() -> None:
    (grid,) = grids("<table><tr><td rowspan=2>a<td colspan=2>b<td>c<tr><td>d<td>e<td>f<tr><td colspan=x>g<td rowspan=0>h</table>")
    assert texts(grid) == {
        (1, 1): "a", (1, 2): "b", (1, 4): "c", (2, 2): "d", (2, 3): "e", (2, 4): "f", (3, 1): "g", (3, 2): "h",
    }  # fmt: skip
    assert grid.merges == (Area(1, 1, 2, 1), Area(1, 2, 1, 3))


def test_hidden_rows_columns_and_tables() -> None:
    (grid,) = grids(
        "<style>.away{display:none}</style><table><col><col style='display: none'><col width=0 span=2>"
        "<tr><td>1<td>2<td>3<td>4<tr style='mso-height:0;display:none'><td>1<tr class='away'><td>1"
        "<tr height=0><td>1<tr><td>1</table>"
    )
    assert (grid.hidden_rows, grid.hidden_columns, grid.hidden) == (frozenset({2, 3, 4}), frozenset({2, 3, 4}), False)
    assert grids("<table style='display:none'><tr><td>1</table>")[0].hidden


def test_a_hidden_cell_that_holds_something_hides_its_column() -> None:
    (grid,) = grids("<table><tr><td>1<td style='display:none'>2<td style='display:none'><td>4</table>")
    assert (grid.hidden_columns, grid.at(1, 2).text) == (frozenset({2}), "2")


def test_several_tables_are_several_grids() -> None:
    found = grids("<table><tr><td>a</table><table></table><table><tr><td>b</table>")
    assert [(grid.name, texts(grid)) for grid in found] == [("附件2", {(1, 1): "a"}), ("附件2_2", {(1, 1): "b"})]


def test_a_table_inside_a_cell_is_its_own() -> None:
    found = grids("<table><tr><td>a<table><tr><td>b</td></tr></table></td><td>c</td></tr></table>")
    assert [texts(grid) for grid in found] == [{(1, 1): "a", (1, 2): "c"}, {(1, 1): "b"}]


def test_texts_around_stand_in_rows_of_their_own() -> None:
    before = "<title>no</title><h1>标题</h1><p>截至2024年6月底</p>"
    (grid,) = grids(f"{before}<table><tr><td>a</table>填报单位：<b>泰顺县</b><br>填报人")
    assert texts(grid) == {
        (1, 1): "标题", (2, 1): "截至2024年6月底", (3, 1): "a", (4, 1): "填报单位：泰顺县", (5, 1): "填报人",
    }  # fmt: skip


def test_the_sheet_has_the_name_that_excel_wrote() -> None:
    comment = "<!--[if gte mso 9]><xml><x:ExcelWorksheet><x:Name>附件2（6月）</x:Name></x:ExcelWorksheet></xml><![endif]-->"
    assert grids(f"<html><head>{comment}</head><table><tr><td>a</table></html>")[0].name == "附件2（6月）"


EXCEL = {
    "number": ("<td x:num>8</td>", Cell(Kind.NUMBER, "8", 8)),
    "number beside what it shows": ('<td x:num="35.5">36</td>', Cell(Kind.NUMBER, "35.5", 35.5)),
    "percentage": ('<td class=xl1 x:num="0.25">25%</td>', Cell(Kind.PERCENT, "25%", 0.25)),
    "named percentage": ("<td class=xl2>25%</td>", Cell(Kind.PERCENT, "25%")),
    "percentage by its own style": ("<td style='mso-number-format:\"0%\"'>25%</td>", Cell(Kind.PERCENT, "25%")),
    "text in a percent cell": ("<td class=xl1>约30</td>", Cell(Kind.TEXT, "约30")),
    "date": ("<td class=xl3>2024年6月30日</td>", Cell(Kind.DATE, "2024年6月30日")),
    "stored date": ('<td class=xl3 x:num="45473">2024年6月30日</td>', Cell(Kind.DATE, "2024-06-30")),
    "time": ("<td style=\"mso-number-format:'Short Time'\">12:30</td>", Cell(Kind.TIME, "12:30")),
    "text format": ("<td class=xl4>8</td>", Cell(Kind.TEXT, "8")),
    "magnitude": ('<td class=xl5 x:num="80000">80万</td>', Cell(Kind.TEXT, "80万")),
    "truth value": ('<td x:bool="TRUE">TRUE</td>', Cell(Kind.BOOLEAN, "TRUE")),
    "error": ('<td x:err="#REF!">#REF!</td>', Cell(Kind.ERROR, "#REF!")),
    "formula": ('<td x:num x:fmla="=3+5">8</td>', Cell(Kind.NUMBER, "8", 8, True)),
    "formula without a result": ('<td x:fmla="=3+5"></td>', Cell(Kind.UNCALCULATED, "=3+5", None, True)),
    "scaled": ('<td x:num="8000">8</td>', Cell(Kind.MASKED, "8≠8000", 8000)),
    "number without a number": ("<td x:num>约30</td>", Cell(Kind.TEXT, "约30")),
    "LibreOffice number": ('<td sdval="8" sdnum="1033;">8</td>', Cell(Kind.NUMBER, "8", 8)),
    "LibreOffice percentage": ('<td sdval="0.25" sdnum="1033;0;0%">25%</td>', Cell(Kind.PERCENT, "25%", 0.25)),
    "LibreOffice error": ('<td sdval="0" sdnum="1033;">#DIV/0!</td>', Cell(Kind.ERROR, "#DIV/0!")),
}
SHEET = (
    '<!-- .xl1 {mso-number-format:"0%";} .xl2 {mso-number-format:Percent;} .xl4 {mso-number-format:"\\@";}'
    '.xl3 {mso-number-format:"yyyy\\0022年\\0022m\\0022月\\0022d\\0022日\\0022\\;\\@";}'
    '.xl5 {mso-number-format:"0\\,\\0022万\\0022";} -->'
)


@pytest.mark.parametrize(("element", "expected"), EXCEL.values(), ids=EXCEL)
def test_what_office_programs_say_of_a_cell(element: str, expected: Cell) -> None:
    assert cell(element, SHEET) == expected


@pytest.mark.parametrize(
    ("style", "code"),
    [
        ('mso-number-format:"0\\.00%"', "0.00%"),
        ("color:red; mso-number-format:'\\@'; x:y", "@"),
        ("mso-number-format:General", "General"),
        ("mso-number-format:Short Date", "yyyy-mm-dd"),
        ('mso-number-format:"\\#\\,\\#\\#0"', "#,##0"),
        ("color:red", None),
    ],
)
def test_number_formats_in_styles(style: str, code: str | None) -> None:
    assert format_in(style) == code


def test_limits() -> None:
    page = "<table><tr><td>a<td>b<tr><td>c<td>d</table>"
    assert len(grids(page, limits=Limits(max_cells=4, max_rows=2))[0].cells) == 4
    for limits in (Limits(max_cells=3), Limits(max_rows=1)):
        with pytest.raises(UnreadableFile, match="too_many_cells"):
            grids(page, limits=limits)


def test_spans_beyond_any_sheet() -> None:
    with pytest.raises(UnreadableFile, match="damaged"):
        grids(f"<table><tr>{'<td colspan=1000>a' * 17}</table>")
