"""免报: owed by nobody, named nowhere as missing, granted once and taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.decisions import Refused
from tests.support.command import annex2
from tests.support.issued import AGAIN, BY, decide, issue, reported, states, values_of
from tests.support.workspaces import DECEMBER, MARCH, by_name, drop_return, rules, run_now, workspace_at

pytestmark = pytest.mark.usefixtures("database", "ledger_alone")


def test_an_excuse_is_granted_once_and_taken_back(tmp_path: Path) -> None:
    office = reported(tmp_path, "龙湾区")
    for _ in range(2):
        decide(office, "excuse", "龙湾区")
        assert states(office)["龙湾区"] == ("免报", ())
        with pytest.raises(Refused, match="excused"):
            decide(office, "excuse", "龙湾区")
        decide(office, "withdraw", "龙湾区")
        assert states(office)["龙湾区"] == ("未报", ())


def test_who_is_excused_is_missed_by_nobody_and_who_withdrew_is(tmp_path: Path) -> None:
    office = reported(tmp_path, "龙湾区")
    assert run_now(office, MARCH).missing == ("龙湾区",)
    decide(office, "excuse", "龙湾区")
    decide(office, "withdraw", "瓯海区")
    assert run_now(office, MARCH, AGAIN).missing == ("瓯海区",)


def test_a_return_of_an_excused_district_counts_and_may_be_withdrawn(tmp_path: Path) -> None:
    office = reported(tmp_path, "龙湾区")
    decide(office, "excuse", "龙湾区")
    drop_return(office, "龙湾区", values=values_of(office, "龙湾区"))
    run_now(office, now=AGAIN)
    assert states(office)["龙湾区"][0] == "审核通过"
    decide(office, "withdraw", "龙湾区", now=AGAIN)
    assert states(office)["龙湾区"][0] == "免报"
    decide(office, "withdraw", "龙湾区", now=AGAIN)
    assert states(office)["龙湾区"][0] == "未报"


def test_an_excused_district_may_not_be_named_as_missing(tmp_path: Path) -> None:
    office = reported(tmp_path, "龙湾区")
    decide(office, "excuse", "龙湾区")
    with pytest.raises(Refused) as refused:
        issue(office, "龙湾区", reason="领导批示", now=AGAIN)
    assert refused.value.text(office.programme) == "龙湾区本期免报，不是缺报地区。"
    assert issue(office, now=AGAIN).folder
    assert states(office)["龙湾区"] == ("免报", ())


@pytest.mark.parametrize(("back", "found"), [(False, []), (True, ["F06"])])
def test_an_excused_period_is_owed_by_nobody(tmp_path: Path, back: bool, found: list[str]) -> None:
    """Called, and reported by no other district either."""
    office = workspace_at(tmp_path)
    (tmp_path / "settings.toml").write_text(f'[periods]\ncalled = ["{DECEMBER}", "{MARCH}"]\n', encoding="utf-8")
    decide(office, "excuse", "龙湾区", period=DECEMBER)
    if back:
        decide(office, "withdraw", "龙湾区", period=DECEMBER)
    name = drop_return(office, "龙湾区")
    assert rules(by_name(run_now(office, now=AGAIN))[name]) == found


@pytest.mark.usefixtures("commands")
def test_the_commands_say_what_they_did(tmp_path: Path, database: str) -> None:
    office = workspace_at(tmp_path)
    place = ("--district", "龙湾区", "--period", str(MARCH), "--by", BY, "--reason", "机构调整")
    said = [annex2(act, *place, folder=office.root) for act in ("excuse", "excuse", "withdraw", "withdraw")]
    assert [(done.status, done.said.splitlines()[0]) for done in said] == [
        (0, "已记录：张三同意龙湾区2025年3月底免报。"),
        (2, "龙湾区2025年3月底已是免报。"),
        (0, "已记录：张三撤回龙湾区2025年3月底的免报。"),
        (2, "没有写明文件，或该区域本期没有可办理的报表。"),
    ]
