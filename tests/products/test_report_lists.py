"""The list of files and what could not be compared."""

from __future__ import annotations

import pytest

from pipeline.model import Undecided
from pipeline.model.view import ACCEPTED, FileRecord
from tests.products.report_loop import loop_view
from tests.products.report_pages import (
    file_of,
    finding,
    page_of,
    record_of,
    rows_of,
    view_of,
)


@pytest.mark.parametrize(
    ("file", "cells"),
    [
        (file_of("鹿城区", "accepted", version=2), ["报表", "鹿城区", "2024年9月底", "审核通过", "第2版"]),
        (
            file_of("鹿城区", "returned", finding("C06"), finding("C04"), finding("C10"), finding("C01")),
            ["报表", "鹿城区", "2024年9月底", "退回", "强制性审核意见2条、核实性审核意见1条"],
        ),
        (file_of("鹿城区", "pending", finding("C10")), ["报表", "鹿城区", "2024年9月底", "待说明", "核实性审核意见1条"]),
        (file_of("鹿城区", "pending", finding("F17")), ["报表", "鹿城区", "2024年9月底", "待认定", "核实性审核意见1条"]),
        (file_of("鹿城区", "duplicate", finding("F07")), ["重复文件", "鹿城区", "2024年9月底", "—", "F07单元格有意见。"]),
        (file_of("鹿城区", "attachment", finding("F12")), ["随附材料", "鹿城区", "2024年9月底", "—", "F12单元格有意见。"]),
        (file_of(None, "returned", finding("F01"), period=None), ["未处理", "不明", "不明", "退回", "F01单元格有意见。"]),
        (file_of(None, "waiting", period=None), ["未处理", "—", "—", "—", "正在接收，下次处理"]),
        (file_of(None, "ignored", period=None), ["未处理", "—", "—", "—", "临时文件，未读取"]),
    ],
)
def test_file_list(file: FileRecord, cells: list[str]) -> None:
    row = rows_of(page_of(view_of(extra=(file,))).id("files"))[0]
    assert row == ["1", file.file, "2024年10月8日09:30", *cells]


def test_a_file_says_what_the_city_decided_about_it() -> None:
    rows = {row[1]: row[3:] for row in rows_of(page_of(loop_view()).id("files"))}
    assert rows["洞头区/误报.xlsx"] == ["报表", "洞头区", "2024年9月底", "撤回", "强制性审核意见1条、撤回（王某，2024年10月9日）"]
    assert "王某" not in "".join(rows["洞头区/附件2.xlsx"])


def test_undecided_of_several_districts_is_one_sentence() -> None:
    reason = "历史期数不足，未作比较"
    items = tuple(Undecided(rule, reason, i) for rule in ("P05", "X9") for i in ("projects", "enterprises"))
    view = view_of(
        record_of("鹿城区", ACCEPTED, undecided=items),
        record_of("龙湾区", ACCEPTED, undecided=items),
        record_of("瓯海区", ACCEPTED, undecided=(Undecided("P02", "无以前报告期数据，未作比较"),)),
    )
    assert [item.text for item in page_of(view).id("undecided").all("li")] == [
        "鹿城区、龙湾区“已选派‘科技副总’企业数”、“开展技术攻关项目数”：历史期数不足，未作比较",
        "瓯海区：无以前报告期数据，未作比较",
    ]


def test_empty_chapters_say_so() -> None:
    page = page_of(view_of())
    empty = {
        "decisions": "没有审核说明和认定。",
        "hints": "没有提示性审核意见。",
        "files": "没有收到文件。",
        "undecided": "没有未作比较的事项。",
    }
    assert {chapter: page.id(chapter).all("p")[0].text for chapter in empty} == empty
