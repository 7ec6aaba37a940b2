"""The validation report as a workbook: as committed, and cell by cell what wording.md 7.2 asks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.model import Finding
from pipeline.model.view import PeriodView
from pipeline.products.report import book as report_book
from schemas.programme import Programme
from tests.support import busy, golden, views
from tests.support.workbooks import opened, printed_around, rows, table, texts

FINDINGS = (
    "序号｜区域｜等级｜规则编号｜规则名称｜文件｜工作表｜单元格｜指标｜表中数｜对照数｜审核意见｜处理要求｜办结方式｜办理情况"
)
DECISIONS = (
    "序号｜区域｜指标｜规则编号｜审核意见｜报送数｜对照数｜审核说明｜"
    "说明人｜说明方式｜说明时间｜认定结果｜认定人｜认定时间｜依据｜通报用语"
)
FILES = "序号｜文件｜收到时间｜识别结果｜区域｜报告期｜状态｜说明"
STATES = "区域｜状态｜已选派企业数｜技术攻关项目数｜成果转化数｜研发机构数｜版次｜收到时间｜标注"


@pytest.fixture(scope="module")
def view(programme: Programme) -> PeriodView:
    return busy.busy_view(programme)


def _with_findings(programme: Programme, *findings: Finding) -> PeriodView:
    """A period in which 鹿城区 sent one file with these findings, and nobody else anything."""
    view = views.make_view(programme, busy.PERIOD, {})
    file = busy.file_of("a.xlsx", "pending", *findings, district="鹿城区")
    first = replace(view.districts[0], state="待说明", latest=file, files=1)
    return replace(view, districts=(first, *view.districts[1:]), files=(file,))


def test_workbook_is_the_committed_one(programme: Programme, view: PeriodView) -> None:
    found = report_book.render(programme, view)
    assert golden.differences(golden.path_of("report_book").read_bytes(), found) == ""


def test_two_writes_are_the_same_bytes(programme: Programme) -> None:
    first, second = (report_book.render(programme, busy.busy_view(programme)) for _ in range(2))
    assert first == second


def test_sheets_stand_in_order(programme: Programme, view: PeriodView) -> None:
    names = opened(report_book.render(programme, view)).sheetnames
    assert names == ["总览", "状态一览", "审核意见", "说明与认定", "文件清单"]


@pytest.mark.parametrize(
    ("sheet", "heads"), [("状态一览", STATES), ("审核意见", FINDINGS), ("说明与认定", DECISIONS), ("文件清单", FILES)]
)
def test_headers_are_those_of_the_wording(programme: Programme, view: PeriodView, sheet: str, heads: str) -> None:
    assert heads.split("｜") in rows(opened(report_book.render(programme, view))[sheet])


def test_every_page_says_it_is_internal(programme: Programme, view: PeriodView) -> None:
    found = {printed_around(sheet) for sheet in opened(report_book.render(programme, view))}
    assert found == {("内部资料，不得外传", "第&P页　共&N页")}


def test_overview_counts_concludes_and_says_who_has_to_act(programme: Programme, view: PeriodView) -> None:
    found = rows(opened(report_book.render(programme, view))["总览"])
    top = found.index(["应报", "审核通过", "待说明", "待认定", "退回", "未报", "免报"])
    assert found[top + 1] == [12, 8, 1, 1, 1, 1, 1]
    said = [str(row[0]) for row in found[top + 2 :] if row]
    assert said[0] == "尚有4个地区未审核通过，暂不能定稿：龙湾区、瓯海区、洞头区、乐清市。"
    assert said.index("请报送单位办理") < said.index("1.乐清市：尚未收到报表。") < said.index("请市科技局经办人办理")
    assert "未作比较的事项" in said


def test_a_value_keeps_its_number_and_shows_the_grade_behind_it(programme: Programme, view: PeriodView) -> None:
    sheet = opened(report_book.render(programme, view))["状态一览"]
    row = next(row for row in sheet.iter_rows() if row[0].value == "鹿城区")
    assert (row[3].value, row[3].number_format, row[3].fill.fgColor.rgb) == (15, '0"（提）"', "FFDDEBF7")
    assert (row[4].value, row[4].number_format, row[4].fill.fill_type) == (10, "0", None)


def test_a_cell_without_a_number_is_never_zero(programme: Programme, view: PeriodView) -> None:
    found = {
        row["区域"]: list(row.values())[1:6] for row in table(opened(report_book.render(programme, view))["状态一览"], "区域")
    }
    assert found["龙湾区"] == ["退回", 74, "—（强、核）", 57, 45]
    assert found["乐清市"] == ["未报"] * 5
    assert found["海经区"] == ["免报"] * 5
    assert found["洞头区"][0] == "待认定（核）"


def test_every_finding_has_its_row(programme: Programme, view: PeriodView) -> None:
    found = table(opened(report_book.render(programme, view))["审核意见"], "序号")
    assert [(row["区域"], row["规则编号"]) for row in found] == [
        ("鹿城区", "C01"),
        ("鹿城区", "F12"),
        ("龙湾区", "C06"),
        ("龙湾区", "S12"),
        ("瓯海区", "P02"),
        ("洞头区", "F17"),
        ("瑞安市", "F07"),
        ("永嘉县", "C06"),
        ("不明", "F03"),
    ]
    assert list(found[2].values())[2:] == [
        "强制性",
        "C06",
        "应为非负整数",
        "龙湾区2024年9月.xlsx",
        "附件2",
        "D6",
        "技术攻关项目数",
        "-3",
        None,
        "D6为-3，应为不小于0的整数。",
        programme.rules["C06"].fix,
        "更正重报",
        "未办理",
    ]


@pytest.mark.parametrize(
    ("rule", "state", "closes", "progress"),
    [
        ("C06", "open", "更正重报", "未办理"),
        ("P02", "open", "更正或说明", "未办理"),
        ("P02", "explained", "更正或说明", "已说明"),
        ("P01", "explained", "更正，或说明后由市科技局认定", "待认定"),
        ("P01", "approved", "更正，或说明后由市科技局认定", "同意认定"),
        ("P01", "refused", "更正，或说明后由市科技局认定", "不予认定"),
        ("F17", "open", "市科技局处理", "待认定"),
        ("C01", "open", "无需处理", "—"),
    ],
)
def test_how_a_finding_closes_and_how_far_it_is(programme: Programme, rule: str, state: str, closes: str, progress: str) -> None:
    view = _with_findings(programme, busy.finding(programme, rule, state=state))
    (row,) = table(opened(report_book.render(programme, view))["审核意见"], "序号")
    assert (row["办结方式"], row["办理情况"]) == (closes, progress)


@pytest.mark.parametrize(("rule", "fill"), [("C06", "FFFFC7CE"), ("P02", "FFFFEB9C"), ("C01", "FFDDEBF7")])
def test_grades_have_their_fill_beside_the_word(programme: Programme, rule: str, fill: str) -> None:
    sheet = opened(report_book.render(programme, _with_findings(programme, busy.finding(programme, rule))))["审核意见"]
    label = {"C06": "强制性", "P02": "核实性", "C01": "提示性"}[rule]
    assert [cell.fill.fgColor.rgb for row in sheet.iter_rows() for cell in row if cell.value == label] == [fill]


@pytest.mark.parametrize(
    "observed",
    ["=1+1", "+1", "@x", "https://example.org", "007", "{=A1}", "_x0041_", " 3 ", "a\nb", "<b>&", "1e5"],
)
def test_what_a_district_wrote_stays_text(programme: Programme, observed: str) -> None:
    view = _with_findings(programme, busy.finding(programme, "C11", "projects", "D5", observed=observed))
    sheet = opened(report_book.render(programme, view))["审核意见"]
    found = [cell for row in sheet.iter_rows() for cell in row if cell.value == observed]
    assert [(cell.data_type, cell.hyperlink) for cell in found] == [("s", None)]


@pytest.mark.parametrize("observed", ["长" * 40_000, "\ud800", "\x00\x07", "\ufffe", "\u202egnp.xslx"])
def test_what_no_cell_can_hold_is_written_as_it_can_be_shown(programme: Programme, observed: str) -> None:
    view = _with_findings(programme, busy.finding(programme, "C11", "projects", "D5", observed=observed))
    (row,) = table(opened(report_book.render(programme, view))["审核意见"], "序号")
    shown = str(row["表中数"])
    assert shown != observed
    assert shown.endswith("…") or shown.startswith(("\\x", "\\u"))


def test_files_are_listed_with_what_became_of_them(programme: Programme, view: PeriodView) -> None:
    found = {
        row["文件"]: list(row.values())[3:7] for row in table(opened(report_book.render(programme, view))["文件清单"], "序号")
    }
    assert len(found) == len(view.files)
    assert found["盖章件/鹿城区.pdf"] == ["随附材料", "鹿城区", "2024年9月底", "—"]
    assert found["瑞安市（再次）.xlsx"][0] == "重复文件"
    assert found["附件2.xlsx"] == ["报表", "不明", "不明", "退回"]
    assert found["龙湾区2024年9月.xlsx"][3] == "退回"


def test_a_period_without_any_return(programme: Programme) -> None:
    book = opened(report_book.render(programme, views.make_view(programme, busy.PERIOD, {})))
    assert "本期尚未收到报表。" in texts(book["总览"])
    assert "无审核意见。" in texts(book["审核意见"])
    assert "没有审核说明和认定。" in texts(book["说明与认定"])
    assert "没有收到文件。" in texts(book["文件清单"])


def test_another_citys_report(second_programme: Programme) -> None:
    book = opened(report_book.render(second_programme, views.other_city_view(second_programme)))
    shorts = [indicator.short for indicator in second_programme.indicators]
    assert ["区域", "状态", *shorts, "版次", "收到时间", "标注"] in rows(book["状态一览"])
    assert not any("科技副总" in text for sheet in book for text in texts(sheet))
