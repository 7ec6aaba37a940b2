"""Issued is frozen: no decision changes what a bulletin says, unless the district is open for restatement."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline.decisions import Refused
from pipeline.workspace.workspace import Workspace
from tests.decisions.test_decision_sheets import fill
from tests.support.command import annex2
from tests.support.issued import AGAIN, BY, ISSUE, decide, frozen, reopen, reported, states, values_of, view
from tests.support.workspaces import MARCH, drop_return, rows, run_now

pytestmark = pytest.mark.usefixtures("database", "ledger_alone")

ACTS: dict[str, tuple[dict[str, Any], str]] = {
    "withdraw": ({}, "撤回"),
    "return": ({}, "人工退回"),
    "receive": ({"received": ISSUE}, "登记收到时间"),
}


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    """Issued without 龙湾区, which is missing, and 文成县, which is excused."""
    office = reported(tmp_path, "龙湾区", "文成县")
    decide(office, "excuse", "文成县", now=ISSUE)
    frozen(office, "龙湾区")
    return office


@pytest.mark.parametrize(("act", "words", "name"), [(act, *given) for act, given in ACTS.items()], ids=ACTS)
def test_what_would_change_an_issued_value_needs_a_reopening(
    office: Workspace, act: str, words: dict[str, Any], name: str
) -> None:
    before = rows(office, "select count(*) from decisions")
    reopen(office, "瓯海区")
    with pytest.raises(Refused) as refused:
        decide(office, act, "鹿城区", **words)
    why = f"鹿城区2025年3月底数据已定稿，不能办理“{name}”；确需更正的，请先启动更正。"
    assert refused.value.text(office.programme) == why
    assert rows(office, "select count(*) from decisions") == [(before[0][0] + 1,)]
    assert states(office)["鹿城区"] == ("已通报", ())
    reopen(office, "鹿城区")
    decide(office, act, "鹿城区", **words)


def test_who_sent_nothing_is_as_the_bulletin_says(office: Workspace) -> None:
    with pytest.raises(Refused, match="frozen"):
        decide(office, "excuse", "龙湾区")
    with pytest.raises(Refused, match="frozen"):
        decide(office, "withdraw", "文成县")
    reopen(office, "龙湾区")
    decide(office, "excuse", "龙湾区")
    assert states(office)["龙湾区"] == ("免报", ())


def test_what_the_bulletin_does_not_hold_is_not_frozen(office: Workspace) -> None:
    drop_return(office, "龙湾区", values=values_of(office, "龙湾区"))
    run_now(office, now=AGAIN)
    assert states(office)["龙湾区"] == ("审核通过", ("补报",))
    decide(office, "withdraw", "龙湾区", now=AGAIN)
    assert not [district for district, _ in view(office).values if district == "龙湾区"]


@pytest.mark.usefixtures("commands")
def test_the_command_says_why(office: Workspace, database: str) -> None:
    place = ("--district", "鹿城区", "--period", str(MARCH))
    done = annex2("withdraw", *place, "--by", BY, "--reason", "来函撤回", folder=office.root)
    assert (done.status, done.said) == (2, "鹿城区2025年3月底数据已定稿，不能办理“撤回”；确需更正的，请先启动更正。\n")


@pytest.mark.usefixtures("products")
def test_a_line_of_the_decision_book_is_left_undone_and_told(office: Workspace) -> None:
    fill(office, own={"区域": "鹿城区", "办理意见": "撤回"})
    told = run_now(office, now=AGAIN).told
    assert told[0] == "市级办理单“办理单.xlsx”：已办理0项；1项未办理。"
    assert told[1].endswith("未办理：鹿城区2025年3月底数据已定稿，不能办理“撤回”；确需更正的，请先启动更正。")


@pytest.mark.usefixtures("products")
def test_a_line_of_the_decision_book_opens_the_district_it_names(office: Workspace) -> None:
    fill(office, own={"区域": "鹿城区", "办理意见": "启动更正", "办理内容": "来函更正"})
    assert run_now(office, now=AGAIN).told == ("市级办理单“办理单.xlsx”：已办理1项；0项未办理。",)
    assert {name for name, (state, _) in states(office).items() if state == "更正中"} == {"鹿城区"}
