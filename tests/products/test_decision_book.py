"""市级办理单 as it is written: a line for each open matter, room for the city's own, everything that is typed stays a text."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.decisions.sheet_lines import FIELDS
from pipeline.model import State
from pipeline.products import decision_book
from pipeline.products.decision_book import OWN_LINES
from tests.products.report_loop import DONGTOU, LONGWAN, LUCHENG, REASON, YONGJIA, judged, loop_view
from tests.products.report_pages import PROGRAMME, TIME, file_of, record_of, view_of
from tests.support import workbooks

WORDS = PROGRAMME.wording["decisions"]
HEADS = WORDS["book"]["columns"]
HIDDEN = "Q"
MADE = {"made": TIME.isoformat(), "decided": 0}


def sheet_of(content: bytes) -> Worksheet:
    workbook = workbooks.opened(content)
    assert workbook.sheetnames == ["市级办理单"]
    return workbook.worksheets[0]


def lines(content: bytes) -> list[dict[str, object]]:
    """The lines that were written with a matter, by field."""
    found = workbooks.table(sheet_of(content), "序号")
    return [dict(zip(FIELDS, (row[head] for head in HEADS), strict=True)) for row in found if row["文件"]]


def book(*records: Any, **more: Any) -> bytes:
    return decision_book.render(PROGRAMME, view_of(*records, **more))


def test_the_heading_and_the_columns_are_those_of_the_wording() -> None:
    sheet = sheet_of(decision_book.render(PROGRAMME, loop_view()))
    assert sheet["A1"].value == "“科技副总”工作情况报表市级办理单（截至2024年9月底）"
    shown = "序号｜区域｜报告期｜文件｜规则编号｜指标｜表中数｜对照数｜审核意见｜报送单位说明｜办理意见｜办理内容"
    shown += "｜依据｜通报用语｜经办人｜办理日期"
    assert [cell.value for cell in sheet[2]][:16] == shown.split("｜")
    assert workbooks.printed_around(sheet) == ("内部资料，不得外传", "第&P页　共&N页")
    assert workbooks.one_page_wide(sheet)


def test_what_waits_stands_in_it_and_what_is_settled_does_not() -> None:
    found = lines(decision_book.render(PROGRAMME, loop_view()))
    refused = "属实（说明未采用：只写了“属实”，没有具体原因）"
    assert [(line["district"], line["rule"], line["explanation"]) for line in found] == [
        (LUCHENG, "P01", REASON),
        (LONGWAN, "P05", None),
        (YONGJIA, "P05", refused),
    ]
    assert [line["number"] for line in found] == [1, 2, 3]
    assert (found[0]["observed"], found[0]["expected"], found[0]["period"]) == ("8", "10", "2024年9月底")


@pytest.mark.parametrize(
    ("rule", "state", "there"),
    [
        ("P01", State.OPEN, True),
        ("P01", State.EXPLAINED, True),
        ("P01", State.REFUSED, True),
        ("P01", State.APPROVED, False),
        ("P05", State.OPEN, True),
        ("P05", State.REFUSED, True),
        ("P05", State.EXPLAINED, False),
        ("F17", State.OPEN, True),
        ("Z01", State.OPEN, True),
        ("Z01", State.APPROVED, False),
        ("C06", State.OPEN, False),
        ("F09", State.OPEN, False),
    ],
)
def test_a_matter_is_there_while_a_decision_may_settle_it(rule: str, state: State, there: bool) -> None:
    finding = judged(rule, district=LUCHENG, state=state, explanation=REASON if state != State.OPEN else None)
    assert bool(lines(book(record_of(LUCHENG, "待说明", finding)))) is there


def test_nothing_is_asked_about_an_accepted_return() -> None:
    assert lines(book(record_of(DONGTOU, "审核通过", judged("P01", "projects", state=State.EXPLAINED)))) == []


def test_the_hidden_column_keeps_what_a_line_is_bound_to() -> None:
    sheet = sheet_of(book(record_of(LUCHENG, "待认定", judged("P01", "enterprises"), judged("X02", "institutes"))))
    assert sheet.column_dimensions[HIDDEN].hidden
    fall, row, own = (json.loads(sheet[f"{HIDDEN}{number}"].value) for number in (3, 4, 5))
    assert fall == {"file": "a" * 64, "period": "2024-09-30", "bound": {"enterprises": 8}, **MADE}
    assert row["bound"] == {"enterprises": 8, "projects": 0, "transfers": 7, "institutes": 3}
    assert own == MADE


def test_there_is_room_for_the_city_s_own_decisions() -> None:
    table = workbooks.table(sheet_of(book()), "序号")
    assert [row["报告期"] for row in table] == ["2024年9月底"] * OWN_LINES
    assert "目前没有待市里办理的事项；需要主动办理的，请填写下面的空行。" in workbooks.texts(sheet_of(book()))


def test_the_drop_down_names_every_act_and_reaches_every_line() -> None:
    sheet = sheet_of(decision_book.render(PROGRAMME, loop_view()))
    (choice,) = sheet.data_validations.dataValidation
    assert choice.formula1 == '"同意认定,不予认定,代录电话说明,人工退回,撤回,指定地区,指定报告期,登记收到时间,免报,启动更正"'
    assert str(choice.sqref) == f"K3:K{2 + 3 + OWN_LINES}"


def test_what_is_typed_stays_a_text() -> None:
    sheet = sheet_of(decision_book.render(PROGRAMME, loop_view()))
    assert {cell.number_format for row in sheet["K3:P11"] for cell in row} == {"@"}


def test_a_file_name_that_looks_like_a_formula_is_a_text() -> None:
    named = file_of(None, "returned", judged("F03"), file='=HYPERLINK("x")')
    cell = sheet_of(book(extra=(named,)))["D3"]
    assert (cell.value, cell.data_type) == ('=HYPERLINK("x")', "s")


def test_files_without_a_period_have_a_book_of_their_own() -> None:
    lost = file_of(LUCHENG, "returned", judged("F04", district=LUCHENG), period=None)
    content = decision_book.render_unplaced(PROGRAMME, (lost, file_of(None, "attachment", judged("F12"), period=None)), 4)
    (line,) = lines(content)
    assert (line["district"], line["period"], line["rule"]) == (LUCHENG, None, "F04")
    assert sheet_of(content)["A1"].value == "“科技副总”工作情况报表市级办理单（未识别的文件）"


def test_the_same_view_gives_the_same_bytes() -> None:
    view = loop_view()
    assert decision_book.render(PROGRAMME, view) == decision_book.render(PROGRAMME, dataclasses.replace(view))


def test_districts_stand_in_the_order_of_the_form_and_files_of_nobody_last() -> None:
    view = loop_view()
    files = (file_of(None, "returned", judged("F03"), sha256="e" * 64), *reversed(view.files))
    found = lines(decision_book.render(PROGRAMME, dataclasses.replace(view, files=files)))
    assert [line["district"] for line in found] == [LUCHENG, LONGWAN, YONGJIA, None]
