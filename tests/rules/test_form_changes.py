"""What differs from the form without effect on the values: S02 (columns) and S11 (rows, notes, sheets, old values)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from pipeline.model import Area, History, Submission
from pipeline.reading.layout import find_tables
from pipeline.reading.layout.strays import stray_texts
from tests.returns import Layout
from tests.support.judging import JUNE, LUCHENG, PROGRAMME, check, check_grid, grid, history, rules, spec, values

MARCH = dt.date(2024, 3, 31)
NAMES = tuple(indicator.name for indicator in PROGRAMME.indicators)
HEAD = ("区域", *NAMES)
OWN = (LUCHENG, 8, 12, 7, 3)
ALL = PROGRAMME.district_names
BLANK = tuple((name,) for name in ALL[1:])
Lines = Sequence[Sequence[object]]


def details(submission: Submission) -> list[str]:
    """The details of S11, which is one finding at most."""
    found = [f.message for f in submission.findings if f.rule == "S11"]
    assert len(found) <= 1
    return found[0].removeprefix("版式与模板不同（").removesuffix("），不影响取数。").split("；") if found else []


COLUMNS: dict[str, tuple[Any, str]] = {
    "programme": ("plan", ""),
    "with serial and remark": ("serial_remark", ""),
    "reversed": (
        "columns_reversed",
        f"C列为“{NAMES[3]}”，D列为“{NAMES[2]}”，E列为“{NAMES[1]}”，F列为“{NAMES[0]}”".replace("“科技副总”", "‘科技副总’"),
    ),
    "rotated": (
        "columns_rotated",
        f"B列为“{NAMES[1]}”，C列为“{NAMES[2]}”，D列为“{NAMES[3]}”，E列为“{NAMES[0]}”".replace("“科技副总”", "‘科技副总’"),
    ),
}


@pytest.mark.parametrize(("layout", "mapping"), COLUMNS.values(), ids=COLUMNS)
def test_columns_in_another_order_are_s02_and_taken_by_their_headers(layout: str, mapping: str) -> None:
    submission = check(spec(layout=layout))
    found = [f.message for f in submission.findings if f.rule == "S02"]
    assert found == ([f"指标列顺序与模板不同，已按列名取数：{mapping}。"] if mapping else [])
    assert (submission.values, str(submission.status)) == (spec().values, "accepted")


def test_only_the_columns_that_moved_are_named() -> None:
    head = ("区域", NAMES[0], NAMES[2], NAMES[1], NAMES[3])
    (finding,) = (f for f in check_grid(grid(head, OWN)).findings if f.rule == "S02")
    assert finding.observed == f"C列为“{NAMES[2]}”，D列为“{NAMES[1]}”"


def test_a_text_table_has_no_letters_for_its_columns() -> None:
    (finding,) = (f for f in check(spec(layout="columns_rotated", fmt="csv-utf8")).findings if f.rule == "S02")
    assert finding.observed == f"第2列为“{NAMES[1]}”，第3列为“{NAMES[2]}”，第4列为“{NAMES[3]}”，第5列为“{NAMES[0]}”"


def test_columns_are_not_in_another_order_where_one_is_missing_or_twice() -> None:
    for head in (("区域", NAMES[1], NAMES[0], NAMES[2]), ("区域", NAMES[1], NAMES[0], NAMES[2], NAMES[3], NAMES[1])):
        found = rules(check_grid(grid(head, (*OWN, 1)[: len(head)])))
        assert "S01" in found
        assert "S02" not in found


ROWS: dict[str, tuple[Lines, list[str]]] = {
    "as in the form": ((OWN, *BLANK), []),
    "with a total": ((OWN, *BLANK, ("总数", 8, 12, 7, 3)), []),
    "the own row alone": ((OWN,), []),
    "the own row and the total": ((OWN, ("总数", 8, 12, 7, 3)), []),
    "one missing": ((OWN, *BLANK[1:]), ["缺少其他地区行"]),
    "the last missing": ((OWN, *BLANK[:-1]), ["缺少其他地区行"]),
    "two swapped": ((OWN, BLANK[1], BLANK[0], *BLANK[2:]), ["行序调整"]),
    "the own row last": ((*BLANK, OWN), ["行序调整"]),
    "the total above": ((("总数", 8, 12, 7, 3), OWN, *BLANK), ["行序调整"]),
    "swapped and missing": ((BLANK[3], OWN), ["行序调整", "缺少其他地区行"]),
    "short names": ((("鹿城", 8, 12, 7, 3), *BLANK), []),
}


@pytest.mark.parametrize(("rows", "found"), ROWS.values(), ids=ROWS)
def test_rows_in_another_order_or_missing_are_s11(rows: Lines, found: list[str]) -> None:
    submission = check_grid(grid(HEAD, *rows))
    assert details(submission) == found
    assert (values(submission), str(submission.status)) == (OWN[1:], "accepted")


NOTES: dict[str, tuple[dict[str, Any], bool]] = {
    "none": ({}, False),
    "below": ({"strays": {"below": "其中2家为上年选派。"}}, True),
    "above": ({"strays": {"above": "请领导审阅"}}, True),
    "beside the row": ({"strays": {"right": "本行已核"}}, True),
    "a note of the form's kind": ({"layout": "district_first"}, True),
    "a remark without text": ({"strays": {"below": "备注："}}, False),
    "a sign-off": ({"strays": {"below": "鹿城区科学技术局（盖章）"}}, False),
    "a date": ({"strays": {"below": "2024年7月5日"}}, False),
    "another office": ({"strays": {"below": "温州市科学技术局"}}, False),
    "another title": ({"strays": {"above": "“科技副总”选派情况汇总"}}, False),
    "a title with more": ({"strays": {"above": "“科技副总”数据含2023年选派"}}, True),
    "a page number": ({"strays": {"below": "— 1 —"}}, False),
    "a number of the annex": ({"strays": {"above": "附件二"}}, False),
    "text that begins like a label": ({"strays": {"below": "单位领导请审阅"}}, True),
    "text with a period": ({"strays": {"below": "截至2024年6月底有2家尚未签约"}}, True),
}


@pytest.mark.parametrize("fmt", ["xlsx", "xls", "ods", "csv-gbk", "html-utf8"])
@pytest.mark.parametrize(("changes", "found"), NOTES.values(), ids=NOTES)
def test_texts_outside_the_table_are_s11(changes: dict[str, Any], found: bool, fmt: str) -> None:
    submission = check(spec(fmt=fmt, **changes))
    assert details(submission) == (["表外有文字"] if found else [])
    assert (submission.values, str(submission.status)) == (spec().values, "accepted")


def strays(*lines: Sequence[object], **fields: Any) -> tuple[str, ...]:
    sheet = grid(*lines, **fields)
    return stray_texts([(sheet, find_tables(sheet, PROGRAMME))], PROGRAMME)


def test_columns_beside_the_table_are_strays_unless_a_template_has_them() -> None:
    beside = ("上期累计数（截至2024年3月底，仅供核对）", "本期增加", "填写自查")
    assert strays((*HEAD, None, *beside), (*OWN, None, "—", "无", "通过")) == ()
    assert strays((*HEAD, None, "附注"), (*OWN, None, "已核")) == ("表外有文字",)


def test_a_heading_over_several_columns_heads_them_all() -> None:
    lines = ((*HEAD, None, "上期累计数（截至2024年3月底，仅供核对）"), (*OWN, None, "—", "—"))
    assert strays(*lines, merges=(Area(1, 7, 1, 8),)) == ()
    assert strays(*lines) == ()  # a dash is no text
    assert strays(lines[0], (*OWN, None, "—", "见附件"), merges=(Area(1, 7, 1, 8),)) == ()
    assert strays(lines[0], (*OWN, None, "—", "见附件")) == ("表外有文字",)


def test_sheets_without_a_table_have_no_strays() -> None:
    assert strays(("填表说明",), ("各项指标均填累计数。",)) == ()


def test_a_sheet_of_another_period_is_named_and_not_taken() -> None:
    earlier = dataclasses.replace(spec(layout="earlier_beside"), earlier=(MARCH, {"projects": 5}))
    submission = check(earlier)
    assert details(submission) == ["另有工作表“2024-03-31”填写2024年3月底，未采用"]
    assert (submission.values, str(submission.status)) == (spec().values, "accepted")
    assert details(check(spec(layout="empty_beside"))) == []


LEDGER: History = history(("龙湾区", MARCH, (20, 30, 10, 9)), (LUCHENG, MARCH, (4, 5, 6, 2)))
OLD = "其他地区行保留了以前通报数，未采用"
LEFT: dict[str, tuple[dict[str, Any], History, list[str], bool]] = {
    "equal to the ledger": ({"projects": 30, "transfers": 10}, LEDGER, [OLD], False),
    "another value": ({"projects": 31}, LEDGER, [], True),
    "nothing in the ledger": ({"projects": 30}, {}, [], True),
    "all 0": (dict.fromkeys(PROGRAMME.indicator_ids, 0), {}, ["其他地区行填0，未采用"], False),
    "placeholders": (dict.fromkeys(PROGRAMME.indicator_ids, "—"), {}, [], False),
}


@pytest.mark.parametrize(("other", "ledger", "found", "strange"), LEFT.values(), ids=LEFT)
def test_left_over_values_of_other_rows_are_s11(other: dict[str, Any], ledger: History, found: list[str], strange: bool) -> None:
    submission = check(spec(others={"龙湾区": other}, layout=Layout(total="absent")), ledger=ledger)
    assert details(submission) == found
    assert ("S10" in rules(submission)) is strange


def test_everything_that_differs_is_one_finding() -> None:
    submission = check(
        spec(layout="rows_reversed", strays={"below": "请审阅"}, others={"龙湾区": {"projects": 30}}), ledger=LEDGER
    )
    assert details(submission) == ["行序调整", "表外有文字", OLD]


def test_a_form_that_was_changed_is_no_reason_to_hold_a_return() -> None:
    for layout in ("rows_reversed", "columns_reversed", "district_first", "dated"):
        submission = check(spec(layout=layout, period=JUNE))
        assert {f.grade for f in submission.findings} == {"hint"}
        assert str(submission.status) == "accepted"
