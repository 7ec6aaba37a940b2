"""A machine that has no room: a Chinese sentence and status 2, no traceback, nothing lost, and the next run does it."""

from __future__ import annotations

import dataclasses
import errno
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NoReturn

import pytest

from pipeline import cli
from pipeline.model.allowance import for_judging, for_products, for_reading
from pipeline.processes import helper
from pipeline.workspace.workspace import Workspace
from schemas.programme import Programme
from tests.support.workspaces import drop_return, left, run_now, states, workspace_at

SHORT = "本机的内存、进程数或打开的文件数不足，不能继续处理。请关闭其他程序后再运行一次。\n"

STARVED = """
import resource, sys
limit = getattr(resource, sys.argv.pop(1))
resource.setrlimit(limit, (int(sys.argv.pop(1)),) * 2)
from pipeline.__main__ import main
main()
"""


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    office = workspace_at(tmp_path)
    drop_return(office, "鹿城区")
    return office


def done_by_the_next_run(office: Workspace) -> None:
    assert len(left(office)) == 1
    run_now(office)
    assert left(office) == []
    assert states(office)["鹿城区"] == "审核通过"


def refuse(number: int) -> Any:
    def fail(*_arguments: object, **_words: object) -> NoReturn:
        raise OSError(number, "on purpose")

    return fail


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that nobody can write to")
def test_a_folder_for_temporary_files_that_cannot_be_written_is_told(
    office: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("TMPDIR", "/proc/self")
        assert cli.run_cli(["--workspace", str(office.root), "run"]) == 2
    assert capsys.readouterr().err == "临时文件夹/proc/self不能读写，请检查权限后再运行。\n"
    done_by_the_next_run(office)


def test_one_that_is_full_is_told(
    office: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("TMPDIR", str(tmp_path))
        patch.setattr(tempfile, "TemporaryFile", refuse(errno.ENOSPC))
        assert cli.run_cli(["--workspace", str(office.root), "run"]) == 2
    assert capsys.readouterr().err == f"临时文件夹{tmp_path}空间不足，请清理后再运行。\n"
    done_by_the_next_run(office)


def test_one_that_is_not_there_is_nobodys_choice(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(office.root / "nowhere"))
    done_by_the_next_run(office)


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.EMFILE, errno.ENOMEM])
def test_processes_that_cannot_be_had_are_told(
    office: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(helper, "held_back", refuse(number))
        assert cli.run_cli(["--workspace", str(office.root), "run"]) == 2
    assert capsys.readouterr().err == SHORT
    done_by_the_next_run(office)


@pytest.mark.skipif(sys.platform != "linux", reason="the platform holds no process to its memory")
@pytest.mark.parametrize(("limit", "value"), [("RLIMIT_AS", 130 << 20), ("RLIMIT_NOFILE", 9)])
def test_a_process_that_is_starved_says_so(office: Workspace, limit: str, value: int) -> None:
    command = [sys.executable, "-c", STARVED, limit, str(value), "--workspace", str(office.root), "run"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300)
    assert (done.returncode, done.stderr) == (2, SHORT)
    done_by_the_next_run(office)


def test_a_programme_that_says_nothing_of_it_has_limits_all_the_same(programme: Programme) -> None:
    bare = {name: value for name, value in programme.thresholds.items() if not name.startswith(("F01_read", "F18"))}
    other = dataclasses.replace(programme, thresholds=bare)
    for given, own in ((for_reading(other), for_reading(programme)), (for_judging(other, 13), for_judging(programme, 13))):
        assert given == own
    assert for_products(other, 13) == for_products(programme, 13)
