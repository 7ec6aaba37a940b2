"""The city's decisions on a real workspace: explained, approved, refused, sent back, withdrawn, assigned, excused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from pipeline.decisions import Refused, Request
from pipeline.decisions.record import record_request
from pipeline.model.view import DistrictRecord
from pipeline.run import run_waiting
from pipeline.run.looking import look
from pipeline.workspace.workspace import Workspace
from tests.returns import write_return
from tests.support.workspaces import DECEMBER, MARCH, drop, drop_return, rows, rules, run_now, spec, states, workspace_at

pytestmark = pytest.mark.usefixtures("database", "ledger_alone")

LATER = dt.datetime(2025, 4, 20, 2, tzinfo=dt.UTC)
PLACE = {"district": "鹿城区", "period": MARCH}
REASON = "企业迁出本市，核减3家"


def decide(office: Workspace, act: str, now: dt.datetime = LATER, **words: Any) -> None:
    """A decision recorded and carried out, as the command does it."""
    given = {"by": "张三", "reason": "经研究同意", "basis": "2025年4月18日来函", **PLACE, **words}
    with office.locked():
        with office.ledger() as ledger:
            record_request(ledger, office, Request(act, **given), now)
        run_waiting(office, now)


def record(office: Workspace, period: dt.date = MARCH, district: str = "鹿城区") -> DistrictRecord:
    view = look(office, period)
    assert view
    return next(each for each in view.districts if each.district == district)


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    return workspace_at(tmp_path)


@pytest.fixture
def fallen(office: Workspace) -> Workspace:
    """鹿城区 reported 12 enterprises for December and 9 for March: P01."""
    drop(office, "鹿城区2024年12月.xlsx", write_return(spec(office.programme, "鹿城区", DECEMBER, (12, 20, 8, 4))))
    drop(office, "鹿城区2025年3月.xlsx", write_return(spec(office.programme, "鹿城区", MARCH, (9, 21, 8, 5))))
    run_now(office)
    return office


def test_an_explained_fall_waits_for_the_city(fallen: Workspace) -> None:
    assert record(fallen).state == "退回"
    decide(fallen, "explain", rule="P01", reason=REASON)
    now = record(fallen)
    assert (now.state, now.version) == ("待认定", None)
    assert now.latest
    assert [(f.rule, f.state, f.explanation) for f in now.latest.findings] == [("P01", "explained", REASON)]
    assert "电话说明" in now.marks


def test_an_approved_fall_is_accepted_with_its_number(fallen: Workspace) -> None:
    decide(fallen, "explain", rule="P01", reason=REASON)
    decide(fallen, "approve", rule="P01", indicator="enterprises", wording="核减3家（企业迁出）")
    now = record(fallen)
    assert (now.state, now.version, now.values["enterprises"]) == ("审核通过", 1, 9)
    assert "核减已认定" in now.marks
    view = look(fallen, MARCH)
    assert view
    (line,) = view.settlements
    assert (line.text, line.how, line.verdict, line.decided_by, line.wording) == (
        REASON,
        "phone",
        "approve",
        "张三",
        "核减3家（企业迁出）",
    )


def test_a_refused_fall_goes_back(fallen: Workspace) -> None:
    decide(fallen, "explain", rule="P01", reason=REASON)
    decide(fallen, "refuse", rule="P01", reason="材料不全")
    now = record(fallen)
    assert now.state == "退回"
    assert now.latest
    assert [(f.state, f.note) for f in now.latest.findings] == [("refused", "不予认定（张三，2025年4月20日）")]


def test_a_fall_that_nobody_explained_cannot_be_approved(fallen: Workspace) -> None:
    with pytest.raises(Refused) as refused:
        decide(fallen, "approve", rule="P01")
    assert refused.value.text(fallen.programme) == "鹿城区2025年3月底尚无说明；报送单位来电说明的，请先代录电话说明，再认定。"
    assert rows(fallen, "select count(*) from decisions") == [(0,)]


@pytest.mark.parametrize("reason", ["情况属实", "企业迁出本市所致"])
def test_an_explanation_by_telephone_must_say_something(fallen: Workspace, reason: str) -> None:
    """A stock phrase; a fall without its amount."""
    with pytest.raises(Refused):
        decide(fallen, "explain", rule="P01", reason=reason)


def test_another_value_lapses_an_approval(fallen: Workspace) -> None:
    decide(fallen, "explain", rule="P01", reason=REASON)
    decide(fallen, "approve", rule="P01")
    drop(fallen, "鹿城区2025年3月更正.xlsx", write_return(spec(fallen.programme, "鹿城区", MARCH, (8, 21, 8, 5))))
    run_now(fallen)
    now = record(fallen)
    assert (now.state, now.version, now.values["enterprises"]) == ("审核通过", 1, 9)
    assert now.latest
    assert ("P01", "open") in [(f.rule, f.state) for f in now.latest.findings]
    assert "新报第2版待处理" in now.marks


def test_a_return_sent_back_by_hand_is_out_of_force(office: Workspace) -> None:
    drop_return(office, "鹿城区")
    run_now(office)
    decide(office, "return", reason="企业数与名单不符")
    now = record(office)
    assert (now.state, now.version) == ("退回", None)
    assert now.latest
    assert rules(now.latest) == ["M01"]
    assert "人工退回" in now.marks
    run_now(office, now=LATER + dt.timedelta(days=1))
    assert record(office).state == "退回"


def test_a_withdrawn_version_gives_way_to_the_one_before(office: Workspace) -> None:
    for number in (20, 21):
        values = (10, number, 8, 4)
        drop(office, f"鹿城区2025年3月{number}.xlsx", write_return(spec(office.programme, "鹿城区", MARCH, values)))
        run_now(office)
    assert record(office).version == 2
    decide(office, "withdraw")
    assert (record(office).version, record(office).values["projects"], record(office).state) == (1, 20, "审核通过")
    decide(office, "withdraw", file="鹿城区2025年3月20.xlsx")
    assert (record(office).state, record(office).version) == ("未报", None)
    assert "撤回" in record(office).marks


def test_of_rivals_the_one_left_goes_through(office: Workspace) -> None:
    for number in (20, 21):
        values = (10, number, 8, 4)
        drop(office, f"鹿城区2025年3月{number}.xlsx", write_return(spec(office.programme, "鹿城区", MARCH, values)))
    run_now(office)
    assert record(office).state == "待认定"
    run_now(office, now=LATER)
    assert record(office).state == "待认定"
    with pytest.raises(Refused) as refused:
        decide(office, "withdraw")
    assert refused.value.problem == "which"
    decide(office, "withdraw", file="鹿城区2025年3月20.xlsx")
    assert (record(office).state, record(office).values["projects"]) == ("审核通过", 21)


def test_a_later_file_ends_a_rivalry(office: Workspace) -> None:
    for number in (20, 21):
        values = (10, number, 8, 4)
        drop(office, f"鹿城区2025年3月{number}.xlsx", write_return(spec(office.programme, "鹿城区", MARCH, values)))
    run_now(office)
    drop(office, "鹿城区2025年3月22.xlsx", write_return(spec(office.programme, "鹿城区", MARCH, (10, 22, 8, 4))))
    run_now(office, now=LATER)
    assert (record(office).state, record(office).values["projects"]) == ("审核通过", 22)


@pytest.mark.usefixtures("products")
def test_a_file_that_says_no_period_is_given_one(office: Workspace) -> None:
    drop(office, "附件2.xlsx", write_return(spec(office.programme, "鹿城区", MARCH, layout="period_nowhere")))
    run_now(office)
    assert rows(office, "select status, period from judgements") == [("returned", None)]
    decide(office, "assign", district=None, file="附件2.xlsx")
    assert record(office).state == "审核通过"
    assert states(office)["鹿城区"] == "审核通过"


def test_an_excused_district_is_not_missing(office: Workspace) -> None:
    drop_return(office, "龙湾区")
    run_now(office)
    decide(office, "excuse")
    assert record(office).state == "免报"
    drop_return(office, "鹿城区")
    run_now(office, now=LATER)
    assert record(office).state == "审核通过"


def test_only_listed_names_decide(fallen: Workspace) -> None:
    (fallen.root / "settings.toml").write_text('[decide]\nnames = ["李四"]\n', encoding="utf-8")
    strict = Workspace(fallen.root)
    with pytest.raises(Refused) as refused:
        decide(strict, "explain", rule="P01", reason=REASON)
    assert refused.value.text(strict.programme) == "张三不在认定人名单内。"


def test_what_waited_for_an_earlier_period_goes_through_by_itself(office: Workspace) -> None:
    """March is above June until June is put right."""
    june = dt.date(2025, 6, 30)
    drop(office, "鹿城区2025年6月.xlsx", write_return(spec(office.programme, "鹿城区", june, (9, 20, 8, 4))))
    run_now(office, now=dt.datetime(2025, 7, 3, tzinfo=dt.UTC))
    drop(office, "鹿城区2025年3月.xlsx", write_return(spec(office.programme, "鹿城区", MARCH, (10, 20, 8, 4))))
    run_now(office, now=dt.datetime(2025, 7, 4, tzinfo=dt.UTC))
    assert record(office).state == "退回"
    drop(office, "鹿城区2025年6月更正.xlsx", write_return(spec(office.programme, "鹿城区", june, (11, 20, 8, 4))))
    run_now(office, now=dt.datetime(2025, 7, 5, tzinfo=dt.UTC))
    run_now(office, now=dt.datetime(2025, 7, 6, tzinfo=dt.UTC))
    assert record(office).state == "审核通过"
