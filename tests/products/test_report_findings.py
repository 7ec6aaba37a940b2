"""Findings by district: rows, merged faults, progress, and the folded hints."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.model.view import ACCEPTED, EXCUSED, MISSING, PENDING, RETURNED, TO_DECIDE, DistrictRecord
from tests.products.report_pages import (
    PROGRAMME,
    busy_view,
    file_of,
    finding,
    page_of,
    record_of,
    rows_of,
    view_of,
)


def test_district_block() -> None:
    block = page_of(busy_view()).id("d2")
    assert block.all("h3")[0].text == "龙湾区（退回）"
    assert block.all("p", "source")[0].text == "文件“龙湾区/附件2.xlsx”，工作表“附件2”，2024年10月8日09:30收到。"
    heads = [head.text for head in block.all("thead")[0].all("th")]
    assert heads == ["序号", "等级", "规则", "位置", "指标", "表中数", "对照数", "审核意见", "处理要求", "办理情况"]
    assert rows_of(block)[0] == [
        "1",
        "强制性",
        "C06 应为非负整数",
        "D8",
        "技术攻关项目数",
        "-3",
        "",
        "D8单元格有意见。",
        "请核对。",
        "未办理",
    ]
    assert [row[1] for row in rows_of(block)] == ["强制性", "核实性", "核实性"]


def test_block_without_findings() -> None:
    block = page_of(view_of(rest=ACCEPTED)).id("d1")
    assert block.all("h3")[0].text == "鹿城区（审核通过，第1版）"
    assert block.all("p", "none")[0].text == "无审核意见。"


def test_block_with_hints_only_says_where_they_are() -> None:
    assert page_of(busy_view()).id("d1").all("p", "none")[0].text == "提示性审核意见1条，见“五、提示事项”。"


@pytest.mark.parametrize(("state", "sentence"), [(MISSING, "尚未收到报表。"), (EXCUSED, "经同意本期不报。")])
def test_block_without_a_file(state: str, sentence: str) -> None:
    assert page_of(view_of(rest=state)).id("d1").all("p")[0].text == sentence


def test_the_version_in_force_and_the_faulty_new_one_both_stand_there() -> None:
    sources = [source.text for source in page_of(busy_view()).id("d7").all("p", "source")]
    assert [source.split("”")[0] for source in sources] == ["文件“永嘉县/附件2.xlsx", "文件“永嘉县/重报.xlsx"]


def test_equal_faults_of_several_cells_are_one_row() -> None:
    names = {i.id: i.name for i in PROGRAMME.indicators}
    faults = [
        finding("C02", i, f"{c}7", observed=None, message=f"{c}7单元格（{names[i]}）未填。")
        for i, c in zip(names, "CDEF", strict=True)
    ]
    rows = rows_of(page_of(view_of(record_of("鹿城区", RETURNED, *faults))).id("d1"))
    assert len(rows) == 1
    assert rows[0][3] == "C7、D7、E7、F7"
    assert rows[0][7] == f"C7、D7、E7、F7单元格（{'、'.join(names.values())}）未填。"


@pytest.mark.parametrize(
    ("change", "count"),
    [({}, 1), ({"message": "E7单元格另有意见。"}, 2), ({"fix": "请改。"}, 2), ({"state": "explained"}, 2), ({"rule": "C04"}, 2)],
)
def test_only_equal_faults_merge(change: dict[str, str], count: int) -> None:
    one = finding("C06", "projects", "D7")
    other = replace(finding("C06", "transfers", "E7"), **change)
    assert len(rows_of(page_of(view_of(record_of("鹿城区", RETURNED, one, other))).id("d1"))) == count


@pytest.mark.parametrize(
    ("rule", "state", "text"),
    [
        ("C06", "open", "未办理"),
        ("F17", "open", "待认定"),
        ("C10", "explained", "已说明"),
        ("P01", "explained", "待认定"),
        ("P01", "approved", "同意认定"),
        ("P01", "refused", "不予认定"),
        ("C10", "refused", "说明未采用"),
    ],
)
def test_progress(rule: str, state: str, text: str) -> None:
    view = view_of(record_of("鹿城区", PENDING, finding(rule, "projects", "D7", state=state)))
    assert rows_of(page_of(view).id("d1"))[0][-1] == text


@pytest.mark.parametrize(
    ("rule", "state", "note", "text"),
    [
        ("P01", "approved", "同意认定（王某，2024年10月9日）", "同意认定（王某，2024年10月9日）"),
        ("P01", "refused", "不予认定（王某，2024年10月9日）", "不予认定（王某，2024年10月9日）"),
        ("C10", "open", "说明未采用：只写了“属实”，没有具体原因", "说明未采用：只写了“属实”，没有具体原因"),
        ("C10", "explained", "电话说明（代录）", "电话说明（代录）"),
        ("P01", "explained", "电话说明（代录）", "电话说明（代录）；待认定"),
        ("X02", "explained", "沿用说明", "沿用说明"),
    ],
)
def test_a_note_says_the_progress_more_exactly(rule: str, state: str, note: str, text: str) -> None:
    view = view_of(record_of("鹿城区", PENDING, finding(rule, "projects", "D7", state=state, note=note)))
    assert rows_of(page_of(view).id("d1"))[0][-1] == text


def test_a_withdrawn_file_asks_nobody() -> None:
    taken_back = file_of(None, "withdrawn", finding("F03", sheet=None), file="误报.xlsx")
    page = page_of(view_of(record_of("鹿城区", ACCEPTED), extra=(taken_back,)))
    assert "误报.xlsx" not in page.id("findings").text + page.id("todo").text


def test_a_finding_on_another_sheet_names_it() -> None:
    view = view_of(record_of("鹿城区", RETURNED, finding("C06", "projects", "D7", sheet="旧表")))
    assert rows_of(page_of(view).id("d1"))[0][3] == "“旧表”D7"


def test_files_without_a_district_have_a_block_of_their_own() -> None:
    block = page_of(busy_view()).id("d0")
    assert [row[2] for row in rows_of(block)] == ["F03 填报地区不明或不一致"]


def test_hints_are_folded_and_counted() -> None:
    attachment = file_of("瑞安市", "attachment", finding("F12", sheet=None), file="扫描件.pdf", values={})
    view = view_of(record_of("鹿城区", ACCEPTED, finding("C01", "projects", "D7")), rest=ACCEPTED, extra=(attachment,))
    details = page_of(view).id("hints").all("details")[0]
    assert "open" not in details.attributes
    assert details.all("summary")[0].text == "提示性审核意见2条（不影响审核通过）"
    assert [(row[1], row[2][:3]) for row in rows_of(details)] == [("鹿城区", "C01"), ("瑞安市", "F12")]


def test_files_that_wait_for_the_same_decision_all_stand_there() -> None:
    one, two = (file_of("乐清市", "pending", finding("F17"), file=name) for name in ("甲.xlsx", "乙.xlsx"))
    view = view_of(DistrictRecord("乐清市", TO_DECIDE, latest=two), extra=(one,))
    assert len(page_of(view).id("d5").all("p", "source")) == 2


def test_a_superseded_file_does_not() -> None:
    old = file_of("乐清市", "pending", finding("C10", "projects", "D7"), file="旧.xlsx")
    page = page_of(view_of(record_of("乐清市", ACCEPTED), extra=(old,)))
    assert [source.text.split("”")[0] for source in page.id("d5").all("p", "source")] == ["文件“乐清市/附件2.xlsx"]
    assert page.id("d5").all("table") == []


def test_what_is_nobodys_and_only_kept_has_no_heading_of_its_own() -> None:
    archive = file_of(None, "attachment", finding("F12"), file="收件.zip")
    assert "未识别地区的文件" not in [
        head.text for head in page_of(view_of(rest=ACCEPTED, extra=(archive,))).id("findings").all("h3")
    ]
