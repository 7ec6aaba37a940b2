"""What goes wrong on the command line, and its help: Chinese sentences and exit statuses, on any terminal."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.workspace import workspace
from schemas.programme import Programme
from tests.returns import write_return
from tests.support.command import annex2, annex2_anew
from tests.support.workspaces import drop, drop_return, spec, workspace_at

CHINESE = re.compile("[\u4e00-\u9fff]")
ENGLISH = re.compile(r"\b(Usage|Options?|Arguments?|Commands?|Show|exit|Error|Invalid|Missing|Got|requires|default|unexpected)\b")
DECIDING = ["approve", "refuse", "explain", "return", "withdraw", "assign", "excuse", "receive"]
COMMANDS = [
    "demo",
    "check",
    "run",
    "status",
    "rebuild",
    "template",
    *DECIDING,
    "issue",
    "reopen",
    "backup",
    "restore",
    "import",
    "history",
    "assess",
    "doctor",
    "send",
    "watch",
]


@pytest.fixture
def good(tmp_path: Path, programme: Programme) -> Path:
    path = tmp_path / "鹿城区2025年3月.xlsx"
    path.write_bytes(write_return(spec(programme, "鹿城区")))
    return path


# --- wrong usage


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["frob"], "没有命令“frob”"),
        (["run", "--nope"], "没有选项“--nope”"),
        (["run", "extra"], "多余的参数：extra"),
        (["run", "--period"], "--period"),
        (["run", "--json=1"], "--json"),
        (["check"], "缺少参数FILE"),
        (["check", "没有.xlsx"], "没有这个文件：没有.xlsx"),
        (["run", "--period", "昨天"], "“昨天”不是报告期"),
        (["run", "--period", "2024-13-01"], "“2024-13-01”不是报告期"),
        (["status", "--period", "6月底"], "“6月底”不是报告期"),
        (["rebuild", "全部"], "“全部”不是报告期"),
        (["--workspace"], "--workspace"),
        (["--programme", "没有.toml", "status"], "设置有误：没有.toml"),
        (["--workspace", "."], "缺少命令"),
        ([], "用法：annex2"),
    ],
)
def test_wrong_usage_ends_with_2_and_a_chinese_sentence(tmp_path: Path, arguments: list[str], says: str) -> None:
    done = annex2(*arguments, folder=tmp_path)
    assert (done.status, done.output) == (2, b"")
    assert says in done.said
    assert not ENGLISH.search(done.said)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[periods\n", "settings.toml第1行写法有误"),
        ("[periods]\ncaled = []\n", "“periods.caled”不是设置项"),
        ('[periods]\ncalled = "x"\n', "settings.toml中的“periods.called”写的是“x”，应为列表，写在方括号里，如"),
        ('[ledger]\nurl = "nonsense"\n', "台账nonsense无法打开"),
    ],
)
@pytest.mark.parametrize("command", ["run", "status"])
def test_settings_that_cannot_be_used_end_with_2(tmp_path: Path, text: str, says: str, command: str) -> None:
    workspace_at(tmp_path)
    (tmp_path / "settings.toml").write_text(text, encoding="utf-8")
    done = annex2(command, folder=tmp_path)
    assert (done.status, done.output) == (2, b"")
    assert done.said.startswith("设置有误：")
    assert says in done.said


def test_a_workspace_that_is_a_file_ends_with_2(tmp_path: Path) -> None:
    (tmp_path / "office").write_bytes(b"x")
    done = annex2("--workspace", "office", "run", folder=tmp_path)
    assert done.status == 2
    assert done.said.startswith("不能读写：")


def test_a_workspace_in_use_ends_with_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(workspace, "LOCK_SECONDS", 0.1)
    office = workspace_at(tmp_path)
    with office.locked():
        assert cli.run_cli(["--workspace", str(tmp_path), "run"]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "另一窗口正在处理，请稍后再试。\n")


# --- internal errors


def test_an_internal_error_ends_with_3_and_a_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("pipeline.cli.run.run_inbox", _break)
    workspace_at(tmp_path)
    assert cli.run_cli(["--workspace", str(tmp_path), "run"]) == 3
    log = tmp_path / "annex2.log"
    assert capsys.readouterr().err == f"程序内部出错，未改动台账。请将{log.resolve()}发给技术人员。\n"
    assert "ZeroDivisionError: broken" in log.read_text(encoding="utf-8")


def test_an_internal_error_where_no_log_can_be_written_ends_with_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("pipeline.cli.run.run_inbox", _break)
    (tmp_path / "annex2.log").mkdir()
    assert cli.run_cli(["--workspace", str(tmp_path), "run"]) == 3
    assert "程序内部出错" in capsys.readouterr().err


def _break(*_arguments: object) -> None:
    raise ZeroDivisionError("broken")


# --- terminals and help


@pytest.mark.parametrize(
    "arguments", [["check", "鹿城区2025年3月.xlsx", "--json"], ["run"], ["status"], ["--help"], ["run", "--nope"]]
)
def test_a_gbk_terminal_is_no_obstacle(good: Path, arguments: list[str]) -> None:
    office = workspace_at(good.parent)
    drop(office, "龙湾区2025年3月_✓.xlsx", good.read_bytes())
    done = annex2_anew(*arguments, folder=good.parent, encoding="gbk")
    assert done.status in (0, 1, 2)
    assert "Traceback" not in done.said
    if "--json" in arguments:
        assert done.json["files"][0]["district"] == "鹿城区"


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_chinese_only(tmp_path: Path, command: str) -> None:
    done = annex2(*filter(None, [command, "--help"]), folder=tmp_path, COLUMNS="40")
    shown = done.output.decode("utf-8")
    assert (done.status, done.said) == (0, "")
    assert shown.startswith(f"用法：annex2 {command}".rstrip())
    assert "显示本说明" in shown
    assert not ENGLISH.search(shown)
    explained = [line for line in shown.splitlines() if line.startswith("  ")]
    assert all(CHINESE.search(line) for line in explained)


def test_every_command_is_on_the_help_page(tmp_path: Path) -> None:
    shown = annex2("--help", folder=tmp_path).output.decode("utf-8")
    assert re.findall(r"^  ([a-z]+) ", shown, re.M) == COMMANDS


LOADED = "import sys; from pipeline.cli import run_cli; run_cli(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"


def test_a_plain_run_loads_no_rich(tmp_path: Path) -> None:
    drop_return(workspace_at(tmp_path), "鹿城区")
    done = subprocess.run([sys.executable, "-c", LOADED, "--workspace", str(tmp_path), "run"], capture_output=True, check=True)
    modules = done.stderr.decode("utf-8").splitlines()[-1].split()
    assert "pipeline.run" in modules
    assert not {name for name in modules if name.partition(".")[0] in {"rich", "pandas", "pandera", "openpyxl"}}
