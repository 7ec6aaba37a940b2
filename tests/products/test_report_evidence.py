"""What stands under a district's findings: the table as sent with its marks, the history of the indicators, what has changed."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from pipeline.model import Area, Cell, Grid, Kind
from pipeline.model.view import ACCEPTED, PENDING, RETURNED, DistrictRecord, Original, PeriodView
from pipeline.products.report import page as report_page
from pipeline.products.report.picture import COLUMNS, ROWS
from tests.products.report_loop import ORIGINALS, loop_view, sheet_of
from tests.products.report_pages import PROGRAMME, Node, Page, file_of, finding, page_of, record_of, rows_of, view_of


def loop_page(view: PeriodView | None = None) -> Node:
    return Page(report_page.render(PROGRAMME, view or loop_view(), ORIGINALS)).root


def pictured(*findings: object, grid: Grid, rest: str = RETURNED) -> Node:
    """The block of a district whose one file holds this sheet."""
    view = view_of(record_of("鹿城区", rest, *findings))  # type: ignore[arg-type]
    page = Page(report_page.render(PROGRAMME, view, {"a" * 64: Original(b"", (grid,))})).root
    return page.id("d1")


def marked(block: Node) -> dict[str, str]:
    """Address → signs and text of the filled cells of the picture."""
    (table,) = block.all("table", "grid")
    letters = [head.text for head in table.all("thead")[0].all("th")]
    found = {}
    for row in table.all("tbody")[0].all("tr"):
        number, place = row.all("th")[0].text, 0
        for cell in row.all("td"):
            place += 1
            if {"error", "query", "hint"} & set(cell.classes):
                found[f"{letters[place]}{number}"] = cell.text
            place += int(cell.attributes.get("colspan", "1")) - 1
    return found


def test_the_table_stands_there_with_its_addresses_and_marked_cells() -> None:
    block = loop_page().id("d2")
    (table,) = block.all("table", "grid")
    assert [head.text for head in table.all("thead")[0].all("th")] == ["", "A", "B", "C", "D", "E", "F"]
    assert [row[0] for row in rows_of(table)] == [str(number) for number in range(1, 9)]
    assert rows_of(table)[4][1:] == ["", "龙湾区", "8", "核 64", "7", "3"]
    assert marked(block) == {"D5": "核 64"}
    assert block.all("figcaption")[0].text == "报送表格，标色处有审核意见"


def test_a_mark_leads_to_its_finding() -> None:
    page = loop_page()
    (link,) = page.id("d2").all("table", "grid")[0].all("a")
    assert "P05" in page.id(link.attributes["href"][1:]).text


def test_a_finding_about_the_row_marks_the_row() -> None:
    assert list(marked(loop_page().id("d3"))) == ["C5", "D5", "E5", "F5"]


def test_errors_go_before_hints_in_one_cell() -> None:
    block = pictured(finding("C01", "projects", "D5"), finding("C06", "projects", "D5"), grid=sheet_of("鹿城区", 8, -3, 7, 3))
    assert marked(block) == {"D5": "强 提 -3"}


def test_a_merged_cell_reaches_over_its_columns_and_is_marked_at_its_corner() -> None:
    merged = replace(sheet_of("鹿城区", 8, None, 7, 3), merges=(Area(5, 3, 5, 4),))
    assert marked(pictured(finding("S06", cell="D5"), grid=merged)) == {"C5": "强 8"}


def test_a_large_table_is_cut_around_what_is_marked() -> None:
    cells = {(row, column): Cell(Kind.NUMBER, str(row), row) for row in range(1, 400) for column in range(1, 60)}
    block = pictured(finding("C06", "projects", "AZ300"), grid=Grid("附件2", cells))
    assert marked(block) == {"AZ300": "强 300"}
    shown = rows_of(block.all("table", "grid")[0])
    assert (len(shown), len(shown[0])) == (ROWS, COLUMNS + 1)
    assert [row[0] for row in shown][:6] == ["1", "2", "3", "4", "5", "6"]
    assert block.all("figcaption")[0].text.endswith("（表格较大，只显示部分行列）")


def test_a_mark_over_the_whole_sheet_does_not_draw_the_whole_sheet() -> None:
    block = pictured(finding("S06", cell="A1:XFD1048576"), grid=sheet_of("鹿城区", 8, 0, 7, 3))
    assert len(rows_of(block.all("table", "grid")[0])) <= ROWS


def test_what_a_cell_holds_is_text_and_short() -> None:
    nasty = "<script>alert(1)</script>" + "长" * 100
    block = pictured(finding("C11", "projects", "D5"), grid=sheet_of("鹿城区", 8, nasty, 7, 3))
    assert not block.all("script")
    assert marked(block)["D5"].startswith("强 <script>alert(1)</script>")
    assert marked(block)["D5"].endswith("…")


def test_hidden_rows_and_columns_say_so() -> None:
    hidden = replace(sheet_of("鹿城区", 8, 0, 7, 3), hidden_rows=frozenset({5}), hidden_columns=frozenset({3}))
    (table,) = pictured(finding("S05", cell="C5:F5"), grid=hidden).all("table", "grid")
    assert table.all("thead")[0].all("th")[3].text == "C隐藏"
    assert rows_of(table)[4][0] == "5隐藏"


@pytest.mark.parametrize(
    ("rule", "cell", "grid"),
    [("C06", "D5", "别的表"), ("F03", None, "附件2"), ("C06", "第7行第4列", "附件2")],
    ids=["another sheet", "no cell", "no address"],
)
def test_no_picture_where_there_is_nothing_to_mark(rule: str, cell: str | None, grid: str) -> None:
    block = pictured(finding(rule, cell=cell), grid=replace(sheet_of("鹿城区", 8, 0, 7, 3), name=grid))
    assert not block.all("figure")


def test_no_picture_for_hints_alone_or_without_the_file() -> None:
    grid = sheet_of("鹿城区", 8, 0, 7, 3)
    assert not pictured(finding("C01", "projects", "D5"), grid=grid, rest=ACCEPTED).all("figure")
    assert not page_of(loop_view()).all("table", "grid")


def test_the_history_of_a_questioned_indicator_is_drawn_and_said() -> None:
    (trend,) = loop_page().id("d2").all("figure", "trend")
    assert trend.all("figcaption")[0].text == "“开展技术攻关项目数”历期累计数"
    assert trend.all("desc")[0].text == "2024年1月底0项，2024年3月底6项，2024年6月底12项，本期64项。"
    assert [text.text for text in trend.all("text")] == ["0", "2024年1月底", "12", "64", "2024年9月底"]
    assert len(trend.all("circle")) == 3
    heights = [float(point.attributes["cy"]) for point in trend.all("circle")] + [float(trend.all("rect")[0].attributes["y"]) + 4]
    assert heights == sorted(heights, reverse=True)


def test_a_finding_about_the_row_shows_every_indicator() -> None:
    assert len(loop_page().id("d3").all("figure", "trend")) == len(PROGRAMME.indicators)


def test_a_history_without_a_number_of_this_period() -> None:
    view = loop_view()
    asked = file_of("龙湾区", "returned", finding("C06", "projects", "D5"), values={"projects": None})
    records = tuple(
        DistrictRecord("龙湾区", RETURNED, latest=asked) if record.district == "龙湾区" else record for record in view.districts
    )
    (trend,) = loop_page(replace(view, districts=records, files=(*view.files, asked))).id("d2").all("figure", "trend")
    assert trend.all("desc")[0].text.endswith("2024年6月底12项，本期没有可用数值。")
    assert not trend.all("rect")


def test_no_history_no_drawing() -> None:
    assert not loop_page(replace(loop_view(), past={})).all("svg")


def test_every_number_of_a_drawing_lies_inside_it() -> None:
    for svg in loop_page().all("svg"):
        width, height = map(float, svg.attributes["viewBox" if "viewBox" in svg.attributes else "viewbox"].split()[2:])
        for node in svg.all("circle"):
            assert 0 < float(node.attributes["cx"]) < width
            assert 0 < float(node.attributes["cy"]) < height


@pytest.mark.parametrize(
    ("block", "sentence"),
    [
        ("d2", "与第1版相比：“开展技术攻关项目数”由12改为64。"),
        ("d7", "与2024年10月8日09:30收到的文件相比：“开展技术攻关项目数”由-3改为30。"),
    ],
)
def test_what_the_last_return_changes(block: str, sentence: str) -> None:
    assert [said.text for said in loop_page().id(block).all("p", "changes")] == [sentence]


def test_a_return_that_changes_nothing_says_so() -> None:
    old = file_of("鹿城区", "accepted", version=2)
    newer = file_of("鹿城区", "pending", finding("P02"), file="重报.xlsx")
    page = page_of(view_of(DistrictRecord("鹿城区", ACCEPTED, version=2, values=old.values, current=old, latest=newer)))
    assert page.id("d1").all("p", "changes")[0].text == "与第2版相比：各项数值没有改动。"


def test_a_first_return_is_compared_with_nothing() -> None:
    assert not page_of(view_of(record_of("鹿城区", PENDING, finding("C10", "projects", "D7")))).all("p", "changes")


def test_what_the_latest_return_has_put_right_is_corrected_and_asks_nobody() -> None:
    page = loop_page()
    tables = page.id("d7").all("table", "findings")
    assert [(row[2][:3], row[-1]) for table in tables for row in rows_of(table)] == [
        ("P05", "说明未采用：只写了“属实”，没有具体原因"),
        ("C06", "已更正"),
    ]
    assert "C06" not in page.id("todo").text


def test_a_fault_whose_number_is_still_missing_is_not_corrected() -> None:
    before = file_of("鹿城区", "returned", finding("C06", "projects", "D7"), file="一.xlsx", values={"projects": None})
    latest = file_of("鹿城区", "returned", finding("C03", "projects", "D7"), file="二.xlsx", values={"projects": None})
    page = page_of(view_of(DistrictRecord("鹿城区", RETURNED, latest=latest, before=before)))
    assert "已更正" not in page.id("d1").text


def test_the_step_to_this_period_is_told_from_the_past_without_colour() -> None:
    source = report_page.render(PROGRAMME, loop_view(), ORIGINALS).decode("utf-8")
    assert re.search(r"\.step { stroke-dasharray", source)
    assert source.count('class="step"') == source.count("<rect ") > 0
