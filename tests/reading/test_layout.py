"""Where the table stands in a grid: headers, rows, total and notes, found by what they say and never by position."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest

from pipeline.model import Area, Cell, Kind, PeriodMention, Table
from pipeline.reading.layout import find_tables
from schemas.programme import Programme
from tests.returns import GOOD, Layout
from tests.support.judging import JUNE, OWN, PROGRAMME, SEPTEMBER, check, check_grid, grid, serious, spec, values

NAMES = tuple(indicator.name for indicator in PROGRAMME.indicators)
HEAD = ("区域", "指标名称", *NAMES)
ROW = (None, "鹿城区", 8, 12, 7, 3)
OWN_VALUES = (8, 12, 7, 3)


def only(*lines: Sequence[object], **fields: object) -> Table:
    """The one table of a sheet."""
    (table,) = find_tables(grid(*lines, **fields), PROGRAMME)  # type: ignore[arg-type]
    return table


def numbers(table: Table, row: int = 0) -> tuple[int | None, ...]:
    return tuple(entry.value for entry in table.rows[row].entries)


HEADERS: dict[str, tuple[Sequence[object], ...]] = {
    "one line": (HEAD, ROW),
    "units in brackets": (
        ("区域", "指标名称", f"{NAMES[0]}（家）", f"{NAMES[1]}(项)", f"{NAMES[2]}（单位：项）", f"{NAMES[3]}\n（家）"),
        ROW,
    ),
    "units under it": (HEAD, (None, None, "家", "项", "项", "家"), ROW),
    "a line of column numbers under it": (HEAD, (None, "甲", 1, 2, 3, 4), ROW),
    "units in brackets under it": (HEAD, (None, "计量单位", "（家）", "（项）", "（项）", "（家）"), ROW),
    "units behind a stroke": (("区域", "指标名称", f"{NAMES[0]}/家", f"{NAMES[1]}/项", f"{NAMES[2]}/项", f"{NAMES[3]}/家"), ROW),
    "unit and remark in brackets": (
        ("区域", "指标名称", f"{NAMES[0]}（累计）（家）", *(f"{n}（截至目前）" for n in NAMES[1:])),
        ROW,
    ),
    "period in brackets": (("区域", "指标名称", *(f"{name}（2024年1-6月）" for name in NAMES)), ROW),
    "numbered": (("区域", "指标名称", *(f"{n}.{name}" for n, name in enumerate(NAMES, 1))), ROW),
    "numbered in Chinese": (("区域", "指标名称", *(f"（{n}）{name}" for n, name in zip("一二三四", NAMES, strict=True))), ROW),
    "blanks and line breaks": (("区 域", "指标\n名称", *(f"{n[:4]}\n {n[4:]}　" for n in NAMES)), ROW),
    "without quotes": (("区域", "指标名称", *(n.replace("“", "").replace("”", "") for n in NAMES)), ROW),
    "other quotes": (("区域", "指标名称", *(n.replace("“", '"').replace("”", '"') for n in NAMES)), ROW),
    "other headings": (("地区", None, "选派企业数", "技术攻关项目数", "成果转化数", "研发机构数"), ROW),
    "diagonal": (("    指标名称\n区域", *NAMES), ("鹿城区", *OWN_VALUES)),
    "region without a heading": ((None, None, *NAMES), ROW),
    "split headings": (("区域", "指标名称", *(n[:5] for n in NAMES)), (None, None, *(n[5:] for n in NAMES)), ROW),
    "split heading with unit": (
        ("区域", "指标名称", NAMES[0], *(n[:5] for n in NAMES[1:])),
        (None, None, None, *(n[5:] for n in NAMES[1:])),
        ROW,
    ),
    "group above all": (("区域", "指标名称", "工作情况（累计）"), (None, None, *NAMES), ROW),
    "group above some": (("区域", "指标名称", NAMES[0], "创新成效", None, None), (None, None, None, *NAMES[1:]), ROW),
    "group in the middle": (
        ("区域", "指标名称", NAMES[0], "项目和转化", None, NAMES[3]),
        (None, None, None, NAMES[1], NAMES[2]),
        ROW,
    ),
    "two groups and units": (
        ("区域", "指标名称", NAMES[0], "创新成效", None, None),
        (None, None, None, *NAMES[1:]),
        (None, None, "家", "项", "项", "家"),
        ROW,
    ),
    "lines above": (("附件2",), ("各县（市、区）“科技副总”工作情况通报表",), ("单位：家、项",), (), HEAD, ROW),
    "unit line in two cells": ((None, None, None, None, "单位：", "家、项"), HEAD, ROW),
}


@pytest.mark.parametrize("lines", HEADERS.values(), ids=HEADERS)
def test_a_header_is_found_and_its_columns_read(lines: tuple[Sequence[object], ...]) -> None:
    table = only(*lines)
    assert [(row.district, row.number) for row in table.rows] == [("鹿城区", len(lines))]
    assert numbers(table) == OWN_VALUES
    assert table.flaws == ()


COLUMNS: dict[str, tuple[Sequence[object], ...]] = {
    "number and remark": (("序号", "区域", *NAMES, "备注"), (1, "鹿城区", *OWN_VALUES, "7月起停报")),
    "remark amid": (("区域", *NAMES[:2], "备注", *NAMES[2:]), ("鹿城区", 8, 12, 99, 7, 3)),
    "reversed": (("区域", *reversed(NAMES)), ("鹿城区", *reversed(OWN_VALUES))),
    "rotated": (("区域", *NAMES[1:], NAMES[0]), ("鹿城区", *OWN_VALUES[1:], OWN_VALUES[0])),
    "strange columns": (("区域", *NAMES, "上期企业数", "联系人"), ("鹿城区", *OWN_VALUES, 5, "张某")),
    "region at the right": ((*NAMES, "区域"), (*OWN_VALUES, "鹿城区")),
    "gaps": (("区域", None, NAMES[0], None, *NAMES[1:]), ("鹿城区", None, 8, None, 12, 7, 3)),
    "far right": ((*[None] * 40, *HEAD), (*[None] * 40, *ROW)),
}


@pytest.mark.parametrize("lines", COLUMNS.values(), ids=COLUMNS)
def test_columns_are_told_by_their_heading(lines: tuple[Sequence[object], ...]) -> None:
    table = only(*lines)
    assert (table.rows[0].district, numbers(table), table.flaws) == ("鹿城区", OWN_VALUES, ())


@pytest.mark.parametrize(
    ("region", "row"),
    [
        (Area(2, 1, 2, 2), ("鹿城区", None, *OWN_VALUES)),
        (Area(2, 1, 3, 1), ("鹿城区", None, *OWN_VALUES)),
        (Area(2, 1, 2, 1), (None, "鹿城区科技局", *OWN_VALUES)),
        (Area(2, 1, 2, 1), ("温州市", "鹿城区", *OWN_VALUES)),
    ],
)
def test_the_region_may_stand_in_any_of_the_first_columns(region: Area, row: Sequence[object]) -> None:
    assert only(HEAD, row, merges=(region,)).rows[0].district == "鹿城区"


def test_a_city_in_a_merged_first_column_is_no_total() -> None:
    head, merged = HEAD, (Area(2, 1, 4, 1),)
    table = only(head, ("全市", "鹿城区", *OWN_VALUES), (None, "龙湾区", 0, 0, 0, 0), (None, "鹿成区", 1, 1, 1, 1), merges=merged)
    assert [row.district for row in table.rows[:2]] == ["鹿城区", "龙湾区"]


@pytest.mark.parametrize("label", ["总数", "合计", "总　计", "合 计", "总数：", "全市", "全市合计", "全市总数", "共计"])
def test_the_total_row_is_told_by_its_label(label: str) -> None:
    table = only(HEAD, ROW, (None, label, *OWN_VALUES))
    assert table.total is not None
    assert [row.district for row in table.rows] == ["鹿城区"]


@pytest.mark.parametrize(
    "note",
    [
        ("填报单位：鹿城区科技局", None, 9, 9, 9, 9),
        ("填报人：张某", None, None, "审核人：李某"),
        ("联系电话", 57700000000, 13800000000),
        ("备注：上期为5家。", None, 5),
        ("注：1.累计数。", None, 1),
        ("填报日期", None, 20240705),
        ("（盖章）", None, 1),
        (None, "制表人 张某", 1),
        ("数据截至2024年6月30日", None, 1),
    ],
)
def test_notes_end_the_table(note: Sequence[object]) -> None:
    table = only(HEAD, ROW, note, (None, "龙湾区", 1, 1, 1, 1))
    assert [row.district for row in table.rows] == ["鹿城区"]


def test_a_nameless_line_of_text_under_the_table_is_no_row_with_values() -> None:
    lines = (("区域", *NAMES), ("鹿城区", *OWN_VALUES), (None, None, None, "鹿城区科技局", "2024年7月5日"))
    assert serious(check_grid(grid(*lines))) == []


def test_two_tables_in_a_sheet_have_their_own_rows_and_lines() -> None:
    upper = (("工作情况（2024年3月）",), HEAD, (None, "鹿城区", 1, 2, 3, 4), ("填报单位：鹿城区科技局",))
    lower = ((), ("工作情况（2024年6月）",), HEAD, ROW, ("填报单位：龙湾区科技局",))
    first, second = find_tables(grid(*upper, *lower), PROGRAMME)
    assert (numbers(first), numbers(second)) == ((1, 2, 3, 4), OWN_VALUES)
    assert [[e.says.month for e in t.periods if isinstance(e.says, PeriodMention)] for t in (first, second)] == [[3], [6]]
    assert [[e.says for e in t.districts] for t in (first, second)] == [["鹿城区"], ["龙湾区"]]


@pytest.mark.parametrize("place", [(1_048_576, 16_384), (1_000_000, 1), (1, 16_000), (1_048_576, 3)])
def test_a_far_stray_cell_changes_nothing(place: tuple[int, int]) -> None:
    sheet = grid(HEAD, ROW)
    far = dataclasses.replace(sheet, cells={**sheet.cells, place: Cell(Kind.TEXT, "x")})
    near, other = (find_tables(g, PROGRAMME)[0] for g in (sheet, far))
    assert numbers(other, 0) == numbers(near)
    assert len([row for row in other.rows if row.district]) == 1


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (("附件2",), ("鹿城区", *OWN_VALUES)),
        (("区域", NAMES[0]), ("鹿城区", 8)),
        (("区域", NAMES[0], NAMES[0]), ("鹿城区", 8, 8)),
        (NAMES, OWN_VALUES),
        (("企业", "姓名", "职务"), ("甲公司", "张某", "科技副总")),
        (("1.本表指标为" + "、".join(NAMES) + "。",),),
    ],
)
def test_without_region_and_two_indicators_there_is_no_table(lines: tuple[Sequence[object], ...]) -> None:
    assert find_tables(grid(*lines), PROGRAMME) == ()


UNIT_FLAWS = {
    "万 in the header": ((HEAD[0], HEAD[1], NAMES[0], f"{NAMES[1]}（万项）", *NAMES[2:]), "D1", "projects"),
    "百 in the header": ((HEAD[0], HEAD[1], f"{NAMES[0]}（百家）", *NAMES[1:]), "C1", "enterprises"),
    "per cent": ((*HEAD[:5], f"{NAMES[3]}（%）"), "F1", "institutes"),
    "another indicator's": ((HEAD[0], HEAD[1], f"{NAMES[0]}（项）", *NAMES[1:]), "C1", "enterprises"),
    "persons": ((HEAD[0], HEAD[1], f"{NAMES[0]}（单位：人）", *NAMES[1:]), "C1", "enterprises"),
}


@pytest.mark.parametrize(("head", "cell", "indicator"), UNIT_FLAWS.values(), ids=UNIT_FLAWS)
def test_another_unit_in_the_header_is_s03(head: Sequence[object], cell: str, indicator: str) -> None:
    table = only(head, ROW)
    assert [(f.rule, f.cell, f.indicator) for f in table.flaws] == [("S03", cell, indicator)]
    assert table.unusable == {indicator}


def test_a_renamed_column_over_a_unit_line_is_s01_at_its_heading() -> None:
    lines = (
        ("区域", "工作情况"),
        (None, NAMES[0], "攻关经费", *NAMES[2:]),
        (None, "家", "项", "项", "家"),
        ("鹿城区", *OWN_VALUES),
    )
    assert [(f.rule, f.cell, f.observed) for f in only(*lines).flaws] == [("S01", "C2", "攻关经费")]


def test_another_unit_under_the_header_is_s03_at_its_cell() -> None:
    table = only(HEAD, (None, None, "家", "万项", "项", "家"), ROW)
    assert [(f.rule, f.cell, f.observed, f.expected) for f in table.flaws] == [("S03", "D2", "万项", "项")]


@pytest.mark.parametrize(
    "line", [("单位：万项",), ("（计量单位：百家）",), ("计量单位", "万家、万项"), (None, None, None, "单位：%")]
)
def test_another_unit_above_the_table_spoils_all_values(line: Sequence[object]) -> None:
    table = only(line, HEAD, ROW)
    assert [f.rule for f in table.flaws] == ["S03"]
    assert table.unusable == set(PROGRAMME.indicator_ids)


@pytest.mark.parametrize(
    "line", ["单位：家、项", "单位：家/项", "（单位：家，项）", "计量单位：家", "填报单位：鹿城区科技局", "单位：鹿城区科技局"]
)
def test_the_right_units_above_the_table_are_no_finding(line: str) -> None:
    assert only((line,), HEAD, ROW).flaws == ()


COLUMN_FLAWS = {
    "missing": (("区域", *NAMES[:3]), "institutes", "缺少"),
    "repeated": (("区域", *NAMES, NAMES[1]), "projects", "重复出现"),
    "repeated by another heading": (("区域", *NAMES, "成果转化数"), "transfers", "重复出现"),
    "unrecognisable": (("区域", NAMES[0], "攻关项目经费", *NAMES[2:]), "projects", "无法识别"),
    "a remark in its place": (("区域", NAMES[0], "备注", *NAMES[2:]), "projects", "缺少"),
    "a strange bracket": (("区域", f"{NAMES[0]}（含计划）", *NAMES[1:]), "enterprises", "无法识别"),
}


@pytest.mark.parametrize(("head", "indicator", "problem"), COLUMN_FLAWS.values(), ids=COLUMN_FLAWS)
def test_a_column_that_is_not_there_once_is_s01(head: Sequence[object], indicator: str, problem: str) -> None:
    table = only(head, ("鹿城区", *OWN_VALUES))
    assert [(f.rule, f.indicator) for f in table.flaws] == [("S01", indicator)]
    assert problem in table.flaws[0].message
    assert table.unusable == {indicator}


def test_a_repeated_column_is_not_told_off_for_its_unit_as_well() -> None:
    table = only(("区域", NAMES[0], NAMES[0], *NAMES[2:]), (None, "家", "项", "项", "家"), ("鹿城区", *OWN_VALUES))
    assert [(f.rule, f.cell, f.indicator) for f in table.flaws] == [("S01", "C1", "enterprises"), ("S01", None, "projects")]


@pytest.mark.parametrize("layout", GOOD)
def test_every_good_layout_is_read_without_error_and_query(layout: str) -> None:
    earlier = (SEPTEMBER, dict.fromkeys(OWN, 1)) if layout == "earlier_beside" else None
    submission = check(spec(layout=layout, earlier=earlier))
    assert (serious(submission), submission.status) == ([], "accepted")
    assert (submission.district, submission.period, values(submission)) == ("鹿城区", JUNE, OWN_VALUES)


@pytest.mark.parametrize("layout", ["plan", "grouped", "diagonal", "units_row", "columns_reversed", "serial_remark"])
@pytest.mark.parametrize("fmt", ["xls", "ods", "csv-gbk", "html-gbk"])
def test_other_formats_hold_the_same_tables(layout: str, fmt: str) -> None:
    submission = check(spec(layout=layout, fmt=fmt))
    assert (serious(submission), values(submission)) == ([], OWN_VALUES)


def test_another_programme_is_read_by_its_own_words(second_programme: Programme) -> None:
    names = [indicator.name for indicator in second_programme.indicators]
    lines = (("县区", *reversed(names)), ("青禾", 3, 2, 1), ("全州", 3, 2, 1), ("报送单位：青禾市科技局",))
    (table,) = find_tables(grid(*lines), second_programme)
    assert (table.rows[0].district, numbers(table), table.total is not None) == ("青禾市", (1, 2, 3), True)
    assert find_tables(grid(*lines), PROGRAMME) == ()


def test_a_hidden_sheet_is_read_too() -> None:
    assert check(spec(layout=Layout(hidden=("sheet",), extra=("instructions",)))).table is not None
