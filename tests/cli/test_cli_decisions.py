"""The city's decisions as commands: what is recorded, what is said, and the exit status of what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.workspace.workspace import Workspace
from tests.returns import write_return
from tests.run.test_city import REASON, record
from tests.support.command import Done, annex2
from tests.support.workspaces import DECEMBER, MARCH, drop, drop_return, rows, run_now, spec, workspace_at

PLACE = ("--district", "鹿城区", "--period", "2025-03-31")
BY = ("--by", "张三", "--reason", "经研究同意")


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    """鹿城区 fell from 12 enterprises to 9 (P01)."""
    office = workspace_at(tmp_path)
    for period, values in ((DECEMBER, (12, 20, 8, 4)), (MARCH, (9, 21, 8, 5))):
        drop(office, f"鹿城区{period}.xlsx", write_return(spec(office.programme, "鹿城区", period, values)))
    run_now(office)
    return office


def decided(office: Workspace, *arguments: str) -> Done:
    return annex2(*arguments, folder=office.root)


def test_a_fall_is_explained_then_approved_and_each_step_is_said(office: Workspace) -> None:
    explained = decided(office, "explain", *PLACE, "--rule", "P01", "--by", "张三", "--reason", REASON, "--basis", "来电")
    assert (explained.status, explained.output) == (0, b"")
    name = office.programme.indicator("enterprises").name
    first, effect = explained.said.splitlines()
    assert first == f"已记录：张三代录鹿城区2025年3月底“{name}”的电话说明。"
    assert effect == "鹿城区2025-03-31.xlsx（鹿城区，截至2025年3月底）：待说明或待认定"
    approved = decided(office, "approve", *PLACE, "--rule", "p01", "--indicator", name, *BY, "--wording", "核减3家")
    assert approved.status == 0
    assert approved.said.splitlines()[0] == f"已记录：张三同意认定鹿城区2025年3月底“{name}”9。"
    assert (record(office).state, record(office).version) == ("审核通过", 1)
    assert rows(office, "select act, source, wording from decisions order by id") == [
        ("explain", "command", ""),
        ("approve", "command", "核减3家"),
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("approve", *PLACE, "--rule", "P01", *BY), "鹿城区2025年3月底尚无说明；报送单位来电说明的，请先代录电话说明，再认定。"),
        (("approve", *PLACE, "--rule", "P01", "--by", "张三", "--reason", ""), "没有填写理由（办理内容）。"),
        (("withdraw", *PLACE, "--file", "没有.xlsx", *BY), "没有找到文件“没有.xlsx”。"),
        (("excuse", "--district", "杭州", "--period", "2025-03-31", *BY), "没有“杭州”这个地区。"),
        (("excuse", "--district", "龙湾区", "--period", "2025-03-30", *BY), "2025年3月30日不是已布置的报告期。"),
        (("receive", *PLACE, *BY, "--at", "昨天下午"), "没有写明收到时间。"),
    ],
    ids=["unexplained", "no reason", "no file", "no district", "no period of ours", "no time"],
)
def test_a_refused_decision_says_why_and_ends_with_2(office: Workspace, arguments: tuple[str, ...], said: str) -> None:
    done = decided(office, *arguments)
    assert (done.status, done.output, done.said.strip()) == (2, b"", said)
    assert rows(office, "select count(*) from decisions") == [(0,)]


def test_who_is_not_listed_may_not_decide(office: Workspace) -> None:
    (office.root / "settings.toml").write_text('[decide]\nnames = ["李四"]\n', encoding="utf-8")
    done = decided(office, "return", *PLACE, *BY)
    assert (done.status, done.said.strip()) == (2, "张三不在认定人名单内。")


@pytest.mark.parametrize("missing", ["--by", "--reason"])
def test_name_and_reason_are_required(office: Workspace, missing: str) -> None:
    given = [word for option in (BY[:2], BY[2:]) if option[0] != missing for word in option]
    done = decided(office, "withdraw", *PLACE, *given)
    assert done.status == 2
    assert missing in done.said
    assert "用法有误" in done.said


def test_a_short_name_and_the_beginning_of_a_hash_will_do(office: Workspace) -> None:
    (sha256,) = (row[0] for row in rows(office, "select sha256 from submissions where file like '%2025-03-31%'"))
    done = decided(office, "withdraw", "--district", "鹿城", "--period", "2025年3月底", "--file", sha256[:6], *BY)
    assert (done.status, record(office).state) == (0, "未报")


def test_a_true_time_of_receipt_is_in_the_zone_of_the_office(office: Workspace) -> None:
    done = decided(office, "receive", *PLACE, *BY, "--at", "2025-04-01 16:30")
    assert (done.status, done.said.strip()) == (0, "已记录：张三登记鹿城区2025年3月底的报表于2025年4月1日16:30收到。")
    assert rows(office, "select received_at from decisions") == [("2025-04-01 08:30:00.000000",)]


def test_an_accepted_explanation_that_is_refused_takes_the_return_out_of_force(tmp_path: Path) -> None:
    office = workspace_at(tmp_path)
    drop_return(office, "鹿城区", total={"projects": 99})
    run_now(office)
    assert record(office).state == "待说明"
    decided(office, "explain", *PLACE, "--rule", "S12", "--by", "张三", "--reason", "总数行为全市合计数")
    assert record(office).state == "审核通过"
    done = decided(office, "refuse", *PLACE, "--rule", "S12", "--by", "张三", "--reason", "与全市合计数不符")
    assert done.status == 0
    now = record(office)
    assert (now.state, now.version) == ("待说明", None)
    assert now.latest
    assert [(f.rule, f.state) for f in now.latest.findings if f.grade == "query"] == [("S12", "refused")]


def test_a_file_with_a_period_and_no_district_is_assigned_one(tmp_path: Path) -> None:
    office = workspace_at(tmp_path)
    content = write_return(spec(office.programme, "鹿城区"))
    drop(office, "龙湾区/附件2.xlsx", content)
    run_now(office)
    assert rows(office, "select district, period, status from judgements") == [(None, "2025-03-31", "returned")]
    done = decided(office, "assign", "--district", "鹿城区", "--file", "附件2.xlsx", *BY)
    assert (done.status, record(office).state) == (0, "审核通过")
    assert done.said.splitlines()[0] == "已记录：张三将文件“附件2.xlsx”登记为鹿城区。"


@pytest.mark.parametrize("command", ["approve", "refuse", "explain", "return", "withdraw", "assign", "receive", "excuse"])
def test_every_command_has_a_help_page_in_chinese(command: str, tmp_path: Path) -> None:
    done = annex2(command, "--help", folder=tmp_path)
    assert done.status == 0
    assert "--by NAME" in done.output.decode()
    assert "办理人姓名" in done.output.decode()


def test_a_return_by_hand_is_taken_back_and_the_file_counts_again(office: Workspace) -> None:
    drop_return(office, "龙湾区")
    run_now(office)
    place = ("--district", "龙湾区", "--period", "2025-03-31")
    assert decided(office, "return", *place, *BY).status == 0
    back = decided(office, "withdraw", *place, "--rule", "M01", *BY)
    name = office.programme.wording["decisions"]["recorded"]["withdraw_return"]
    assert back.status == 0
    assert back.said.splitlines()[0].startswith(name.partition("，")[0].format(by="张三", place="龙湾区2025年3月底"))
    assert (record(office, district="龙湾区").state, record(office, district="龙湾区").marks) == ("审核通过", ())
