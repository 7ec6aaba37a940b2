"""审核说明 read back: every answer, in any format and under any name, and no trace of the sheet in the judgement of the table."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.model import Answer, Area, Grid, PeriodMention, Reading
from pipeline.model.catalogue import make_finding
from pipeline.reading.layout.answer_sheet import is_answer_sheet, read_answer_sheet
from pipeline.reading.read import read_submission
from tests.products.return_copies import (
    FLAWED,
    answer_sheet,
    back,
    filled,
    opened,
    row_with,
    said,
    saved,
    sent_return,
    texts,
    with_findings,
)
from tests.returns import write_return
from tests.support.judging import GOOD, JUNE, LUCHENG, PROGRAMME, grid

REASON = "企业迁出，核减2项"
HEADER = ("序号", "等级", "位置（点击跳转）", "指标", "表中数", "对照数", "审核意见", "处理要求", "说明（请在此填写）", "编号")
P01 = (1, "强制性", "E5", "促成科技成果转化数", 5, 7, "减少2项", "请更正")
P05 = (2, "核实性", "D5", "开展技术攻关项目数", 30, 5, "增加25项", "请核对")
X03 = (3, "核实性", "—", "—", "—", "—", "比例", "请核对")


def sheet(*lines: tuple[object, ...], header: tuple[object, ...] = HEADER, **fields: Any) -> Grid:
    """A sheet 审核说明 as it might come back."""
    return grid(("标题",), ("报送单位：鹿城区　报告期：截至2024年6月底",), header, *lines, name="审核说明", **fields)


def answers(*lines: tuple[object, ...], **fields: Any) -> list[tuple[str | None, str | None, str | None, str]]:
    """(rule, indicator, observed, text) of each answer."""
    read = read_answer_sheet(sheet(*lines, **fields), PROGRAMME).answers
    return [(answer.rule, answer.indicator, answer.observed, answer.text) for answer in read]


def reading(content: bytes, name: str = "附件2.xlsx") -> Reading:
    return read_submission(name, content, PROGRAMME)


def test_a_line_answers_its_rule_its_indicator_and_its_value() -> None:
    assert answers((*P01, REASON, "P01")) == [("P01", "transfers", "5", REASON)]


def test_a_line_about_the_whole_row_has_neither_indicator_nor_value() -> None:
    assert answers((*X03, REASON, "X03")) == [("X03", None, None, REASON)]


def test_a_line_keeps_what_its_value_was_compared_with() -> None:
    read = read_answer_sheet(sheet((*P01, REASON, "P01"), (*X03, REASON, "X03")), PROGRAMME).answers
    assert [answer.expected for answer in read] == ["7", None]


def test_lines_left_blank_or_to_be_corrected_are_no_answers() -> None:
    assert answers((*P01, None, "P01"), (*P05, "　", "P05"), (*X03, "请直接改正", "X03")) == []


@pytest.mark.parametrize("same", ["同上", "同上。", " 同 上 "])
def test_the_same_as_above_takes_the_line_above(same: str) -> None:
    assert [text for *_, text in answers((*P01, REASON, "P01"), (*P05, same, "P05"), (*X03, same, "X03"))] == [REASON] * 3


def test_the_same_as_above_skips_a_line_that_cannot_be_answered() -> None:
    told = answers((*P01, REASON, "P01"), (*X03, "请直接改正", "C04"), (*P05, "同上", "P05"))
    assert [text for *_, text in told] == [REASON, REASON]


def test_the_same_as_above_under_a_blank_line_says_nothing_more() -> None:
    assert answers((*P01, None, "P01"), (*P05, "同上", "P05")) == [("P05", "projects", "30", "同上")]


def test_a_merged_answer_counts_for_all_its_lines() -> None:
    merged = (Area(4, 9, 5, 9),)
    told = answers((*P01, REASON, "P01"), (*P05, None, "P05"), merges=merged)
    assert told == [("P01", "transfers", "5", REASON), ("P05", "projects", "30", REASON)]


def test_columns_are_found_by_their_headings() -> None:
    header = ("编号", "说明", "指标", "表中数", "审核意见")
    assert answers(("P01", REASON, "促成科技成果转化数", "5", "减少2项"), header=header) == [("P01", "transfers", "5", REASON)]


def test_a_line_whose_number_was_lost_still_answers_for_its_indicator() -> None:
    assert answers((*P05, REASON)) == [(None, "projects", "30", REASON)]


def test_the_heading_names_district_and_period_and_not_the_time_of_receipt() -> None:
    heading = "报送单位：鹿城区科学技术局　报告期：截至2024年6月底　收到时间：2024年9月30日09:00"
    read = read_answer_sheet(grid((heading,), HEADER), PROGRAMME)
    assert [evidence.says for evidence in read.districts] == [LUCHENG]
    mentions = [evidence.says for evidence in read.periods]
    assert [m.as_of for m in mentions if isinstance(m, PeriodMention)] == [JUNE]


@pytest.mark.parametrize(
    "header",
    [
        ("序号", "区域", "规则编号", "审核意见", "处理要求", "办理情况"),
        ("区域", "指标名称", "审核意见", "说明"),
        ("序号", "指标", "事项", "涉及数量", "原因"),
    ],
)
def test_other_sheets_of_findings_or_reasons_are_not_it(header: tuple[str, ...]) -> None:
    assert not is_answer_sheet(grid(header, (1, "鹿城区", "P01", "减少", "核减")), PROGRAMME)


def _renamed(workbook: Workbook) -> None:
    answer_sheet(workbook).title = "Sheet9"


def _moved(workbook: Workbook) -> None:
    workbook.move_sheet("审核说明", 1)


def _hidden(workbook: Workbook) -> None:
    answer_sheet(workbook).sheet_state = "hidden"
    workbook.active = 1


def _without_title(workbook: Workbook) -> None:
    sheet = answer_sheet(workbook)
    sheet["A1"].value = None


@pytest.mark.parametrize("change", [_renamed, _moved, _hidden, _without_title])
def test_a_copy_is_answered_wherever_its_sheet_stands(change: Callable[[Workbook], None]) -> None:
    before = sent_return()
    workbook = opened(filled(before.copy(), {"P01": REASON}))
    change(workbook)
    (answer,) = reading(saved(workbook)).answers
    assert (answer.rule, answer.indicator, answer.observed, answer.text) == ("P01", "transfers", "5", REASON)


@pytest.mark.parametrize("fmt", ["xlsx", "xls", "ods", "csv-gbk"])
def test_an_answer_that_comes_back_explains_its_finding(fmt: str) -> None:
    before = sent_return(dataclasses.replace(FLAWED, fmt=fmt))
    after = back(filled(before.copy(), {"P01": REASON}, {"D5": 12}), before, "附件2.xlsx")
    assert (after.submission.district, after.submission.period) == (LUCHENG, JUNE)
    findings = [(f.rule, f.state, f.explanation) for f in after.submission.findings if f.grade != "hint"]
    assert findings == [("P01", "explained", REASON)]
    assert after.submission.status == "pending"


def test_an_answer_to_another_value_has_lapsed() -> None:
    before = sent_return()
    after = back(filled(before.copy(), {"P01": REASON}, {"E5": 6}), before)
    (finding,) = [f for f in after.submission.findings if f.rule == "P01"]
    assert finding.state == "open"
    assert finding.note == "说明未采用：所说明的数值已由5改为6，请重新说明"


def _supplement(sheet: Worksheet, line: int, *values: str | int | None) -> None:
    top = row_with(sheet, "补充说明（改正后另有核减等情况的，在此写明，免得再次往返）") + 1
    for column, value in zip((1, 5, 7), values, strict=True):
        sheet.cell(top + line, column).value = value


def supplements(*given: tuple[str | int | None, ...]) -> list[tuple[str | None, str, str]]:
    workbook = opened(sent_return().copy())
    for line, values in enumerate(given, 1):
        _supplement(answer_sheet(workbook), line, *values)
    read = reading(saved(workbook)).answers
    assert all(answer.rule is None and answer.matter is None for answer in read)
    return [(answer.indicator, answer.amount, answer.text) for answer in read]


def test_supplements_name_indicator_amount_and_reason() -> None:
    given: list[tuple[str | int | None, ...]] = [
        ("开展技术攻关项目数", 3, "项目撤销"),
        ("新建市级及以上研发机构数（家）", "1家", "同上"),
        (None, None, None),
    ]
    assert supplements(*given) == [("projects", "3", "项目撤销"), ("institutes", "1家", "项目撤销")]


def test_a_supplement_about_no_indicator_keeps_its_words_and_answers_nothing() -> None:
    workbook = opened(sent_return().copy())
    _supplement(answer_sheet(workbook), 1, "联系人", None, "已更换为李某")
    _supplement(answer_sheet(workbook), 2, None, None, "另函报送")
    again = back(saved(workbook), sent_return())
    assert again.submission.reading.answers == ()
    assert {"联系人：已更换为李某", "另函报送"} <= set(texts(answer_sheet(opened(again.copy()))))


def test_supplements_go_along_when_the_copy_is_sent_back_again() -> None:
    workbook = opened(sent_return().copy())
    _supplement(answer_sheet(workbook), 1, "开展技术攻关项目数", 3, "项目撤销")
    again = back(saved(workbook), sent_return())
    assert reading(again.copy()).answers == (
        Answer("项目撤销", "审核说明", again.submission.reading.answers[0].cell, indicator="projects", amount="3"),
    )


def test_the_hints_of_a_copy_are_no_answers() -> None:
    found = make_finding(PROGRAMME, "F06", previous="2024年3月底")
    assert reading(with_findings(found, *sent_return().submission.findings).copy()).answers == ()


def test_the_sheet_leaves_no_trace_in_the_judgement_of_a_good_return() -> None:
    workbook = opened(write_return(GOOD))
    target = workbook.create_sheet("审核说明", 0)
    for row in answer_sheet(opened(sent_return().copy())).iter_rows():
        for cell in row:
            target.cell(cell.row, cell.column).value = cell.value
    before = sent_return(GOOD, {})
    after = back(saved(workbook), before, before.name, {})
    assert said(after) == said(before)
    assert [f.rule for f in after.submission.findings if f.grade != "hint"] == []


def test_the_sheet_alone_is_no_return_and_no_note_either() -> None:
    workbook = opened(sent_return().copy())
    workbook.remove(workbook["附件2"])
    read = reading(saved(workbook), "鹿城区_2024-06-30_待说明.xlsx")
    assert [finding.rule for finding in read.findings] == ["F02"]
    assert read.attachment is None


def test_what_a_copy_says_of_its_place_speaks_against_a_file_name_of_another() -> None:
    before = sent_return()
    after = back(before.copy(), before, "鹿城区2024年9月.xlsx")
    (finding,) = [f for f in after.submission.findings if f.rule == "F04"]
    assert "审核说明表为“报告期：截至2024年6月底”" in finding.message
    assert after.submission.period is None


def test_a_day_that_was_called_is_a_period_in_the_heading() -> None:
    called = frozenset({dt.date(2024, 7, 15)})
    heading = "报送单位：鹿城区　报告期：截至2024年7月15日"
    read = read_answer_sheet(grid((heading,), HEADER), PROGRAMME, called)
    assert [m.says.as_of for m in read.periods if isinstance(m.says, PeriodMention)] == [dt.date(2024, 7, 15)]
