"""The city's decisions as pure logic: what is open and what is asked → the entry to record, or why not."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from pipeline.decisions import Refused, Request, decide, district_named, indicator_named, named_files
from pipeline.model import Decision, Finding, Grade, State
from pipeline.model.view import FileRecord
from schemas.programme import load_programme

PROGRAMME = load_programme()
PERIOD = dt.date(2024, 12, 31)
NOW = dt.datetime(2025, 1, 8, 2, tzinfo=dt.UTC)
TIME = NOW - dt.timedelta(days=3)
VALUES = {"enterprises": 8, "projects": 30, "transfers": 7, "institutes": 3}
SAID = "企业迁出外市，核减2家"


def finding(rule: str, indicator: str | None = None, state: State = State.OPEN, **more: Any) -> Finding:
    return Finding(rule, PROGRAMME.rules[rule].grade, "审核意见", "处理要求", indicator=indicator, state=state, **more)


def file_of(sha: str, *findings: Finding, status: str = "pending", district: str | None = "鹿城区", **more: Any) -> FileRecord:
    fields: dict[str, Any] = {"received": TIME, "period": PERIOD, "values": VALUES, **more}
    return FileRecord(f"{district}/{sha}.xlsx", sha * 64, status, district=district, findings=findings, **fields)


OPEN = finding("P01", "enterprises")
EXPLAINED = finding("P01", "enterprises", State.EXPLAINED, explanation=SAID)
APPROVED = finding("P01", "enterprises", State.APPROVED, explanation=SAID)
REFUSED = finding("P01", "enterprises", State.REFUSED, explanation=SAID)
QUERY = finding("P05", "projects")
ANSWERED = finding("P05", "projects", State.EXPLAINED, explanation=SAID)
RIVAL = finding("F17")


def asked(act: str, **words: Any) -> Request:
    given = {"by": "张三", "reason": "经研究同意", "district": "鹿城区", "period": PERIOD, **words}
    return Request(act, **given)


def taken(request: Request, *files: FileRecord, names: tuple[str, ...] = (), excused: bool = False) -> Decision:
    return decide(request, files, names, NOW, PROGRAMME, excused)


def refusal(request: Request, *files: FileRecord, names: tuple[str, ...] = (), excused: bool = False) -> str:
    with pytest.raises(Refused) as refused:
        taken(request, *files, names=names, excused=excused)
    return refused.value.text(PROGRAMME)


def test_an_approval_is_bound_to_the_indicator_s_value_and_the_file() -> None:
    decision = taken(asked("approve", rule="P01", basis="来函", wording="核减2家（企业迁出）"), file_of("a", EXPLAINED))
    assert decision == Decision(
        "approve", "张三", NOW, "经研究同意", "来函", "核减2家（企业迁出）", "鹿城区", PERIOD, "P01", "enterprises", "a" * 64,
        {"enterprises": 8},
    )  # fmt: skip


@pytest.mark.parametrize(("rule", "indicator"), [("X02", "institutes"), ("P02", None)])
def test_a_decision_about_the_whole_row_is_bound_to_all_of_it(rule: str, indicator: str | None) -> None:
    decision = taken(asked("explain", rule=rule, reason="研发机构为新建分支机构"), file_of("a", finding(rule, indicator)))
    assert decision.values == VALUES


def test_nothing_that_is_asked_changes_a_number() -> None:
    file = file_of("a", OPEN)
    taken(asked("explain", rule="P01", reason=SAID), file)
    assert dict(file.values) == VALUES


ALLOWED = {
    "explain an open fall": (asked("explain", rule="P01", reason=SAID), OPEN),
    "explain a refused fall anew": (asked("explain", rule="P01", reason=SAID), REFUSED),
    "explain a query": (asked("explain", rule="P05", reason="集中签约一批合作项目"), QUERY),
    "approve an explained fall": (asked("approve", rule="P01"), EXPLAINED),
    "approve after a refusal": (asked("approve", rule="P01"), REFUSED),
    "refuse an explained fall": (asked("refuse", rule="P01"), EXPLAINED),
    "refuse an approved fall after all": (asked("refuse", rule="P01"), APPROVED),
    "refuse an explanation": (asked("refuse", rule="P05"), ANSWERED),
    "approve what a crashed rule left": (asked("approve", rule="Z01"), finding("Z01")),
}


@pytest.mark.parametrize(("request_", "about"), ALLOWED.values(), ids=ALLOWED)
def test_what_a_rule_allows_is_recorded(request_: Request, about: Finding) -> None:
    assert taken(request_, file_of("a", about)).rule == about.rule


NOT_EXPLAINED = "鹿城区2024年底尚无说明；报送单位来电说明的，请先代录电话说明，再认定。"
SETTLED = "鹿城区2024年底没有这条审核意见，或已经办结。"
NOT_ALLOWED = {
    "approve what nobody explained": (asked("approve", rule="P01"), OPEN, NOT_EXPLAINED),
    "approve twice": (asked("approve", rule="P01"), APPROVED, SETTLED),
    "refuse twice": (asked("refuse", rule="P01"), REFUSED, SETTLED),
    "explain what is approved": (asked("explain", rule="P01", reason=SAID), APPROVED, SETTLED),
    "refuse what nobody explained": (
        asked("refuse", rule="P05"), QUERY, "鹿城区2024年底尚无说明，不需办理；退回报表请用“人工退回”。",
    ),
    "approve a query": (asked("approve", rule="P05"), ANSWERED, "规则P05的意见不由市里认定：请报送单位更正或说明。"),
    "explain a negative number": (
        asked("explain", rule="C06", reason=SAID), finding("C06", "projects"), "规则C06的意见须更正后重新报送，不能只作说明。",
    ),
    "approve a negative number": (
        asked("approve", rule="C06"), finding("C06", "projects"), "规则C06的意见不由市里认定：请报送单位更正或说明。",
    ),
    "approve a change of issued values": (
        asked("approve", rule="P07"), finding("P07"), "规则P07的意见不能认定，请按处理要求办理。",
    ),
    "approve one of several files": (
        asked("approve", rule="F17"), RIVAL, "同期多份报表请用“撤回”办理：撤回其余各份，只留一份。",
    ),
    "a finding that is not there": (asked("approve", rule="P08"), OPEN, SETTLED),
    "an indicator without the finding": (asked("approve", rule="P01", indicator="projects"), EXPLAINED, SETTLED),
    "a stock phrase": (
        asked("explain", rule="P05", reason="情况属实。"), QUERY, "说明未采用：只写了“情况属实。”，没有具体原因。",
    ),
    "a fall without its amount": (
        asked("explain", rule="P01", reason="企业迁出外市所致"), OPEN, "说明未采用：没有写明核减数量。",
    ),
    "no rule": (asked("approve"), EXPLAINED, "没有写明规则编号。"),
    "an unknown rule": (asked("approve", rule="P99"), EXPLAINED, "没有规则“P99”。"),
    "an unknown indicator": (asked("approve", rule="P01", indicator="patents"), EXPLAINED, "“patents”不是指标。"),
    "an unknown district": (asked("approve", rule="P01", district="杭州市"), EXPLAINED, "没有“杭州市”这个地区。"),
    "no district": (asked("approve", rule="P01", district=None), EXPLAINED, "没有写明区域。"),
    "no period": (asked("approve", rule="P01", period=None), EXPLAINED, "没有写明报告期。"),
    "no reason": (asked("approve", rule="P01", reason=" "), EXPLAINED, "没有填写理由（办理内容）。"),
    "nobody": (asked("approve", rule="P01", by=" "), EXPLAINED, "没有填写经办人。"),
    "other values than the line was written about": (
        asked("approve", rule="P01", file="a" * 64, bound={"enterprises": 9}), EXPLAINED, "该事项已变化，请重新办理。",
    ),
    "a file that is not there": (asked("withdraw", file="别的.xlsx"), EXPLAINED, "没有找到文件“别的.xlsx”。"),
    "another district's return": (
        asked("withdraw", district="龙湾区"), EXPLAINED, "没有写明文件，或该区域本期没有可办理的报表。",
    ),
    "no time of receipt": (asked("receive"), EXPLAINED, "没有写明收到时间。"),
    "a time of receipt to come": (
        asked("receive", received=NOW + dt.timedelta(hours=1)), EXPLAINED, "收到时间晚于现在。",
    ),
    "an assignment of nothing": (
        asked("assign", district=None, period=None, file="a" * 64), OPEN, "没有写明地区或报告期。",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("request_", "about", "why"), NOT_ALLOWED.values(), ids=NOT_ALLOWED)
def test_what_cannot_be_decided_says_why(request_: Request, about: Finding, why: str) -> None:
    assert refusal(request_, file_of("a", about)) == why


@pytest.mark.parametrize("rule", [rule for rule in PROGRAMME.rules.values() if rule.scope != "bulletin"], ids=lambda r: r.id)
def test_no_decision_settles_what_only_a_corrected_file_or_nobody_does(rule: Any) -> None:
    explained = finding(rule.id, None, State.EXPLAINED, explanation=SAID)
    settled = []
    for act in ("approve", "refuse", "explain"):
        try:
            settled.append(taken(asked(act, rule=rule.id, reason=SAID), file_of("a", explained)).act)
        except Refused:
            continue
    expected = {"approve": ["approve", "refuse", "explain"], "explain": ["refuse", "explain"]}
    only_city = ["approve"] if rule.grade == Grade.QUERY and rule.id != "F17" else []
    assert settled == expected.get(rule.closes, only_city if rule.closes == "city" else [])


@pytest.mark.parametrize("by", ["李四", "张三丰", ""])
def test_only_listed_names_decide(by: str) -> None:
    why = refusal(asked("approve", rule="P01", by=by), file_of("a", EXPLAINED), names=("张三",))
    assert why == (f"{by}不在认定人名单内。" if by else "没有填写经办人。")


def test_a_listed_name_decides_with_blanks_around_it() -> None:
    assert taken(asked("approve", rule="P01", by=" 张三 "), file_of("a", EXPLAINED), names=("张三",)).by == "张三"


def test_the_latest_return_is_the_one_decided_about() -> None:
    old, new = file_of("a", EXPLAINED), file_of("b", EXPLAINED, values={**VALUES, "enterprises": 7})
    assert taken(asked("approve", rule="P01"), old, new).values == {"enterprises": 7}


def test_a_file_that_another_followed_is_decided_about_no_more() -> None:
    old, new = file_of("a", EXPLAINED), file_of("b", OPEN)
    assert refusal(asked("approve", rule="P01", file="a" * 64), old, new) == "该事项已变化，请重新办理。"


def test_a_line_holds_for_a_later_file_with_the_same_value() -> None:
    old, new = file_of("a", EXPLAINED), file_of("b", EXPLAINED, values={**VALUES, "projects": 31})
    decision = taken(asked("approve", rule="P01", file="a" * 64, bound={"enterprises": 8}), old, new)
    assert (decision.sha256, decision.values) == ("b" * 64, {"enterprises": 8})


def test_the_same_file_sent_again_hides_nothing() -> None:
    again = file_of("a", finding("F07"), status="duplicate", values={})
    assert taken(asked("approve", rule="P01", file="aaaaaa"), file_of("a", EXPLAINED), again).values == {"enterprises": 8}


def test_of_rivals_one_is_to_be_named() -> None:
    files = file_of("a", RIVAL, OPEN), file_of("b", RIVAL, OPEN)
    why = "有2份文件符合，请写明是哪一份（文件校验值的前几位）。"
    assert refusal(asked("withdraw"), *files) == why
    assert refusal(asked("explain", rule="P01", reason=SAID), *files) == why
    assert taken(asked("withdraw", file="a.xlsx"), *files).sha256 == "a" * 64
    assert taken(asked("explain", rule="P01", reason=SAID, file="aaaaaaaa"), *files).sha256 == "a" * 64


@pytest.mark.parametrize("status", ["accepted", "pending"])
def test_an_accepted_or_waiting_return_is_sent_back(status: str) -> None:
    decision = taken(asked("return", reason="企业数与名单不符", rule="P05"), file_of("a", QUERY, status=status))
    assert (decision.sha256, decision.rule, decision.values) == ("a" * 64, None, VALUES)


def test_what_is_sent_back_already_is_not_sent_back_again() -> None:
    assert refusal(asked("return"), file_of("a", OPEN, status="returned")) == "该文件已是退回状态。"


def test_a_withdrawn_file_is_decided_about_no_more() -> None:
    gone = file_of("a", EXPLAINED, status="withdrawn")
    assert refusal(asked("approve", rule="P01"), gone) == "没有写明文件，或该区域本期没有可办理的报表。"


def test_the_time_of_receipt_is_that_of_the_first_return() -> None:
    early = dt.datetime(2025, 1, 3, 8, tzinfo=dt.UTC)
    decision = taken(asked("receive", received=early), file_of("a", status="returned"), file_of("b", status="accepted"))
    assert (decision.sha256, decision.received) == ("a" * 64, early)


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("accepted", "鹿城区2024年底已有审核通过的报表，不能作免报处理。"),
        ("returned", "鹿城区2024年底已有报送的报表，请先撤回该报表，再作免报处理。"),
        ("pending", "鹿城区2024年底已有报送的报表，请先撤回该报表，再作免报处理。"),
    ],
)
def test_a_district_that_sent_a_return_is_not_excused(status: str, why: str) -> None:
    assert refusal(asked("excuse"), file_of("a", OPEN, status=status)) == why


@pytest.mark.parametrize("status", ["withdrawn", "attachment"])
def test_a_district_without_a_return_is_excused_once(status: str) -> None:
    assert taken(asked("excuse"), file_of("a", status=status)).sha256 is None
    assert refusal(asked("excuse"), excused=True) == "鹿城区2024年底已是免报。"


def test_an_excuse_is_taken_back_where_there_is_no_return() -> None:
    assert taken(asked("withdraw"), excused=True).sha256 is None
    assert taken(asked("withdraw"), file_of("a", OPEN, status="returned"), excused=True).sha256 == "a" * 64
    assert refusal(asked("withdraw")) == "没有写明文件，或该区域本期没有可办理的报表。"


def test_a_file_without_a_place_is_given_one() -> None:
    lost = file_of("c", finding("F04"), status="returned", district=None, period=None)
    decision = taken(asked("assign", file="cccccc"), lost)
    assert (decision.district, decision.period, decision.sha256) == ("鹿城区", PERIOD, "c" * 64)


def test_an_accepted_return_is_not_given_another_place() -> None:
    why = refusal(asked("assign", district="龙湾区", file="aaaaaa"), file_of("a", status="accepted", version=1))
    assert why == "文件“鹿城区/a.xlsx”已审核通过，不能再指定地区或报告期；确属报错的请先撤回。"


NAMES = {"whole": "a" * 64, "six digits": "aaaaaa", "capitals": "AAAAAA", "path": "鹿城区/a.xlsx", "name": "a.xlsx"}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_file_is_named_by_its_hash_or_its_name(name: str) -> None:
    assert [file.sha256[0] for file in named_files(name, [file_of("a"), file_of("b")])] == ["a"]


@pytest.mark.parametrize("name", ["aaaaa", "", " ", None, "xlsx"])
def test_less_than_six_digits_name_no_file(name: str | None) -> None:
    assert named_files(name, [file_of("a")]) == []


def test_districts_and_indicators_go_by_any_of_their_names() -> None:
    assert [district_named(text, PROGRAMME) for text in ("鹿城", "温州市鹿城区", "杭州市")] == ["鹿城区", "鹿城区", "杭州市"]
    projects = next(indicator for indicator in PROGRAMME.indicators if indicator.id == "projects")
    assert {indicator_named(text, PROGRAMME) for text in ("projects", projects.name, projects.short)} == {"projects"}
    assert indicator_named("专利数", PROGRAMME) == "专利数"
