"""审核反馈件: what the district gets back, in which file, with which marks and texts, and that it comes back as it went."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from pipeline.model import Finding, State, Status
from pipeline.model.catalogue import make_finding
from pipeline.model.view import Office
from pipeline.products import return_copy
from tests.products.return_copies import (
    FLAWED,
    answer_sheet,
    lines,
    opened,
    row_with,
    sent,
    sent_return,
    texts,
    view,
    with_findings,
)
from tests.returns import write_return
from tests.support.judging import JUNE, LUCHENG, PROGRAMME

P05 = make_finding(
    PROGRAMME, "P05", sheet="附件2", cell="D5", indicator="projects", observed="30", expected="5", previous_period="2024年3月底"
)
C04 = make_finding(PROGRAMME, "C04", sheet="附件2", cell="D5", indicator="projects", observed="约30", cell_="D5单元格")
P10 = make_finding(PROGRAMME, "P10", sheet="附件2", cell="D5", indicator="projects", other_indicator="促成科技成果转化数")
C09 = make_finding(PROGRAMME, "C09", sheet="附件2", cell="D5", value="8", cell_="D5单元格")
F06 = make_finding(PROGRAMME, "F06", previous="2024年3月底")


@pytest.mark.parametrize(
    ("status", "several", "expected"),
    [
        ("returned", False, "鹿城区_2024-06-30_退回.xlsx"),
        ("pending", False, "鹿城区_2024-06-30_待说明.xlsx"),
        ("returned", True, "鹿城区_2024-06-30_{sha}_退回.xlsx"),
    ],
)
def test_the_name_says_whose_for_when_and_what_became_of_it(status: str, several: bool, expected: str) -> None:
    record = sent_return().changed(status=status).record
    assert return_copy.name(PROGRAMME, record, several) == expected.format(sha=record.sha256[:8])


@pytest.mark.parametrize(
    ("status", "finding", "state", "wanted"),
    [
        (Status.RETURNED, C04, State.OPEN, True),
        (Status.PENDING, P05, State.OPEN, True),
        (Status.PENDING, P05, State.EXPLAINED, False),
        (Status.ACCEPTED, P05, State.OPEN, True),
        (Status.ACCEPTED, P05, State.EXPLAINED, False),
        (Status.DUPLICATE, P05, State.OPEN, False),
        (Status.PENDING, make_finding(PROGRAMME, "Z01", rule="P05"), State.OPEN, False),
    ],
)
def test_only_what_the_district_can_settle_is_sent_back(status: str, finding: Finding, state: State, wanted: bool) -> None:
    record = with_findings(_in_state(finding, state), status=status).record
    assert return_copy.is_wanted(PROGRAMME, record) == wanted


def _in_state(finding: Finding, state: State, **fields: str) -> Finding:
    return dataclasses.replace(finding, state=state, **fields)


def test_the_sheet_reads_as_the_office_words_it() -> None:
    office = Office("陈某", "0577-11111111", {LUCHENG: "鹿城区科学技术局"})
    sheet = answer_sheet(opened(sent_return().copy(view(office, dt.date(2025, 4, 8)))))
    written = texts(sheet)
    assert sheet.title == "审核说明"
    assert written[:4] == [
        "“科技副总”工作情况报表审核反馈",
        "报送单位：鹿城区科学技术局　报告期：截至2024年6月底　收到时间：2025年4月3日09:00",
        "审核结果：退回。有强制性审核意见2条、核实性审核意见0条，请改正后重新报送。",
        "请于2025年4月8日前报回。联系人：陈某，电话：0577-11111111。",
    ]
    assert written[4:14] == [
        "序号", "等级", "位置（点击跳转）", "指标", "表中数", "对照数", "审核意见", "处理要求", "说明（请在此填写）", "编号",
    ]  # fmt: skip
    assert "办理要求：" in written
    assert "4.累计数减少、确需核减的：保留核减后的数，在“说明”栏写明核减数量和原因，由市科技局认定后生效。" in written
    assert "补充说明（改正后另有核减等情况的，在此写明，免得再次往返）" in written


def test_what_the_settings_do_not_say_is_left_out() -> None:
    plain = texts(answer_sheet(opened(sent_return().copy())))
    assert plain[3] == "序号"
    phone = texts(answer_sheet(opened(sent_return().copy(view(Office(phone="0577-11111111"))))))
    assert phone[3] == "电话：0577-11111111。"


def test_each_finding_has_a_line_with_a_link_to_its_cell() -> None:
    workbook = opened(sent_return().copy())
    sheet = answer_sheet(workbook)
    assert [(line[1], line[2], line[3], line[4], line[5], line[8], line[9]) for line in lines(sheet)] == [
        ("强制性", "D5", "开展技术攻关项目数", "约30", "—", "请直接改正", "C04"),
        ("强制性", "E5", "促成科技成果转化数", 5, 7, None, "P01"),
    ]
    row = row_with(sheet, "序号") + 1
    link = sheet.cell(row, 3).hyperlink
    assert link is not None
    assert (link.location, link.target) == ("'附件2'!D5", None)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("2025年6月", "“2025年6月”D5"), ("鹿城区2025年上半年科技副总工作情况统计表（定稿）", "“鹿城区2025…”D5")],
    ids=["fits", "too long"],
)
def test_a_place_stands_on_one_line_and_leads_to_its_sheet_however_long_the_name(name: str, shown: str) -> None:
    book = load_workbook(io.BytesIO(write_return(FLAWED)))
    book["附件2"].title = name
    book.create_sheet("其他")
    content = io.BytesIO()
    book.save(content)
    sheet = answer_sheet(opened(sent("鹿城区2024年6月.xlsx", content.getvalue()).copy()))
    place = sheet.cell(row_with(sheet, "序号") + 1, 3)
    assert (place.value, place.hyperlink and place.hyperlink.location) == (shown, f"'{name}'!D5")


def test_what_may_be_explained_is_yellow_and_open_the_rest_grey_and_locked() -> None:
    sheet = answer_sheet(opened(sent_return().copy()))
    first = row_with(sheet, "序号") + 1
    correct, explain = sheet.cell(first, 9), sheet.cell(first + 1, 9)
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    assert (correct.fill.fgColor.rgb[2:], correct.protection.locked) == ("E7E6E6", True)
    assert (explain.fill.fgColor.rgb[2:], explain.protection.locked) == ("FFF9DB", False)
    prompts = {str(dv.sqref): (dv.promptTitle, dv.prompt) for dv in sheet.data_validations.dataValidation if dv.prompt}
    assert prompts == {explain.coordinate: ("填写说明", "请写明具体原因，不少于6个字；核减的写明数量。")}


def test_cells_in_question_are_filled_by_the_gravest_grade_and_commented() -> None:
    workbook = opened(
        with_findings(
            P05,
            make_finding(PROGRAMME, "P10", sheet="附件2", cell="D5", indicator="projects", other_indicator="促成科技成果转化数"),
        ).copy()
    )
    cell = workbook["附件2"]["D5"]
    assert cell.fill.fgColor.rgb[2:] == "FFEB9C"
    assert cell.comment.author == "市科技局"
    query, hint = cell.comment.text.split("\n")
    assert query == f"【核实性】{P05.message}{P05.fix}（P05）"
    assert hint.startswith("【提示性】")
    assert workbook["附件2"]["E5"].fill.fill_type is None


def test_hints_stand_apart_at_the_end() -> None:
    sheet = answer_sheet(opened(with_findings(F06, P05).copy()))
    assert [line[9] for line in lines(sheet)] == ["P05"]
    title = row_with(sheet, "以下为提示，不必回复")
    assert title > row_with(sheet, "补充说明（改正后另有核减等情况的，在此写明，免得再次往返）")
    assert sheet.cell(title + 1, 7).value == F06.message


def test_what_is_for_the_city_alone_is_not_shown() -> None:
    city = [make_finding(PROGRAMME, "Z01", rule="P05"), C09]
    workbook = opened(with_findings(P05, *city).copy())
    assert [line[9] for line in lines(answer_sheet(workbook))] == ["P05"]
    assert not any(f.message in text for f in city for text in texts(answer_sheet(workbook)))
    assert "C09" not in workbook["附件2"]["D5"].comment.text


def test_another_district_is_not_named() -> None:
    told = make_finding(PROGRAMME, "P03", sheet="附件2", cell="C5:F5", other="瑞安市", period="2024年6月底")
    told = dataclasses.replace(told, outward=told.message.replace("瑞安市", "另一地区"), expected="瑞安市")
    workbook = opened(with_findings(told, status="pending").copy())
    everything = texts(answer_sheet(workbook)) + [c.comment.text for r in workbook["附件2"].iter_rows() for c in r if c.comment]
    assert any("另一地区" in text for text in everything)
    assert not any("瑞安市" in text for text in everything)


def test_an_explanation_that_was_not_taken_stands_in_its_cell_and_the_reason_in_the_message() -> None:
    refused = _in_state(P05, State.OPEN, explanation="属实", note="说明未采用：只写了“属实”，没有具体原因")
    sheet = answer_sheet(opened(with_findings(refused, status="pending").copy()))
    (line,) = lines(sheet)
    assert line[8] == "属实"
    assert line[6] == f"{P05.message}\n说明未采用：只写了“属实”，没有具体原因。"
    assert texts(sheet)[2] == "审核结果：待说明。有核实性审核意见1条，请说明或改正后重新报送。"


def test_a_file_that_cannot_be_read_comes_as_its_findings_alone() -> None:
    before = sent("鹿城区_2024年6月.xlsx", b"PK\x03\x04broken")
    unread = before.changed(status="returned", findings=before.submission.findings, district=LUCHENG, period=JUNE)
    workbook = opened(unread.copy())
    assert workbook.sheetnames == ["审核说明"]
    assert [line[9] for line in lines(answer_sheet(workbook))] == ["F01"]
