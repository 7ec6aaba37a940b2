"""Counters, conclusion, what is to be done by whom, and the matrix of states."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.model.view import ACCEPTED, EXCUSED, MISSING, PENDING, RETURNED, TO_DECIDE, DistrictRecord, PeriodView
from tests.products.report_loop import loop_view
from tests.products.report_pages import (
    PROGRAMME,
    busy_view,
    file_of,
    finding,
    matrix_of,
    page_of,
    record_of,
    todo_of,
    view_of,
)


def test_counters() -> None:
    counters = page_of(busy_view()).all("dl", "counters")[0]
    shown = {box.all("dt")[0].text: int(box.all("dd")[0].text) for box in counters.all("div")}
    assert shown == {"应报": 12, "审核通过": 2, "待说明": 1, "待认定": 1, "退回": 1, "未报": 7, "免报": 1}


@pytest.mark.parametrize(
    ("view", "sentence"),
    [
        (view_of(), "本期尚未收到报表。"),
        (view_of(rest=ACCEPTED), "本期13个地区全部审核通过，可以定稿。"),
        (view_of(record_of("海经区", EXCUSED), rest=ACCEPTED), "本期12个地区全部审核通过，可以定稿。"),
        (
            view_of(record_of("龙港市", MISSING), record_of("乐清市", TO_DECIDE), rest=ACCEPTED),
            "尚有2个地区未审核通过，暂不能定稿：乐清市、龙港市。",
        ),
    ],
)
def test_conclusion(view: PeriodView, sentence: str) -> None:
    assert page_of(view).all("p", "conclusion")[0].text == sentence


def test_three_columns_name_the_office() -> None:
    headings = [column.all("h3")[0].text for column in page_of(view_of()).id("todo").all("section", "column")]
    assert headings == ["请报送单位办理", "请市科技局经办人办理", "请市科技局认定"]


@pytest.mark.parametrize(
    ("rule", "state", "column"),
    [
        ("C06", "open", 0),  # resend
        ("C10", "open", 0),  # explain
        ("C10", "explained", None),
        ("C10", "refused", 0),
        ("P01", "open", 0),  # approve, not yet explained
        ("P01", "explained", 2),
        ("P01", "approved", None),
        ("P01", "refused", 0),
        ("F17", "open", 1),  # city
        ("F17", "approved", None),
        ("C01", "open", None),  # a hint asks for nothing
    ],
)
def test_whose_turn_follows_from_what_closes_the_rule(rule: str, state: str, column: int | None) -> None:
    view = view_of(record_of("鹿城区", PENDING, finding(rule, "projects", "D7", state=state)), rest=ACCEPTED)
    expected: list[list[str]] = [[], [], []]
    if column is not None:
        expected[column] = [f"鹿城区：D7单元格有意见。（{rule}）"]
    assert todo_of(page_of(view)) == expected


def test_missing_districts_are_asked_in_one_line() -> None:
    view = view_of(record_of("龙湾区", MISSING), record_of("瓯海区", MISSING), rest=ACCEPTED)
    assert todo_of(page_of(view))[0] == ["龙湾区、瓯海区：尚未收到报表。"]


def test_a_file_without_district_is_named_by_its_file() -> None:
    assert "“附件2.xlsx”：F03单元格有意见。（F03）" in todo_of(page_of(busy_view()))[0]


def test_both_files_of_one_district_ask_once() -> None:
    one, two = (file_of("乐清市", "pending", finding("F17"), file=name) for name in ("a.xlsx", "b.xlsx"))
    view = view_of(DistrictRecord("乐清市", TO_DECIDE, latest=two), rest=ACCEPTED, extra=(one,))
    assert todo_of(page_of(view))[1] == ["乐清市：F17单元格有意见。（F17）"]


def test_nothing_to_do() -> None:
    assert [column.all("p")[0].text for column in page_of(view_of(rest=ACCEPTED)).all("section", "column")] == [
        "没有待办事项。"
    ] * 3


def test_matrix_has_a_row_per_district_in_form_order() -> None:
    page = page_of(busy_view())
    heads = [head.text for head in page.id("overview").all("thead")[0].all("th")]
    assert heads == ["区域", "状态", "已选派企业数", "技术攻关项目数", "成果转化数", "研发机构数", "版次", "收到时间", "标注"]
    assert list(matrix_of(page)) == list(PROGRAMME.district_names)


def test_missing_is_never_a_number() -> None:
    row = matrix_of(page_of(busy_view()))["洞头区"]
    assert row == ["未报", "未报", "未报", "未报", "未报", "", "", ""]


def test_excused_is_not_missing() -> None:
    assert matrix_of(page_of(busy_view()))["海经区"][:5] == ["免报"] * 5


def test_accepted_values_zero_included() -> None:
    row = matrix_of(page_of(view_of(rest=ACCEPTED)))["文成县"]
    assert row == ["审核通过", "8", "0", "7", "3", "第1版", "2024年10月8日09:30", ""]


def test_a_value_that_is_no_number_is_not_shown_as_one() -> None:
    record = replace(record_of("龙湾区", RETURNED, finding("C04", "projects", "D8")), values={"enterprises": 8, "projects": None})
    assert matrix_of(page_of(view_of(record)))["龙湾区"][1:5] == ["8", "强 —", "—", "—"]


def test_marks_stand_at_their_cell_and_row_wide_ones_at_the_state() -> None:
    matrix = matrix_of(page_of(busy_view()))
    assert matrix["龙湾区"][:5] == ["核 退回", "核 8", "强 0", "7", "3"]
    assert matrix["鹿城区"][:3] == ["审核通过", "8", "提 0"]


def test_several_grades_in_one_cell_heaviest_first() -> None:
    view = view_of(record_of("龙湾区", RETURNED, *(finding(rule, "projects", "D8") for rule in ("C01", "C10", "C06", "C04"))))
    page = page_of(view)
    assert matrix_of(page)["龙湾区"][2] == "强核提 0"
    cell = page.id("overview").all("tbody")[0].all("tr")[1].all("td")[2]
    assert "error" in cell.classes


def test_marks_lead_to_the_findings_of_their_district() -> None:
    page = page_of(busy_view())
    marks = page.id("overview").all("a", "mark")
    assert len(marks) == 7
    for link in marks:
        row = page.id(link.attributes["href"][1:])
        assert row.tag == "tr"
        district = link.attributes["aria-label"][:3]
        assert row in page.id("hints").all("tr") or row in page.id(f"d{PROGRAMME.district_names.index(district) + 1}").all("tr")


def test_an_accepted_version_stays_while_a_newer_one_is_faulty() -> None:
    row = matrix_of(page_of(busy_view()))["永嘉县"]
    assert row == ["审核通过", "8", "强 0", "7", "3", "第1版", "2024年10月8日09:30", "新报第2版待处理"]


def test_legend() -> None:
    assert page_of(view_of()).all("p", "legend")[0].text == "图例： 强＝强制性 核＝核实性 提＝提示性 空白＝无审核意见"


@pytest.mark.parametrize(("grade", "colour"), [("error", "ffc7ce"), ("query", "ffeb9c"), ("hint", "ddebf7")])
def test_grades_have_their_colour(grade: str, colour: str) -> None:
    style = page_of(view_of()).all("style")[0].text
    assert f"--{grade}: #{colour}" in style
    assert f"td.{grade}, .grade.{grade} {{ background: var(--{grade}); }}" in style


def test_findings_are_counted_by_grade_and_those_that_wait() -> None:
    counted = page_of(loop_view()).all("p", "graded")[0]
    assert [span.text for span in counted.all("span")] == [
        "审核意见：",
        "强制性2条（未办结1条）",
        "核实性3条（未办结2条）",
        "提示性0条",
    ]
