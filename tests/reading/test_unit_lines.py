"""Units of measure around a table (S03): wherever another one stands, in every format, and nowhere that it does not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.reading.layout.unit_lines import units_in
from tests.returns import FORMATS, Layout
from tests.support.judging import GOOD, PROGRAMME, check, check_grid, grid, rules, spec

NAMES = tuple(indicator.name for indicator in PROGRAMME.indicators)
TITLE, SINCE = ("各县（市、区）“科技副总”工作情况通报表",), ("截至2024年6月30日",)
HEAD, OWN, TOTAL = ("区域", "指标名称", *NAMES), (None, "鹿城区", 8, 12, 7, 3), (None, "总数", 8, 12, 7, 3)

# fmt: off
WRONG = {
    "万项": ["单位：万项", "截至2024年6月30日 单位：万项", "2024年第二季度（单位：万项）", "单位：万项　填报人：张某",
    "單位：萬項", "（万项）", "表中数据以万项为单位。"],
    "百家": [
        "（单位：百家）", "截至2024年6月30日（单位：百家）", "各县（市、区）“科技副总”工作情况通报表（单位：百家）",
        "单 位 ： 百家", "计量单位:百家", "单位 百家",
        "【单位：百家】", "注：单位：百家。", "单位为百家", "填报单位（盖章）：鹿城区科技局　单位：百家",
        "各县（市、区）“科技副总”工作情况通报表（百家）",
    ],
    "家、万项": ["单位：家、万项", "计量单位：家/万项", "注：企业数单位为家，项目数单位为万项"],
    "%": ["单位：%"],
    "人": ["单位：人"],
}
RIGHT = ["单位：家、项", "计量单位:家/项", "单位：家（项）", "单位：家 项", "单位为家", "（单位：项）"]
NONE = [
    "单位：鹿城区科技局", "填报单位：鹿城区科技局", "单位负责人：张某", "填报单位（盖章）：", "单位(盖章)：",
    "各单位：请于6月底前报送", "本单位共有百家企业", "注：其中3家为上年选派。",
    "百家企业", "填报单位：百家", "单位：", "主管单位 市科技局",
]
# fmt: on


@pytest.mark.parametrize(("text", "stated"), [(text, stated) for stated, texts in WRONG.items() for text in texts])
def test_a_unit_is_found_anywhere_in_a_text(text: str, stated: str) -> None:
    assert "、".join(units_in(text, PROGRAMME)) == stated


@pytest.mark.parametrize("text", RIGHT)
def test_the_units_of_the_form_are_recognised(text: str) -> None:
    assert set(units_in(text, PROGRAMME)) <= {"家", "项"}
    assert units_in(text, PROGRAMME)


@pytest.mark.parametrize("text", NONE)
def test_what_states_no_unit_is_none(text: str) -> None:
    assert units_in(text, PROGRAMME) == ()


PLACES: dict[str, tuple[tuple[Sequence[object], ...], str]] = {
    "in the title": ((("工作情况通报表（单位：百家）",), SINCE, HEAD, OWN), "A1"),
    "behind the period": ((TITLE, ("截至2024年6月30日（单位：百家）",), HEAD, OWN), "A2"),
    "at the right end of the line": ((TITLE, ("截至2024年6月30日", None, None, None, "单位：百家"), HEAD, OWN), "E2"),
    "in two cells": ((TITLE, SINCE, (None, None, None, "单位：", "百家"), HEAD, OWN), "E3"),
    "in the group's heading": ((TITLE, SINCE, ("区域", "指标名称", "工作情况（单位：百家）"), (None, None, *NAMES), OWN), "C3"),
    "in the region's heading": ((TITLE, SINCE, ("区域（单位：百家）", "指标名称", *NAMES), OWN), "A3"),
    "below the table": ((TITLE, SINCE, HEAD, OWN, TOTAL, ("单位：百家",)), "A6"),
    "below the table after a blank line": ((TITLE, SINCE, HEAD, OWN, (), ("注：表中数据以百家为单位。",)), "A6"),
    "behind the filler": ((TITLE, SINCE, HEAD, OWN, ("填报单位：鹿城区科技局　单位：百家",)), "A5"),
}


@pytest.mark.parametrize(("lines", "cell"), PLACES.values(), ids=PLACES)
def test_another_unit_is_s03_at_its_cell_wherever_it_stands(lines: tuple[Sequence[object], ...], cell: str) -> None:
    submission = check_grid(grid(*lines), name="鹿城区.xlsx")

    assert [(f.rule, f.cell, f.observed) for f in submission.findings if f.rule == "S03"] == [("S03", cell, "百家")]
    assert submission.status == "returned"


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("where", ["above", "below"])
def test_every_format_is_read_for_units(fmt: str, where: str) -> None:
    strays = {where: "注：本表单位：百家"}

    assert "S03" in rules(check(spec(fmt=fmt, strays=strays)))


@pytest.mark.parametrize("line", RIGHT)
def test_the_right_unit_below_the_table_is_no_finding(line: str) -> None:
    assert "S03" not in rules(check_grid(grid(TITLE, SINCE, HEAD, OWN, (line,)), name="鹿城区.xlsx"))


def test_the_unit_is_told_as_it_was_written() -> None:
    (finding,) = (f for f in check(spec(strays={"below": "单位：万项"}, layout=Layout())).findings if f.rule == "S03")

    assert finding.message.endswith("的单位应为“家、项”，表中为“万项”。")
    assert GOOD.district == finding.district
