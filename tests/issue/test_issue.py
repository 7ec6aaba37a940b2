"""Issue and restatement: what is frozen stays, whatever comes after; what is issued cannot be changed but by the city's order."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from pipeline.cli.troubles import hindrance
from pipeline.decisions import Refused
from pipeline.issue import in_place
from pipeline.issue.issuing import Order
from pipeline.model.errors import LedgerTrouble
from pipeline.run.rebuild import issue_period, rebuild, rebuild_issue
from pipeline.workspace.outbox import issue_folder
from pipeline.workspace.workspace import Workspace
from tests.issue.gates import edit
from tests.support.issued import AGAIN, BY, ISSUE, REISSUE, WHY, issue, reopen, reported, states, tree, values_of, view
from tests.support.workspaces import DECEMBER, MARCH, SEPTEMBER, by_name, drop_return, rows, rules, run_now, workspace_at

pytestmark = pytest.mark.usefixtures("one_crew")

NEW = (5, 7, 3, 1)


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    return reported(tmp_path)


def folder(office: Workspace, number: int = 1, period: dt.date = MARCH) -> Path:
    return issue_folder(office.outbox, period, number, office.programme)


@pytest.mark.usefixtures("database")
def test_an_issued_period_is_frozen_with_its_products(office: Workspace) -> None:
    done = issue(office)
    assert done.folder == folder(office)
    assert {state for state, _ in states(office).values()} == {"已通报"}
    assert sorted(tree(folder(office))) == sorted(name for (name,) in rows(office, "select name from products"))
    assert rows(office, "select count(*) from issued_values") == [(13 * 4,)]
    assert [(each.number, each.by, each.at, each.missing) for each in view(office).issues] == [(1, BY, ISSUE, ())]


def test_nothing_is_issued_twice_and_number_and_date_are_only_registered(office: Workspace) -> None:
    frozen = tree(issue(office).folder or Path())
    with pytest.raises(Refused, match="issued"):
        issue(office)
    issue_period(office, Order(MARCH, BY, document="市委科创办〔2025〕9号", date=dt.date(2025, 4, 10)), AGAIN)
    imprint = view(office).issues[-1].imprint
    assert imprint
    assert (imprint.number, imprint.date) == ("市委科创办〔2025〕9号", dt.date(2025, 4, 10))
    assert tree(folder(office)) == frozen
    issue_period(office, Order(MARCH, BY, date=dt.date(2025, 4, 11)), REISSUE)
    imprint = view(office).issues[-1].imprint
    assert imprint
    assert (imprint.number, imprint.date) == ("市委科创办〔2025〕9号", dt.date(2025, 4, 11))


def test_a_missing_district_is_named_with_a_reason(tmp_path: Path) -> None:
    office = reported(tmp_path, "龙湾区")
    with pytest.raises(Refused, match="reason"):
        issue(office, "龙湾区")
    with pytest.raises(Refused, match="not_missing"):
        issue(office, "鹿城区", reason="领导批示")
    assert issue(office, "龙湾区", reason="领导批示同意缺报定稿").folder
    assert view(office).issues[0].missing == ("龙湾区",)
    assert states(office)["龙湾区"] == ("未报", ("缺报",))


def test_a_missing_district_that_is_not_allowed_keeps_the_period_from_being_issued(tmp_path: Path) -> None:
    office = reported(tmp_path, "龙湾区")
    done = issue(office)
    assert done.folder is None
    assert done.acceptance
    assert [check.rule for check in done.acceptance.refusals] == ["B01"]
    assert not view(office).issues
    assert rows(office, "select accepted from acceptances") == [(0,)]


def test_a_value_that_no_bulletin_can_show_is_refused_by_the_gate(office: Workspace) -> None:
    edit(office, "update observations set value = 2.5 where version_id = 1 and indicator = 'enterprises'")
    done = issue(office)
    assert done.acceptance
    assert "B08" in {check.rule for check in done.acceptance.refusals}
    assert rows(office, "select count(*) from issues") == [(0,)]


def test_a_period_of_which_nothing_is_known_cannot_be_issued(office: Workspace) -> None:
    with pytest.raises(Refused, match="nothing_to_issue"):
        issue(office, period=DECEMBER)


def test_who_may_not_decide_may_not_issue(office: Workspace) -> None:
    (office.root / "settings.toml").write_text('[decide]\nnames = ["李四"]\n', encoding="utf-8")
    with pytest.raises(Refused, match="name"):
        issue(workspace_at(office.root))


def test_an_issued_value_cannot_be_changed_by_a_return(office: Workspace) -> None:
    issue(office)
    name = drop_return(office, "龙湾区", values=NEW)
    assert rules(by_name(run_now(office, now=AGAIN))[name]) == ["P07"]
    assert states(office)["龙湾区"] == ("已通报", ("新报第2版待处理",))


@pytest.mark.usefixtures("database")
def test_a_restatement_keeps_the_first_issue_and_says_why(office: Workspace) -> None:
    first = tree(issue(office).folder or Path())
    reopen(office)
    drop_return(office, "龙湾区", values=NEW)
    run_now(office, now=AGAIN)
    assert issue(office, now=REISSUE).folder == folder(office, 2)
    assert tree(folder(office, 1)) == first
    one, two = view(office).issues
    assert (one.reopened, two.reopened) == (None, WHY)
    assert {place for place, value in two.values.items() if one.values[place] != value} == {
        ("龙湾区", "enterprises"),
        ("龙湾区", "projects"),
    }
    assert states(office)["龙湾区"] == ("已通报", ("已更正",))


def test_only_what_is_issued_can_be_reopened_and_only_once(office: Workspace) -> None:
    with pytest.raises(Refused, match="not_issued"):
        reopen(office)
    issue(office)
    reopen(office)
    with pytest.raises(Refused, match="reopened"):
        reopen(office, now=AGAIN)


@pytest.mark.usefixtures("database")
def test_a_late_addition_stands_beside_the_issue(tmp_path: Path) -> None:
    office = reported(tmp_path, "龙湾区")
    issue(office, "龙湾区", reason="领导批示同意缺报定稿")
    name = drop_return(office, "龙湾区", values=values_of(office, "龙湾区"))
    file = by_name(run_now(office, now=AGAIN))[name]
    assert (file.status, rules(file)) == ("accepted", ["F15"])
    assert states(office)["龙湾区"] == ("审核通过", ("补报",))
    assert not view(office).final


@pytest.mark.usefixtures("database")
def test_issued_products_come_back_byte_for_byte_whatever_came_after(office: Workspace) -> None:
    issue(office)
    reopen(office)
    drop_return(office, "龙湾区", values=NEW)
    run_now(office, now=AGAIN)
    issue(office, now=REISSUE)
    before = tree(office.outbox)
    shutil.rmtree(office.outbox)
    assert rebuild_issue(office, MARCH, 1) == (folder(office, 1),)
    assert tree(folder(office, 1)) == {
        name.split("/", 2)[2]: content for name, content in before.items() if name.startswith("2025-03-31/第1次定稿/")
    }
    rebuild(office, None)
    assert tree(office.outbox) == {name: content for name, content in before.items() if "/质量验收/" not in name}


def test_a_frozen_product_altered_by_hand_is_not_put_back(office: Workspace) -> None:
    kept = tree(issue(office).folder or Path())
    edit(office, "update products set sha256 = 'another' where name like '审核报告%.json'")
    with pytest.raises(LedgerTrouble) as told:
        rebuild_issue(office, MARCH, 1)
    assert hindrance(told.value, office.root) == (
        "台账中已定稿的成果被改动过：2025-03-31/1/审核报告_2025-03-31.json\n请勿使用该文件，用备份恢复台账。"
    )
    assert tree(folder(office)) == kept


@pytest.mark.usefixtures("database")
def test_products_frozen_and_not_yet_put_in_place_are_put_there_by_the_next_run(
    office: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def _interrupted(*_: object) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(in_place, "replace_folder", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            issue(office)
    assert not folder(office).exists()
    run_now(office, now=AGAIN)
    assert sorted(tree(folder(office))) == sorted(name for (name,) in rows(office, "select name from products"))
    assert {state for state, _ in states(office).values()} == {"已通报"}


def test_a_later_period_is_held_against_the_last_issued_one(tmp_path: Path) -> None:
    office = reported(tmp_path, period=SEPTEMBER)
    issue(office, period=SEPTEMBER)
    for day in (DECEMBER, MARCH):
        for district in office.programme.district_names:
            drop_return(office, district, day, values_of(office, district))
        run_now(office, now=ISSUE)
    assert view(office).previous == SEPTEMBER
