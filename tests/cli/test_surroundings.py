"""Folders, disks and databases that keep a run from its work: a Chinese sentence, status 2, and the next run does it."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.cli.troubles import hindrance
from pipeline.ledger import database
from pipeline.workspace.workspace import Workspace
from tests.support.workspaces import drop_return, left, rows, run_now, states, workspace_at

FOLDERS = ("outbox", "outbox/2025-03-31", "ledger/originals", "办理")


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    office = workspace_at(tmp_path)
    drop_return(office, "鹿城区")
    return office


def done_by_the_next_run(office: Workspace) -> None:
    run_now(office)
    assert rows(office, "select count(*) from submissions") == [(1,)]
    assert left(office) == []
    assert states(office)["鹿城区"] == "审核通过"


@pytest.mark.parametrize("name", FOLDERS)
def test_a_file_where_a_folder_should_be_is_told(office: Workspace, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    obstacle = office.root / name
    obstacle.parent.mkdir(exist_ok=True)
    obstacle.write_bytes(b"x")
    assert cli.run_cli(["--workspace", str(office.root), "run"]) == 2
    assert capsys.readouterr().err.startswith(f"不能读写：{obstacle.resolve()}")
    obstacle.unlink()
    done_by_the_next_run(office)


@pytest.mark.parametrize("mode", ["IMMEDIATE", "EXCLUSIVE"])
def test_a_database_in_the_hands_of_another_program_is_told(
    office: Workspace, mode: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    office.ledger().engine.dispose()
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    other = sqlite3.connect(office.root / "ledger" / "ledger.db", isolation_level=None)
    try:
        other.execute(f"BEGIN {mode}")
        assert cli.run_cli(["--workspace", str(office.root), "run"]) == 2
    finally:
        other.close()
    assert capsys.readouterr().err.startswith("台账正被其他程序占用：")
    assert len(left(office)) == 1
    done_by_the_next_run(office)


def test_a_damaged_database_is_told_and_left_as_it_is(office: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    office.ledger().engine.dispose()
    path = office.root / "ledger" / "ledger.db"
    damaged = path.read_bytes()[:4096] + b"\xff" * (path.stat().st_size - 4096)
    path.write_bytes(damaged)
    assert cli.run_cli(["--workspace", str(office.root), "run"]) == 2
    assert capsys.readouterr().err.startswith("台账已损坏：")
    assert len(left(office)) == 1
    assert path.read_bytes() == damaged


@pytest.mark.parametrize("name", ["ENOSPC", "EDQUOT"])
def test_a_write_error_names_no_file_and_is_told_of_the_workspace(name: str, tmp_path: Path) -> None:
    error = OSError(getattr(errno, name), "full")
    assert hindrance(error, tmp_path) == f"磁盘空间不足，不能写入：{tmp_path.resolve()}\n请清理磁盘后再运行一次。"


@pytest.mark.parametrize("error", [BrokenPipeError(32, "gone"), FileNotFoundError(2, "none"), ValueError("wrong")])
def test_mistakes_of_the_program_are_not_taken_for_surroundings(error: Exception, tmp_path: Path) -> None:
    assert hindrance(error, tmp_path) is None
