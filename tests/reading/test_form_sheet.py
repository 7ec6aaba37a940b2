"""A template that comes back: 填报信息, 情况说明 and the previous values beside the table, and what the checks make of them."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.model import Answer, FormInfo, Known, PeriodMention, Reading, Submission
from pipeline.model.view import Office
from pipeline.products.template import render
from pipeline.reading.read import read_submission
from pipeline.rules.judging.batch import check_batch
from pipeline.rules.place import place
from schemas.programme import Programme, load_programme
from tests.support.filled_templates import BEFORE, JUNE, MARCH, OUHAI, fill, saved, template
from tests.support.judging import calendar, history, rules

PROGRAMME = load_programme()
NOW = dt.datetime(2025, 7, 3, 2, 0, tzinfo=dt.UTC)
GOOD = (70, 118, 45, 33)
NAME = f"{OUHAI}_2025-06-30_报表.xlsx"
ENTERPRISES, PROJECTS = PROGRAMME.indicators[0].name, PROGRAMME.indicators[1].name


def read(content: bytes, name: str = NAME) -> Reading:
    return read_submission(name, content, PROGRAMME)


def filled(values: Sequence[object] = GOOD, *args: Any, **words: Any) -> Reading:
    return read(fill(template(PROGRAMME), values, *args, **words))


def judged(reading: Reading, known: Known | None = None) -> Submission:
    days = calendar(today=NOW.date())
    known = known or Known(history=history((OUHAI, MARCH, BEFORE)))
    return check_batch([(place(reading, days), NOW)], known, days)[0]


# --- 填报信息


def test_the_second_sheet_says_who_and_what() -> None:
    info = filled(info={"补充说明": "更正上次错列", "报送类型": "更正", "本期有无新增": "有"}).form
    prefilled = {i: str(value) for i, value in zip(PROGRAMME.indicator_ids, BEFORE, strict=True)}
    assert info == FormInfo("张某", (), "更正", False, "更正上次错列", PROGRAMME.template_version, prefilled)


@pytest.mark.parametrize(
    ("blank", "missing"),
    [
        (["审核人"], ("审核人",)),
        (["联系电话", "填报人"], ("填报人", "联系电话")),
        (["单位负责人", "报出日期", "填报单位"], ()),
    ],
    ids="+".join,
)
def test_blank_fields_are_missing(blank: list[str], missing: tuple[str, ...]) -> None:
    assert filled(info=dict.fromkeys(blank)).form.missing == missing


def test_no_increase_is_told() -> None:
    assert filled(info={"本期有无新增": "无"}).form.nothing_new


def test_a_date_that_became_a_date_is_no_period() -> None:
    reading = filled(info={"报出日期": dt.datetime(2025, 7, 31)})
    says = [e.says for e in reading.periods]
    assert {mention.as_of for mention in says if isinstance(mention, PeriodMention)} == {JUNE}


def test_period_and_district_are_evidence() -> None:
    reading = read(fill(template(PROGRAMME), GOOD), "附件2.xlsx")
    placed = place(reading, calendar(today=NOW.date()))
    assert (placed.district, placed.period, placed.findings) == (OUHAI, JUNE, ())


def test_a_day_that_ends_no_month_is_a_period_where_templates_say_so() -> None:
    content = render(PROGRAMME, OUHAI, dt.date(2025, 7, 15), None, Office(), None)
    (evidence,) = read(fill(content, GOOD), "附件2.xlsx").periods
    assert isinstance(evidence.says, PeriodMention)
    assert (evidence.source, evidence.says.as_of) == ("form_info", dt.date(2025, 7, 15))


@pytest.mark.parametrize(
    ("info", "name", "rule", "says"),
    [
        ({"填报单位": "龙湾区科学技术局"}, NAME, "F03", "填报信息为“瓯海区”，填报单位为“龙湾区科学技术局”"),
        ({"填报地区": "龙湾区"}, NAME, "F03", "填报信息为“龙湾区”"),
        ({"报告期": "截至2025年9月底"}, NAME, "F04", "填报信息为“截至2025年9月底”"),
        ({}, f"{OUHAI}2025年9月.xlsx", "F04", "填报信息为“截至2025年6月底”"),
    ],
)
def test_what_contradicts_the_template_is_told(info: dict[str, object], name: str, rule: str, says: str) -> None:
    submission = judged(read(fill(template(PROGRAMME), GOOD, info), name))
    (finding,) = (f for f in submission.findings if f.rule == rule)
    assert says in finding.message


# --- 情况说明

CASES: dict[str, tuple[Sequence[object], dict[str, Any]]] = {
    "a reduction": (
        (PROJECTS, "核减", 3, "企业迁出温州，核减3项"),
        {"matter": "reduction", "indicator": "projects", "amount": "3", "text": "企业迁出温州，核减3项"},
    ),
    "all indicators": (("四项合计", "本期无新增", None, "上半年集中安排"), {"matter": "nothing_new", "text": "上半年集中安排"}),
    "no matter": ((ENTERPRISES, None, None, "集中签约"), {"indicator": "enterprises", "text": "集中签约"}),
    "a matter of its own": (
        (ENTERPRISES, "口径调整", None, "按新口径"),
        {"indicator": "enterprises", "text": "“口径调整”：按新口径"},
    ),
    "an indicator of its own": (("人才数", "其他", None, "集中引进"), {"matter": "other", "text": "“人才数”：集中引进"}),
    "no reason": ((ENTERPRISES, "增幅较大", "20家", None), {"matter": "increase", "indicator": "enterprises", "amount": "20家"}),
}


@pytest.mark.parametrize(("line", "answer"), CASES.values(), ids=CASES)
def test_a_line_of_the_third_sheet_is_an_answer(line: Sequence[object], answer: dict[str, Any]) -> None:
    assert filled(reasons=[line]).answers == (Answer(**{"text": "", "sheet": "情况说明", "cell": "E3"} | answer),)


def test_the_same_again_takes_the_reason_above() -> None:
    answers = filled(reasons=[(ENTERPRISES, "核减", 2, "企业迁出温州"), (), (PROJECTS, "核减", 3, "同上")]).answers
    assert [(a.indicator, a.text, a.cell) for a in answers] == [
        ("enterprises", "企业迁出温州", "E3"),
        ("projects", "企业迁出温州", "E5"),
    ]


def test_blank_lines_answer_nothing() -> None:
    assert filled().answers == ()


# --- the previous values


def test_previous_values_are_read_as_they_stand() -> None:
    workbook = load_workbook(io.BytesIO(fill(template(PROGRAMME), GOOD)))
    form = workbook["附件2"]
    form["H5"].value, form["H6"].value, form["H7"].value = 49, "约110", None
    assert read(saved(workbook)).form.prefilled == dict(
        zip(PROGRAMME.indicator_ids, ("49", "约110", "", str(BEFORE[3])), strict=True)
    )


def test_a_first_template_has_none() -> None:
    assert read(fill(template(PROGRAMME, before=None), GOOD)).form.prefilled == {}


# --- what the checks make of it


def test_a_filled_template_has_no_findings() -> None:
    submission = judged(filled())
    assert (str(submission.status), submission.findings) == ("accepted", ())


def test_a_blank_template_is_not_taken_for_a_report_of_nothing() -> None:
    submission = judged(read(template(PROGRAMME)))
    assert str(submission.status) == "returned"
    assert "C02" in rules(submission)


@pytest.mark.parametrize(
    ("values", "info", "reasons", "rule", "state"),
    [
        ((55, 107, 45, 33), {}, [(PROJECTS, "核减", 3, "项目承担企业迁出温州")], "P01", "explained"),
        ((55, 107, 45, 33), {}, [(PROJECTS, "增幅较大", 3, "项目承担企业迁出温州")], "P01", "open"),
        ((55, 107, 45, 33), {}, [(PROJECTS, "核减", "减少3项", None)], "P01", "open"),
        ((55, 107, 45, 33), {}, [(PROJECTS, "核减", "减少3项", "情况属实")], "P01", "open"),
        ((55, 107, 45, 33), {}, [(ENTERPRISES, "核减", 3, "项目承担企业迁出温州")], "P01", "open"),
        (BEFORE, {"本期有无新增": "无"}, [], "P02", "explained"),
        (BEFORE, {}, [("四项合计", "本期无新增", None, "上半年没有安排选派")], "P02", "explained"),
    ],
)
def test_the_template_explains_in_advance(
    values: Sequence[int], info: dict[str, object], reasons: list[Sequence[object]], rule: str, state: str
) -> None:
    december, before = dt.date(2024, 12, 31), tuple(value - 5 for value in BEFORE)
    known = Known(history=history((OUHAI, december, before), (OUHAI, MARCH, BEFORE)))
    submission = judged(filled(values, info, reasons), known)
    (finding,) = (f for f in submission.findings if f.rule == rule)
    assert finding.state == state


def test_another_template_version_is_a_hint() -> None:
    submission = judged(filled(info={"模板版本": "2023.9"}))
    assert [(f.rule, f.observed) for f in submission.findings] == [("F16", "2023.9")]


def test_without_the_second_sheet_the_lines_under_the_table_speak() -> None:
    workbook = load_workbook(io.BytesIO(fill(template(PROGRAMME), GOOD)))
    del workbook["填报信息"]
    form = workbook["附件2"]
    form["B20"].value, form["B21"].value, form["B22"].value = "瓯海区科技局", "王某", None
    info = read(saved(workbook)).form
    assert (info.version, "联系电话" in info.missing, "审核人" in info.missing) == ("", True, False)


def test_another_city_s_template_comes_back(second_programme: Programme) -> None:
    content = render(second_programme, "青禾市", JUNE, None, Office(), None)
    sent = fill(content, (18, 22, 3), reasons=[("三项合计", "本期无新增", None, "农忙没有安排")], district="青禾市")
    reading = read_submission("附表3.xlsx", sent, second_programme)
    assert [(answer.indicator, answer.matter) for answer in reading.answers] == [(None, "nothing_new")]
    days = calendar(second_programme, today=NOW.date())
    submission = check_batch([(place(reading, days), NOW)], Known(), days)[0]
    assert (submission.district, submission.period, submission.findings) == ("青禾市", JUNE, ())
