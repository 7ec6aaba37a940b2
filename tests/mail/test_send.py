"""``send --yes`` against a real SMTP server: every letter once for each recipient, whatever breaks in between."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.ledger.mailings import Result
from pipeline.mail import sending
from pipeline.mail.sending import Delivery, deliver, prepare
from pipeline.mail.smtp import ServerTrouble
from pipeline.workspace.workspace import Workspace, open_workspace
from tests import ROOT
from tests.mail.mail_server import Post, mail_server
from tests.support.command import annex2
from tests.support.copied_workspaces import copied
from tests.support.issued import issue, reported, values_of
from tests.support.workspaces import MARCH, drop_return, rows, run_now, workspace_at

NOW = dt.datetime(2025, 4, 10, 2, tzinfo=dt.UTC)
SOME = ("鹿城区", "龙湾区", "瓯海区")
TABLE = """
select m.recipient, m.attempt, a.result, a.answer
from mailings m left join mail_answers a on a.mailing_id = m.id order by m.id
"""


def address(district: str) -> str:
    return f"{'abc'[SOME.index(district)]}@example.com"


def office_at(folder: Path) -> Workspace:
    """Nobody but three districts owes a return, and these have addresses: three reminders."""
    office = workspace_at(folder)
    for district in office.programme.district_names:
        if district not in SOME:
            drop_return(office, district, values=values_of(office, district))
    contacts = "".join(f'[contacts."{district}"]\nmail = "{address(district)}"\n' for district in SOME)
    (folder / "settings.toml").write_text(contacts, encoding="utf-8")
    run_now(office)
    return open_workspace(folder)


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    return copied(office_at, tmp_path)


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str]], None]:
    def put(environment: dict[str, str]) -> None:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)

    return put


def sent(office: Workspace, now: dt.datetime = NOW) -> list[Delivery]:
    """What one ``send --yes`` does, with the settings of now."""
    fresh = open_workspace(office.root)
    return list(deliver(fresh, prepare(fresh, MARCH, now), lambda: now))


def told(deliveries: list[Delivery]) -> list[tuple[str, Result, bool]]:
    return [(each.recipient, each.result, each.before) for each in deliveries]


def all_of(result: Result, before: bool = False) -> list[tuple[str, Result, bool]]:
    return [(address(district), result, before) for district in SOME]


@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
def test_every_letter_arrives_once_and_the_second_time_nothing_is_sent(
    office: Workspace, setting: Callable[[dict[str, str]], None], security: str
) -> None:
    post = Post()
    with mail_server(post, security) as environment:
        setting(environment)
        assert told(sent(office)) == all_of(Result.SENT)
        assert told(sent(office, NOW + dt.timedelta(hours=9))) == all_of(Result.SENT, before=True)
    assert post.recipients == [address(district) for district in SOME]
    assert [(row[0], row[2], row[3]) for row in rows(office, TABLE)] == [
        (address(district), "sent", "250 queued as 4711") for district in SOME
    ]
    for district, (_, message) in zip(SOME, post.received, strict=True):
        assert (message["To"], message["X-Unsent"]) == (address(district), None)
        assert [each.get_filename() for each in message.iter_attachments()] == [f"{district}_2025-03-31_报表.xlsx"]
        assert message["Date"].datetime == NOW


@pytest.mark.usefixtures("database")
def test_letters_are_noted_in_either_kind_of_ledger(tmp_path: Path, setting: Callable[[dict[str, str]], None]) -> None:
    office, post = office_at(tmp_path), Post(refuse={"a@example.com": "550 no such user"})
    with mail_server(post) as environment:
        setting(environment)
        assert [each.result for each in sent(office)] == [Result.REFUSED, Result.SENT, Result.SENT]
        post.refuse.clear()
        assert [each.before for each in sent(office)] == [False, True, True]
    assert [row[:3] for row in rows(office, TABLE)][-1] == ("a@example.com", 2, "sent")


def test_a_refused_recipient_is_named_with_the_servers_reason_and_stops_no_other(
    office: Workspace, setting: Callable[[dict[str, str]], None]
) -> None:
    post = Post(refuse={"b@example.com": "550 5.1.1 用户不存在"})
    with mail_server(post) as environment:
        done = annex2("send", "2025-03-31", "--yes", folder=office.root, **environment)
    assert done.status == 1
    assert "b@example.com被拒收：550 5.1.1 用户不存在" in done.said
    assert "已发送2封。" in done.said
    assert post.recipients == ["a@example.com", "c@example.com"]


def test_all_recipients_of_the_bulletin_stand_in_it_and_each_is_asked_for_alone(
    tmp_path: Path, setting: Callable[[dict[str, str]], None]
) -> None:
    office = reported(tmp_path)
    issue(office)
    (tmp_path / "settings.toml").write_text('[mail]\nrecipients = ["x@example.com", "y@example.com"]', encoding="utf-8")
    post = Post(refuse={"x@example.com": "552 full"})
    with mail_server(post) as environment:
        setting(environment)
        assert told(sent(office)) == [("x@example.com", Result.REFUSED, False), ("y@example.com", Result.SENT, False)]
        post.refuse.clear()
        assert told(sent(office)) == [("x@example.com", Result.SENT, False), ("y@example.com", Result.SENT, True)]
    assert {str(message["To"]) for _, message in post.received} == {"x@example.com, y@example.com"}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"ANNEX2_MAIL__PASSWORD": "wrong"}, "password"),
        ({"SSL_CERT_FILE": os.devnull}, "certificate"),
        ({"ANNEX2_MAIL__SECURITY": "tls"}, "tls"),
        ({"ANNEX2_MAIL__PORT": "1"}, "unreachable"),
        ({"ANNEX2_MAIL__HOST": ""}, "settings"),
        ({"ANNEX2_MAIL__SENDER": ""}, "settings"),
    ],
)
def test_a_server_that_takes_nothing_leaves_nothing_in_doubt(
    office: Workspace, setting: Callable[[dict[str, str]], None], change: dict[str, str], problem: str
) -> None:
    post = Post()
    with mail_server(post) as environment:
        setting(environment | change)
        with pytest.raises(ServerTrouble) as raised:
            sent(office)
    assert (raised.value.problem, post.received, rows(office, TABLE)) == (problem, [], [])


def test_a_certificate_for_another_name_is_not_trusted(office: Workspace, setting: Callable[[dict[str, str]], None]) -> None:
    with mail_server(Post(), name="other.example.com") as environment:
        setting(environment)
        with pytest.raises(ServerTrouble) as raised:
            sent(office)
    assert raised.value.problem == "certificate"


def test_the_command_says_in_chinese_what_keeps_the_server_from_taking_anything(office: Workspace) -> None:
    with mail_server(Post()) as environment:
        done = annex2("send", "2025-03-31", "--yes", folder=office.root, **(environment | {"ANNEX2_MAIL__PASSWORD": "wrong"}))
    assert done.status == 2
    assert "不接受用户名或密码" in done.said
    assert "wrong" not in done.said


def test_what_broke_before_the_message_was_on_its_way_is_sent_later(
    office: Workspace, setting: Callable[[dict[str, str]], None]
) -> None:
    post = Post(break_at="RCPT")
    with mail_server(post) as environment:
        setting(environment)
        assert told(sent(office)) == all_of(Result.UNSENT)
        post.break_at = ""
        assert told(sent(office)) == all_of(Result.SENT)
    assert len(post.received) == 3


def test_what_broke_when_the_message_was_on_its_way_is_in_doubt_and_never_sent_again(
    office: Workspace, setting: Callable[[dict[str, str]], None]
) -> None:
    post = Post(break_at="DATA")
    with mail_server(post) as environment:
        setting(environment)
        assert told(sent(office)) == all_of(Result.DOUBT)
        post.break_at = ""
        assert told(sent(office)) == all_of(Result.DOUBT, before=True)
        done = annex2("send", "2025-03-31", "--yes", folder=office.root, **environment)
    assert len(post.received) == 3
    assert [row[2] for row in rows(office, TABLE)] == [None, None, None]
    assert done.status == 1


def test_killed_between_sending_and_recording_it_is_in_doubt_and_the_others_are_sent(office: Workspace) -> None:
    post = Post()
    with mail_server(post) as environment:
        command = [sys.executable, "-m", "pipeline", "send", "2025-03-31", "--yes"]
        own = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        process = subprocess.Popen(command, cwd=office.root, env=own, stderr=subprocess.PIPE)
        post.kill = lambda: process.pid
        process.communicate(timeout=120)
        post.kill = None
        assert (process.returncode, post.recipients) == (-9, ["a@example.com"])
        done = annex2("send", "2025-03-31", "--yes", folder=office.root, **environment)
    assert post.recipients == ["a@example.com", "b@example.com", "c@example.com"]
    assert "发送结果不明，为避免重复未再发送，请向a@example.com核实" in done.said
    assert (done.status, "已发送2封。" in done.said) == (1, True)


def test_two_windows_send_nothing_twice(office: Workspace) -> None:
    post = Post()
    with mail_server(post) as environment:
        command = [sys.executable, "-m", "pipeline", "send", "2025-03-31", "--yes"]
        own = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        both = [subprocess.Popen(command, cwd=office.root, env=own, stderr=subprocess.PIPE) for _ in range(2)]
        said = "".join(process.communicate(timeout=120)[1].decode("utf-8") for process in both)
    assert sorted(post.recipients) == ["a@example.com", "b@example.com", "c@example.com"]
    assert said.count("此前已发送，未重复发送") == 3
    assert [process.returncode for process in both] == [0, 0]


def test_the_unique_key_holds_where_the_lock_does_not(
    office: Workspace, setting: Callable[[dict[str, str]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    post = Post()

    def nothing_known(*_: Any) -> dict[Any, Any]:
        return {}

    with mail_server(post) as environment:
        setting(environment)
        sent(office)
        monkeypatch.setattr(sending, "results", nothing_known)
        assert told(sent(office)) == all_of(Result.DOUBT, before=True)
    assert len(post.received) == 3


def test_an_address_that_is_none_and_a_district_without_one_are_said_by_name(office: Workspace) -> None:
    (office.root / "settings.toml").write_text('[contacts."龙湾区"]\nmail = "龙湾区科技局"\n', encoding="utf-8")
    post = Post()
    with mail_server(post) as environment:
        done = annex2("send", "2025-03-31", "--yes", folder=office.root, **environment)
    assert (done.status, post.received) == (1, [])
    assert "邮箱地址写法有误，未发送：龙湾区科技局" in done.said
    assert "没有收件人，未发送：【催报】截至2025年3月底“科技副总”工作情况报表（鹿城区）" in done.said
