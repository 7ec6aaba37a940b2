"""The correction loop inside the spreadsheet: the copy that came back is filled in, sent again, and settles its findings."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.workspace.workspace import Workspace
from tests.returns import write_return
from tests.run.test_city import decide, record
from tests.support.workspaces import DECEMBER, MARCH, drop, rows, run_now, spec, workspace_at

pytestmark = pytest.mark.usefixtures("database", "one_crew")

NEXT = dt.datetime(2025, 4, 10, 2, tzinfo=dt.UTC)
LATER = dt.datetime(2025, 4, 11, 2, tzinfo=dt.UTC)
FALL = "企业迁出本市，核减3家"
TOTAL = "总数按全年累计口径填写，与分行口径不同"


@pytest.fixture
def returned(tmp_path: Path) -> Workspace:
    """鹿城区: 12 enterprises in December; 9 in March (P01), with a total of another sum (S12)."""
    office = workspace_at(tmp_path)
    drop(office, "鹿城区2024年12月.xlsx", write_return(spec(office.programme, "鹿城区", DECEMBER, (12, 20, 8, 4))))
    march = spec(office.programme, "鹿城区", MARCH, (9, 21, 8, 5), total={"projects": 99})
    drop(office, "鹿城区2025年3月.xlsx", write_return(march))
    run_now(office)
    return office


def copies(office: Workspace) -> list[Path]:
    return sorted((office.outbox / "2025-03-31").glob("审核反馈/*.xlsx"))


def answer(office: Workspace, name: str = "反馈.xlsx", **by_rule: str) -> None:
    """The copy with 说明 filled in at the lines of these rules, dropped under another name."""
    (copy,) = copies(office)
    workbook = openpyxl.load_workbook(copy)
    sheet: Worksheet = workbook["审核说明"]
    head = next(row for row in sheet.iter_rows() if "编号" in [cell.value for cell in row])
    at = {str(cell.value): number for number, cell in enumerate(head)}
    text = next(number for title, number in at.items() if title.startswith("说明"))
    for row in sheet.iter_rows(min_row=(head[0].row or 0) + 1):
        if row[at["编号"]].value in by_rule:
            row[text].value = by_rule[str(row[at["编号"]].value)]
    saved = io.BytesIO()
    workbook.save(saved)
    drop(office, name, saved.getvalue())


def test_a_return_that_goes_back_has_its_copy(returned: Workspace) -> None:
    assert [path.name for path in copies(returned)] == ["鹿城区_2025-03-31_退回.xlsx"]
    assert record(returned).state == "退回"


def test_the_copy_sent_back_unchanged_says_the_same(returned: Workspace) -> None:
    before = record(returned).latest
    answer(returned)
    run_now(returned, now=NEXT)
    now = record(returned).latest
    assert now
    assert before
    assert [(f.rule, f.cell, f.state) for f in now.findings] == [(f.rule, f.cell, f.state) for f in before.findings]


def test_an_explained_query_closes_and_a_fall_waits_for_the_city(returned: Workspace) -> None:
    answer(returned, P01=FALL, S12=TOTAL)
    run_now(returned, now=NEXT)
    now = record(returned)
    assert now.state == "待认定"
    assert now.latest
    assert {(f.rule, f.state, f.explanation) for f in now.latest.findings if f.grade != "hint"} == {
        ("P01", "explained", FALL),
        ("S12", "explained", TOTAL),
    }
    decide(returned, "approve", now=LATER, rule="P01", wording="核减3家（企业迁出）")
    now = record(returned)
    assert (now.state, now.values["enterprises"]) == ("审核通过", 9)
    assert copies(returned) == []


def test_an_empty_phrase_is_not_taken_and_the_copy_says_why(returned: Workspace) -> None:
    answer(returned, P01=FALL, S12="情况属实")
    run_now(returned, now=NEXT)
    assert record(returned).state == "待说明"
    (copy,) = copies(returned)
    texts = [str(cell.value) for row in openpyxl.load_workbook(copy)["审核说明"].iter_rows() for cell in row]
    assert any("说明未采用：只写了“情况属实”，没有具体原因" in text for text in texts)


def test_an_explanation_holds_for_a_later_file_with_the_same_value(returned: Workspace) -> None:
    answer(returned, P01=FALL, S12=TOTAL)
    run_now(returned, now=NEXT)
    drop(returned, "鹿城区2025年3月再报.xlsx", write_return(spec(returned.programme, "鹿城区", MARCH, (9, 22, 8, 5))))
    run_now(returned, now=LATER)
    now = record(returned)
    assert now.latest
    assert [(f.rule, f.state) for f in now.latest.findings if f.grade != "hint"] == [("P01", "explained")]
    assert now.state == "待认定"


def test_who_explained_and_how_stands_in_the_ledger(returned: Workspace) -> None:
    answer(returned, P01=FALL)
    run_now(returned, now=NEXT)
    assert rows(returned, "select rule, indicator, text from explanations") == [("P01", "enterprises", FALL)]
