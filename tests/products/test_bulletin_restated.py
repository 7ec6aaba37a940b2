"""更正情况 and what else the bulletin says of a restatement: the issue it corrects beside the values in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import pytest

from pipeline.model import Imprint
from pipeline.model.view import PeriodView
from pipeline.products import bulletin
from pipeline.products.figures.restatement import restatement
from schemas.programme import Programme
from tests.support import views
from tests.support.workbooks import opened, rows, table, texts

TIME = dt.datetime(2024, 10, 18, 2, tzinfo=dt.UTC)
ENTERPRISES, PROJECTS = "已选派“科技副总”企业数（家）", "开展技术攻关项目数（项）"


def _sheet(programme: Programme, view: PeriodView) -> list[dict[str, object]]:
    return table(opened(bulletin.render(programme, view))["更正情况"], "序号")


def _notes(programme: Programme, view: PeriodView, sheet: str = "更正情况") -> str:
    return next(text for text in texts(opened(bulletin.render(programme, view))[sheet]) if text.startswith("注："))


def _remark(programme: Programme, view: PeriodView, sheet: str, district: str) -> object:
    found = next(row for row in rows(opened(bulletin.render(programme, view))[sheet]) if district in row[:2])
    return found[-1]


def test_the_sheet_stands_last_and_only_with_a_restatement(programme: Programme) -> None:
    names = {
        view: opened(bulletin.render(programme, getattr(views, view)(programme))).sheetnames
        for view in ("full_view", "issued_view", "restating_view", "restated_view")
    }
    usual = ["进度表", "位次表", "成效表", "附件2", "全市目标", "走势"]
    assert names == {
        "full_view": usual,
        "issued_view": usual,
        "restating_view": [*usual, "更正情况"],
        "restated_view": [*usual, "更正情况"],
    }


def test_title_and_heads_are_those_of_the_wording(programme: Programme) -> None:
    found = texts(opened(bulletin.render(programme, views.restated_view(programme)))["更正情况"])
    assert found[:2] == ["附件4", "截至2024年9月底“科技副总”工作情况数据更正表"]
    assert found[2:10] == ["序号", "区域", "指标名称", "原通报数", "更正数", "增减", "更正原因", "位次变化"]


@pytest.mark.parametrize("name", ["restating_view", "restated_view"])
def test_every_changed_value_stands_beside_the_one_issued(programme: Programme, name: str) -> None:
    found = [list(row.values())[1:] for row in _sheet(programme, getattr(views, name)(programme))]
    assert found == [
        ["鹿城区", ENTERPRISES, 6, 5, -1, "重复计数", "由第12位变为第13位"],
        ["瓯海区", PROJECTS, 55, 57, 2, "数据填报有误", "—"],
        ["乐清市", ENTERPRISES, "未报", 94, "—", "补报", "居第7位"],
        ["乐清市", PROJECTS, "未报", 206, "—", "补报", "—"],
        ["乐清市", "促成科技成果转化数（项）", "未报", 107, "—", "补报", "—"],
        ["乐清市", "新建市级及以上研发机构数（家）", "未报", 53, "—", "补报", "—"],
    ]


def test_districts_that_others_moved_are_named_below(programme: Programme) -> None:
    moved = "永嘉县由第7位变为第8位、泰顺县由第8位变为第9位、海经区由第8位变为第9位、"
    moved += "瑞安市由第10位变为第11位、龙港市由第11位变为第12位"
    assert _notes(programme, views.restated_view(programme)).endswith(f"因上述更正，其他地区位次变化：{moved}。")


IMPRINTS: dict[str, tuple[Imprint | None, str]] = {
    "both": (views.IMPRINT, "本表更正2024年10月18日印发的温市科创办〔2024〕8号所载数据，其余数据不变。"),
    "no date": (Imprint("温市科创办〔2024〕8号", None, "王某", TIME), "本表更正温市科创办〔2024〕8号所载数据，其余数据不变。"),
    "no number": (Imprint("", dt.date(2024, 10, 8), "王某", TIME), "本表更正2024年10月8日印发的通报所载数据，其余数据不变。"),
    "none": (None, "本表更正原通报所载数据，其余数据不变。"),
}


@pytest.mark.parametrize(("imprint", "note"), IMPRINTS.values(), ids=IMPRINTS)
def test_the_note_names_the_bulletin_as_it_was_registered(programme: Programme, imprint: Imprint | None, note: str) -> None:
    view = views.restated_view(programme)
    first = replace(view.issues[0], imprint=imprint)
    assert _notes(programme, replace(view, issues=(first, *view.issues[1:]))).startswith(f"注：{note}")


def test_a_third_issue_corrects_the_second(programme: Programme) -> None:
    second = views.restated_view(programme)
    third = views.issued(_with(second, {("鹿城区", "enterprises"): 6}), reopened="再次核对")
    assert [(row["区域"], row["原通报数"], row["更正数"]) for row in _sheet(programme, third)] == [("鹿城区", 5, 6)]


def _with(view: PeriodView, changed: Mapping[tuple[str, str], int]) -> PeriodView:
    new = {place: replace(view.values[place], value=value) for place, value in changed.items()}
    return replace(view, values={**view.values, **new})


def test_a_value_taken_back_is_missing_again(programme: Programme) -> None:
    view = views.restating_view(programme)
    left = {place: source for place, source in view.values.items() if place[0] != "文成县"}
    row = next(row for row in _sheet(programme, replace(view, values=left)) if row["区域"] == "文成县")
    assert list(row.values())[3:] == [4, "未报", "—", "数据填报有误", "—"]


def test_the_reason_of_the_reopening_stands_where_it_has_no_public_sentence(programme: Programme) -> None:
    view = views.restating_view(programme)
    decisions = tuple(replace(d, wording="") if d.act == "reopen" else d for d in view.decisions)
    assert [row["更正原因"] for row in _sheet(programme, replace(view, decisions=decisions))][1] == "县里来函更正"


def test_a_restatement_that_changes_nothing_says_so(programme: Programme) -> None:
    view = replace(views.issued_view(programme), reopened=True)
    assert "没有更正的数据。" in texts(opened(bulletin.render(programme, view))["更正情况"])


def test_only_corrected_tables_are_marked(programme: Programme) -> None:
    view = views.restated_view(programme)
    marked = {
        sheet: {name for name in ("鹿城区", "瓯海区", "乐清市") if "已更正" in str(_remark(programme, view, sheet, name))}
        for sheet in ("进度表", "成效表")
    }
    assert marked == {"进度表": {"鹿城区"}, "成效表": {"瓯海区"}}
    assert _remark(programme, view, "进度表", "乐清市") == "滞后；补报"


@pytest.mark.parametrize(
    ("restated", "sheet", "other", "who"),
    [
        ((("鹿城区", "enterprises"),), "进度表", "成效表", "鹿城区"),
        ((("鹿城区", "enterprises"), ("文成县", "enterprises")), "进度表", "成效表", "鹿城区、文成县"),
        ((("文成县", "projects"),), "成效表", "进度表", "文成县"),
    ],
)
def test_changes_against_restated_values_are_noted(
    programme: Programme, restated: tuple[tuple[str, str], ...], sheet: str, other: str, who: str
) -> None:
    view = replace(views.missing_view(programme), restated=restated)
    assert f"{who}2024年6月底数已更正，比6月底新增按更正后数计算。" in _notes(programme, view, sheet)
    assert "已更正" not in _notes(programme, view, other)


def test_a_missing_district_has_no_change_to_explain(programme: Programme) -> None:
    view = replace(views.missing_view(programme), restated=(("乐清市", "enterprises"),))
    assert "已更正" not in _notes(programme, view, "进度表")


def test_nothing_is_restated_without_a_reopening(programme: Programme) -> None:
    assert restatement(programme, views.missing_view(programme)) is None
    assert restatement(programme, views.issued_view(programme)) is None


def test_another_citys_restatement(second_programme: Programme) -> None:
    view = replace(views.issued(views.other_city_view(second_programme)), reopened=True)
    found = _sheet(second_programme, _with(view, {("青岩县", second_programme.headline): 20}))
    assert [(row["区域"], row["原通报数"], row["更正数"]) for row in found] == [("青岩县", 21, 20)]
