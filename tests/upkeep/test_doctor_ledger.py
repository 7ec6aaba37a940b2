"""What `annex2 doctor` says of the ledger's database, and of the clock that it is held against."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from pathlib import Path

import pytest

from pipeline.ledger import condition
from pipeline.ledger.tables import REVISION
from pipeline.upkeep.doctor import State
from pipeline.upkeep.doctor.clock import LONG
from pipeline.workspace.workspace import Workspace
from tests.support import postgres
from tests.support.command import annex2
from tests.support.workspaces import NOW, drop_return, run_now, workspace_at
from tests.upkeep.doctored import WORDS, case, office_at, said, setting


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    return office_at(tmp_path)


# --- the ledger


def ran(office: Workspace) -> Workspace:
    drop_return(office, "鹿城区")
    run_now(office)
    return office


def test_a_ledger_says_how_much_it_holds(office: Workspace, database: str) -> None:
    (found,) = said(ran(workspace_at(office.root)), "ledger")
    assert found.text.startswith("可以打开，已登记1份文件：")
    assert found.state == State.FINE


def test_an_empty_database_on_a_server_is_fine_and_stays_empty(office: Workspace) -> None:
    url = postgres.schema()
    try:
        office = setting(office, "[periods]", f'[ledger]\nurl = "{url}"\n[periods]')
        assert [one.text.partition("：")[0] for one in said(office, "ledger") * 2] == ["数据库是空的，第一次运行时自动建表"] * 2
    finally:
        postgres.drop(url)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql+psycopg://clerk:geheim@127.0.0.1:1/annex2", "台账连接不上或连接中断"),
        ("nonsense", "不能打开：nonsense"),
        ("sqlite:///没有/没有.db", "台账不能写入"),
    ],
)
def test_a_database_that_cannot_be_reached_is_broken_and_its_password_is_not_shown(
    office: Workspace, url: str, says: str
) -> None:
    (found,) = said(setting(office, "[periods]", f'[ledger]\nurl = "{url}"\n[periods]'), "ledger")
    assert (found.state, found.text.startswith(says)) == (State.BROKEN, True)
    assert found.advice
    assert "geheim" not in str(found)


def test_a_damaged_ledger_is_broken_and_left_as_it_is(office: Workspace) -> None:
    path = ran(office).root / "ledger" / "ledger.db"
    damaged = path.read_bytes()[:4096] + b"\xff" * (path.stat().st_size - 4096)
    path.write_bytes(damaged)
    (found,) = said(office, "ledger")
    assert (found.state, found.text.partition("：")[0]) == (State.BROKEN, "台账已损坏")
    assert path.read_bytes() == damaged
    assert said(office, "clock")[0].state == State.FINE


def test_an_original_that_is_gone_is_missed(office: Workspace) -> None:
    folder = ran(office).root / "ledger" / "originals"
    (original,) = folder.iterdir()
    original.unlink()
    assert said(office, "ledger")[1:] == [case("ledger", "originals", count=1, path=folder)]


def test_a_ledger_in_other_hands_is_told_in_time(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(condition, "WAIT", 0.1)
    other = sqlite3.connect(ran(office).root / "ledger" / "ledger.db", isolation_level=None)
    try:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        assert said(office, "ledger")[0].text.startswith("台账正被其他程序占用：")
    finally:
        other.close()


def test_a_ledger_too_large_to_look_through_is_noted(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(condition, "STEPS", 1)
    monkeypatch.setattr("pipeline.upkeep.doctor.ledger.SECONDS", 1e-9)
    assert said(ran(office), "ledger")[0].state == State.NOTE


@pytest.mark.parametrize(
    ("revision", "says", "state"),
    [("0001", "由较早版本的程序建立", State.NOTE), ("9999", "台账已由较新版本的程序升级", State.BROKEN)],
)
def test_a_ledger_of_another_version_is_told_and_not_migrated(office: Workspace, revision: str, says: str, state: State) -> None:
    assert revision != REVISION
    path = ran(office).root / "ledger" / "ledger.db"
    with sqlite3.connect(path) as connection:
        connection.execute("update alembic_version set version_num = ?", (revision,))
    connection.close()
    (found,) = said(office, "ledger")
    assert (found.text.startswith(says), found.state) == (True, state)
    with sqlite3.connect(path) as connection:
        assert connection.execute("select version_num from alembic_version").fetchone() == (revision,)
    connection.close()


# --- the clock


@pytest.mark.parametrize(
    ("passed", "name"),
    [
        (dt.timedelta(minutes=-3), "fine"),
        (dt.timedelta(hours=-1), "behind"),
        (dt.timedelta(days=90), "fine"),
        (LONG + dt.timedelta(days=1), "ahead"),
        (dt.timedelta(days=-365 * 40), "year"),
        (dt.timedelta(days=365 * 40), "year"),
    ],
)
def test_the_clock_is_held_against_the_ledger(office: Workspace, passed: dt.timedelta, name: str) -> None:
    found = said(ran(office), "clock", NOW + passed)[0]
    assert (found.state, found.advice) == (
        case("clock", name, now="", last="", installed="").state,
        WORDS["clock"][name].get("advice", ""),
    )


def test_without_a_ledger_the_clock_is_held_against_the_program(office: Workspace) -> None:
    assert said(office, "clock", NOW + LONG * 2)[0].state == State.FINE
    early = said(office, "clock", NOW - dt.timedelta(days=30))[0]
    assert (early.state, early.text) == (State.BROKEN, "北京时间2025年3月4日10:00，早于程序文件的时间2025年4月3日10:00。")


@pytest.mark.skipif(os.name != "posix", reason="Windows takes no zone from a variable")
@pytest.mark.parametrize(("zone", "noted"), [("Asia/Shanghai", False), ("Europe/Berlin", True)])
def test_another_time_zone_is_noted(office: Workspace, zone: str, noted: bool) -> None:
    shown = annex2("doctor", folder=office.root, TZ=zone).said
    assert ("不是北京时间" in shown) == noted
