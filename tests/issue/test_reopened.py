"""Reopened: which districts may restate what was issued, and what was sent before and has to be sent again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipeline.decisions import Refused
from pipeline.workspace.workspace import Workspace
from tests.returns import write_return
from tests.support.command import annex2
from tests.support.issued import AGAIN, BY, REISSUE, decide, frozen, issue, reopen, reported, states, values_of, view
from tests.support.workspaces import MARCH, by_name, drop, drop_return, rows, rules, run_now, spec

pytestmark = pytest.mark.usefixtures("database", "one_crew")

NEW = (5, 7, 3, 1)
LATER = AGAIN + dt.timedelta(days=1)


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    """Issued with every district."""
    office = reported(tmp_path)
    frozen(office)
    return office


def sent(office: Workspace, district: str, now: dt.datetime = AGAIN, name: str = "") -> tuple[str, list[str]]:
    """Status and rules of a return with other values than those issued."""
    content = write_return(spec(office.programme, district, MARCH, (5, values_of(office, district)[1] + 1, 3, 1)))
    drop(office, name or f"{district}更正.xlsx", content)
    file = by_name(run_now(office, now=now))[name or f"{district}更正.xlsx"]
    return str(file.status), rules(file)


def test_everything_is_open_where_nobody_is_named(office: Workspace) -> None:
    reopen(office)
    assert {state for state, _ in states(office).values()} == {"更正中"}
    assert sent(office, "鹿城区") == ("accepted", ["F08"])


def test_only_the_districts_named_are_open(office: Workspace) -> None:
    reopen(office, "龙湾区", "瓯海区")
    assert {name for name, (state, _) in states(office).items() if state == "更正中"} == {"龙湾区", "瓯海区"}
    assert sent(office, "龙湾区") == ("accepted", ["F08"])
    assert sent(office, "鹿城区") == ("returned", ["P07"])
    assert states(office)["鹿城区"] == ("已通报", ("新报第2版待处理",))


def test_what_was_sent_back_before_is_not_taken_by_itself(office: Workspace) -> None:
    assert sent(office, "龙湾区") == ("returned", ["P07"])
    reopen(office)
    run_now(office, now=LATER)
    assert states(office)["龙湾区"] == ("更正中", ("新报第2版待处理",))
    assert view(office).values["龙湾区", "enterprises"].value == 4


@pytest.mark.parametrize("name", ["龙湾区更正.xlsx", "龙湾区再报.xlsx"])
def test_the_same_bytes_sent_again_are_a_new_return(office: Workspace, name: str) -> None:
    sent(office, "龙湾区")
    reopen(office, "龙湾区")
    assert sent(office, "龙湾区", LATER, name) == ("accepted", ["F08"])
    run_now(office, now=LATER)
    assert states(office)["龙湾区"] == ("更正中", ("已更正",))
    assert view(office).values["龙湾区", "enterprises"].value == 5


def test_an_older_file_sent_again_has_no_rival_among_those_sent_back(office: Workspace) -> None:
    sent(office, "龙湾区")
    drop_return(office, "龙湾区", values=NEW)
    run_now(office, now=AGAIN)
    reopen(office)
    assert sent(office, "龙湾区", LATER) == ("accepted", ["F08"])


def test_the_same_bytes_are_repeated_where_the_district_is_not_open(office: Workspace) -> None:
    sent(office, "鹿城区")
    reopen(office, "龙湾区")
    assert sent(office, "鹿城区", LATER, "鹿城区再报.xlsx") == ("duplicate", ["F07"])


def test_reopenings_add_up(office: Workspace) -> None:
    reopen(office, "龙湾区")
    assert sent(office, "龙湾区") == ("accepted", ["F08"])
    with pytest.raises(Refused, match="reopened_district"):
        reopen(office, "龙湾区")
    reopen(office, "瓯海区")
    assert sent(office, "瓯海区") == ("accepted", ["F08"])
    reopen(office)
    assert {state for state, _ in states(office).values()} == {"更正中"}
    for districts in ((), ("鹿城区",)):
        with pytest.raises(Refused, match="reopened"):
            reopen(office, *districts)
    assert states(office)["龙湾区"] == ("更正中", ("已更正",))


def test_all_of_a_reopening_is_recorded_or_nothing(office: Workspace) -> None:
    reopen(office, "瓯海区")
    with pytest.raises(Refused):
        reopen(office, "龙湾区", "瓯海区")
    with pytest.raises(Refused, match="district"):
        reopen(office, "龙湾区", "杭州")
    assert rows(office, "select district from decisions where act = 'reopen'") == [("瓯海区",)]
    reopen(office, "龙湾区", "鹿城区")
    assert rows(office, "select count(distinct entry_id) from decisions where act = 'reopen'") == [(2,)]


def test_an_issue_closes_what_was_open(office: Workspace) -> None:
    reopen(office, "龙湾区")
    sent(office, "龙湾区")
    frozen(office, now=REISSUE)
    assert states(office)["龙湾区"] == ("已通报", ("已更正",))
    assert sent(office, "鹿城区", REISSUE) == ("returned", ["P07"])


def test_what_another_district_sent_after_the_bulletin_holds_nothing(office: Workspace) -> None:
    """It is refused (P07), and can be withdrawn no more than be taken before its own district is open."""
    assert sent(office, "鹿城区") == ("returned", ["P07"])
    reopen(office, "龙湾区")
    assert sent(office, "龙湾区") == ("accepted", ["F08"])
    assert issue(office, now=REISSUE).folder
    assert states(office)["鹿城区"] == ("已通报", ("新报第2版待处理",))


def test_a_version_before_the_one_issued_may_stand_again(office: Workspace) -> None:
    reopen(office, "龙湾区")
    assert sent(office, "龙湾区") == ("accepted", ["F08"])
    frozen(office, now=REISSUE)
    reopen(office, "龙湾区", now=LATER)
    decide(office, "withdraw", "龙湾区", now=LATER)
    run_now(office, now=LATER)
    assert view(office).values["龙湾区", "enterprises"].value == 4
    assert [rule for record in view(office).districts for f in record.open_findings for rule in (f.rule,) if rule == "P07"] == []


def test_a_restatement_that_changes_nothing_is_refused(office: Workspace) -> None:
    reopen(office)
    with pytest.raises(Refused) as refused:
        issue(office, now=REISSUE)
    assert refused.value.text(office.programme) == "截至2025年3月底启动更正后数据没有变动，不需要重新定稿；原通报仍然有效。"


@pytest.mark.usefixtures("commands")
def test_districts_are_named_on_the_command_line(office: Workspace, database: str) -> None:
    done = annex2(
        "reopen", "2025-03-31", "--district", "龙湾", "--district", "瓯海区", "--by", BY, "--reason", "来函", folder=office.root
    )
    assert (done.status, done.said.splitlines()) == (
        0,
        [
            "截至2025年3月底已对龙湾区启动更正（张三：来函）。重新定稿前，原通报仍然有效。",
            "截至2025年3月底已对瓯海区启动更正（张三：来函）。重新定稿前，原通报仍然有效。",
        ],
    )
    again = annex2("issue", "2025-03-31", "--by", BY, folder=office.root)
    assert (again.status, again.said) == (2, "截至2025年3月底启动更正后数据没有变动，不需要重新定稿；原通报仍然有效。\n")
