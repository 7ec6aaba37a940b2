"""How a command that did not come to its end says so: what it says of the ledger is true, and nothing is a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import run_cli
from pipeline.run import gathering, posting, stages
from pipeline.workspace.workspace import Workspace
from tests import ROOT
from tests.support.workspaces import DECEMBER, MARCH, drop_return, left, rows, workspace_at

Break = Callable[[pytest.MonkeyPatch], None]


def _raise(*_arguments: Any, **_words: Any) -> Any:
    raise ZeroDivisionError("broken on purpose")


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    office = workspace_at(tmp_path)
    for period in (DECEMBER, MARCH):
        for number, district in enumerate(("鹿城区", "瓯海区", "乐清市")):
            drop_return(office, district, period, (4, 10 + number, 5, 3))
    return office


def before_posting(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(gathering, "calendar", _raise)


def between_two_periods(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(posting, "_clear", _raise)


def after_posting(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(stages, "finish_issues", _raise)


@pytest.mark.parametrize(
    ("stage", "ledger", "posted"),
    [
        (before_posting, "未改动台账", 0),
        (between_two_periods, "本次已入台账3份，其余文件留在收件文件夹，下次继续处理", 3),
        (after_posting, "台账未受影响，产品未能全部生成", 6),
    ],
)
def test_what_a_crash_says_of_the_ledger(
    office: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    stage: Break,
    ledger: str,
    posted: int,
) -> None:
    with monkeypatch.context() as patch:
        stage(patch)
        assert run_cli(["--workspace", str(office.root), "run"]) == 3
    log = office.root / "annex2.log"
    assert capfd.readouterr().err == f"程序内部出错，{ledger}。请将{log}发给技术人员。\n"
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")
    assert rows(office, "select count(*) from submissions") == [(posted,)]
    assert run_cli(["--workspace", str(office.root), "run"]) == 0
    assert rows(office, "select count(*) from submissions") == [(6,)]
    assert left(office) == []


# --- Ctrl-C


IMPORTS_SLOWLY = """
import sys, time

class Slow:
    def find_spec(self, name, *_):
        if name == {module!r}:
            print("begun", flush=True)
            time.sleep(20)

sys.meta_path.insert(0, Slow())
sys.argv[1:] = ["run"]
from pipeline.__main__ import main
main()
"""


@pytest.mark.skipif(os.name != "posix", reason="sends Ctrl-C to a group of processes")
@pytest.mark.parametrize("module", ["pipeline.processes.pool", "pipeline.cli", "pipeline.run", "pipeline.run.posting"])
def test_ctrl_c_is_one_line_however_early(tmp_path: Path, module: str) -> None:
    office = workspace_at(tmp_path)
    name = drop_return(office, "鹿城区")
    process = subprocess.Popen(
        [sys.executable, "-c", IMPORTS_SLOWLY.format(module=module)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout
    assert process.stdout.readline() == b"begun\n"
    time.sleep(0.2)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said.decode("utf-8")) == (130, "已中断，已入台账0份；未处理的文件留在收件文件夹。\n")
    assert left(office) == [name]


def test_ctrl_c_says_how_many_are_in_the_ledger(
    office: Workspace, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_arguments: object) -> None:
        raise KeyboardInterrupt

    from pipeline import __main__ as script

    monkeypatch.setattr(posting, "_clear", interrupt)
    monkeypatch.setattr(sys, "argv", ["annex2", "--workspace", str(office.root), "run"])
    heeded = signal.getsignal(signal.SIGINT)
    try:
        with pytest.raises(SystemExit, match="130"):
            script.main()
    finally:
        signal.signal(signal.SIGINT, heeded)
    assert capfd.readouterr().err == "已中断，已入台账3份；未处理的文件留在收件文件夹。\n"
