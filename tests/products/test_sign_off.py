"""审签单 of the working papers: what is signed, and the boxes to sign in (wording.md 6)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.model import Acceptance, AcceptanceCheck, Grade, Result
from pipeline.model.view import PeriodView
from pipeline.products import working_papers
from schemas.programme import Programme
from tests.support import busy, views
from tests.support.workbooks import opened, texts

LABELS = "通报名称｜数据截止日期｜应报/已报地区｜缺报地区及理由｜核减、更正事项｜未办结审核意见｜定稿前验收结果"
SIGNED = ["经办人意见", "审核意见", "审定意见"]


def _sheet(programme: Programme, view: PeriodView) -> Worksheet:
    return opened(working_papers.render(programme, view))["审签单"]


def _matters(programme: Programme, view: PeriodView) -> dict[object, object]:
    return {row[0].value: row[1].value for row in _sheet(programme, view).iter_rows()}


def _accepted(view: PeriodView, *failed: tuple[Grade, Result]) -> PeriodView:
    """The view with a gate of nine checks, some of them not met."""
    met = [(Grade.ERROR, Result.MET)] * (9 - len(failed))
    checks = tuple(AcceptanceCheck("item", "B01", grade, result, "13", "12") for grade, result in (*met, *failed))
    return replace(view, acceptance=Acceptance(checks))


def test_matters_and_boxes_stand_in_the_order_of_the_wording(programme: Programme) -> None:
    found = list(_matters(programme, views.full_view(programme)))
    assert found[0] == "“科技副总”工作情况通报审签单"
    assert found[2:-1] == [*LABELS.split("｜"), *SIGNED]
    assert found[-1] == "本单由系统生成，签名栏由本人签署；审定后方可定稿、印发。"


def test_it_is_one_portrait_page_with_room_to_sign(programme: Programme) -> None:
    sheet = _sheet(programme, views.restated_view(programme))
    page, fit = sheet.page_setup, sheet.sheet_properties.pageSetUpPr
    assert (page.paperSize, page.orientation, page.fitToHeight) == (9, "portrait", None)  # one page is the default
    assert fit
    assert fit.fitToPage
    boxes = [row for row in sheet.iter_rows() if row[0].value in SIGNED]
    assert all("签名：" in str(box[1].value) and "日期：" in str(box[1].value) for box in boxes)
    assert all((sheet.row_dimensions[box[0].row or 0].height or 0) > 90 for box in boxes)


DRAFT = {
    "通报名称": "《温州市委科技创新委员会办公室关于截至2024年9月底“科技副总”工作情况的通报》",
    "数据截止日期": "2024年9月30日",
    "应报/已报地区": "应报13个，已报12个",
    "缺报地区及理由": "乐清市\n理由：\n（若按缺报地区上次数计入，全市完成率为66.8%）",
    "核减、更正事项": "1.鹿城区“已选派‘科技副总’企业数”核减2家。\n2.鹿城区“促成科技成果转化数”核减2项。",
    "未办结审核意见": "无",
    "定稿前验收结果": "未验收",
}


def test_a_draft_with_a_missing_district_leaves_the_reason_to_be_written_in(programme: Programme) -> None:
    found = _matters(programme, views.missing_view(programme))
    assert {label: found[label] for label in DRAFT} == DRAFT


def test_an_issue_states_why_a_district_may_be_missing(programme: Programme) -> None:
    found = _matters(programme, views.issued_view(programme))["缺报地区及理由"]
    assert found == "乐清市\n理由：机构改革，数据正在核对\n（若按缺报地区上次数计入，全市完成率为66.8%）"


def test_a_missing_district_without_any_earlier_value(programme: Programme) -> None:
    view = replace(views.missing_view(programme), history={}, previous=None)
    assert "（有缺报地区没有上次数，未作测算）" in str(_matters(programme, view)["缺报地区及理由"])


def test_a_restatement_lists_what_is_corrected_and_what_came_in(programme: Programme) -> None:
    found = _matters(programme, views.restated_view(programme))
    assert found["通报名称"] == "《温州市委科技创新委员会办公室关于更正截至2024年9月底“科技副总”工作情况通报有关数据的通知》"
    assert str(found["核减、更正事项"]).split("\n")[:5] == [
        "1.鹿城区“已选派‘科技副总’企业数”核减3家：重复计数。",
        "2.鹿城区“促成科技成果转化数”核减2项。",
        "3.鹿城区“已选派‘科技副总’企业数”由6家更正为5家，原因是重复计数。",
        "4.瓯海区“开展技术攻关项目数”由55项更正为57项，原因是数据填报有误。",
        "5.乐清市补报“已选派‘科技副总’企业数”94家。",
    ]
    assert found["缺报地区及理由"] == "无"


def test_more_than_a_form_has_room_for_is_counted(programme: Programme) -> None:
    view = views.restating_view(programme)
    more = {place: replace(source, value=source.value + 1) for place, source in view.values.items() if place[0] == "平阳县"}
    lines = str(_matters(programme, replace(view, values={**view.values, **more}))["核减、更正事项"]).split("\n")
    assert (len(lines), lines[-1]) == (11, "共12项，其余见通报表。")


def test_what_is_open_is_counted_with_whose_it_is(programme: Programme) -> None:
    found = _matters(programme, busy.busy_view(programme))
    assert found["未办结审核意见"] == "强制性3条、核实性3条（龙湾区、瓯海区、洞头区、永嘉县、未识别地区的文件）"
    assert found["应报/已报地区"] == "应报12个，已报8个（另有免报1个）"


@pytest.mark.parametrize(
    ("failed", "said"),
    [
        ((), "通过，9项"),
        (((Grade.ERROR, Result.NOT_MET), (Grade.QUERY, Result.UNDONE)), "未通过，2项"),
        (((Grade.QUERY, Result.NOT_MET),), "通过，9项（1项有核实性意见，已写明理由）"),
    ],
)
def test_the_gate(programme: Programme, failed: tuple[tuple[Grade, Result], ...], said: str) -> None:
    assert _matters(programme, _accepted(views.issued_view(programme), *failed))["定稿前验收结果"] == said


def test_the_gate_of_the_earlier_issue_is_not_that_of_the_restatement(programme: Programme) -> None:
    assert _matters(programme, _accepted(views.restating_view(programme)))["定稿前验收结果"] == "未验收"


def test_another_citys_sheet(second_programme: Programme) -> None:
    found = texts(_sheet(second_programme, views.other_city_view(second_programme)))
    assert "《云泽州科技特派员工作联席会议办公室关于截至2026年6月底“科技特派员”工作情况的通报》" in found
    assert any("全州完成率为" in text for text in found)
