"""审核说明与认定 in the report, its workbook and the working papers: sixteen columns, the same everywhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.model import State
from pipeline.model.view import Settlement
from pipeline.products import working_papers
from pipeline.products.report import book as report_book
from pipeline.products.report.report_words import ReportWords
from pipeline.products.report.settled import settlement_rows
from tests.products.report_loop import FALL, JUMP, LATER, SAME, loop_view
from tests.products.report_pages import PROGRAMME, TIME, page_of, rows_of, view_of
from tests.support.workbooks import opened, table, texts

HEADS = (
    "序号｜区域｜指标｜规则编号｜审核意见｜报送数｜对照数｜审核说明｜"
    "说明人｜说明方式｜说明时间｜认定结果｜认定人｜认定时间｜依据｜通报用语"
)


def test_the_chapter_has_the_columns_of_the_wording_and_a_row_each() -> None:
    chapter = page_of(loop_view()).id("decisions")
    assert "｜".join(head.text for head in chapter.all("thead")[0].all("th")) == HEADS
    rows = rows_of(chapter)
    assert [(row[1], row[3]) for row in rows] == [("鹿城区", "P01"), ("瓯海区", "P02"), ("洞头区", "P01"), ("永嘉县", "P05")]
    assert rows[2][5:] == [
        "7", "9", "重复计数2项，核减2项。", "周某", "表内说明", "2024年10月8日09:30",
        "同意认定", "王某", "2024年10月9日09:30", "来函（温科函〔2024〕3号）", "核减2项（重复计数）",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("finding", "verdict", "result"),
    [
        (FALL, "", "待认定"),
        (FALL, "approve", "同意认定"),
        (replace(FALL, state=State.REFUSED), "refuse", "不予认定"),
        (SAME, "", "—"),
        (replace(SAME, state=State.REFUSED), "refuse", "说明未采用"),
        (replace(SAME, state=State.OPEN), "", "说明未采用"),
    ],
)
def test_what_became_of_an_explanation(finding: object, verdict: str, result: str) -> None:
    line = Settlement(finding, "原因", "陈某", "sheet", TIME, verdict)  # type: ignore[arg-type]
    (row,) = settlement_rows(ReportWords(PROGRAMME), replace(view_of(), settlements=(line,)))
    assert row[11] == result


@pytest.mark.parametrize(("how", "shown"), [("sheet", "表内说明"), ("phone", "电话说明代录"), ("standing", "沿用")])
def test_how_an_explanation_came(how: str, shown: str) -> None:
    (row,) = settlement_rows(
        ReportWords(PROGRAMME), replace(view_of(), settlements=(Settlement(JUMP, "原因", "陈某", how, TIME),))
    )
    assert row[9] == shown


def test_a_decision_without_an_explanation_names_no_time_of_one() -> None:
    line = Settlement(FALL, "", "", "sheet", TIME, "approve", "王某", LATER, "会议纪要")
    (row,) = settlement_rows(ReportWords(PROGRAMME), replace(view_of(), settlements=(line,)))
    assert row[7:12] == ["—", "—", "—", "—", "同意认定"]


@pytest.mark.parametrize(("product", "sheet"), [(report_book, "说明与认定"), (working_papers, "审核说明与认定")])
def test_the_workbooks_say_the_same_as_the_page(product: object, sheet: str) -> None:
    found = table(opened(product.render(PROGRAMME, loop_view()))[sheet], "序号")  # type: ignore[attr-defined]
    assert [[str(cell) for cell in row.values()] for row in found] == rows_of(page_of(loop_view()).id("decisions"))
    assert "｜".join(found[0]) == HEADS


@pytest.mark.parametrize(("product", "sheet"), [(report_book, "说明与认定"), (working_papers, "审核说明与认定")])
def test_without_any_the_workbooks_say_so(product: object, sheet: str) -> None:
    assert "没有审核说明和认定。" in texts(opened(product.render(PROGRAMME, view_of()))[sheet])  # type: ignore[attr-defined]
