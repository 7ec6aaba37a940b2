"""The office's launchers. Those of Windows cannot be run here: what is known to break batch files is looked for in them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

import pytest

from offline.manual import page
from tests import ROOT

SAYS = ROOT / "offline" / "says"
LAUNCHERS = ("setup.bat", "annex2.bat", "setup.sh", "annex2.sh")
posix = pytest.mark.skipif(os.name != "posix", reason="runs shell scripts")

RECORDER = """#!/bin/sh
echo "$ANNEX2_WORKSPACE|$PWD|$*" >>"$RECORD"
case "$0 $*" in
  *xdg-open*) : >"$RECORD.opened" ;;
  *watch*) while [ ! -e "$RECORD.opened" ]; do sleep 0.02; done ;;
  *-m?venv*) mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
esac
"""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """The folder of an office PC, its name made to hurt, with a recorder for every programme that the launchers start."""
    folder = tmp_path / "科技 副总 & |报表"
    shutil.copytree(ROOT / "offline", folder / "offline")
    for name in (*LAUNCHERS, "requirements.lock"):
        shutil.copy(ROOT / name, folder / name)
    for place in (folder / "python" / "bin" / "python3", tmp_path / "bin" / "xdg-open", tmp_path / "bin" / "xdg-user-dir"):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(RECORDER)
        place.chmod(0o755)
    (tmp_path / "bin" / "xdg-user-dir").write_text(f"#!/bin/sh\necho '{tmp_path}/Desktop'\n")
    (tmp_path / "Desktop").mkdir()
    return folder


def launched(office: Path, name: str, *arguments: str, more: Mapping[str, str] | None = None) -> tuple[int, str, list[str]]:
    """Exit status, what was said, and a line "workspace|folder|arguments" for each programme started."""
    home = office.parent
    record = home / "record"
    surroundings = {"PATH": f"{home / 'bin'}:{os.defpath}", "HOME": str(home), "RECORD": str(record)}
    done = subprocess.run(
        ["sh", office / name, *arguments],
        env=surroundings | dict(more or {}),
        input="\n",
        capture_output=True,
        text=True,
        cwd=home,
        timeout=30,
    )
    return done.returncode, done.stdout + done.stderr, record.read_text().splitlines() if record.exists() else []


def said(name: str) -> str:
    return (SAYS / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["setup.bat", "annex2.bat"])
def test_batch_files_are_ascii_with_line_ends_of_windows(name: str) -> None:
    content = (ROOT / name).read_bytes()
    assert content.isascii()
    assert content.count(b"\n") == content.count(b"\r\n") > 10


@pytest.mark.parametrize("name", ["setup.bat", "annex2.bat"])
def test_batch_files_go_only_to_labels_that_exist(name: str) -> None:
    content = (ROOT / name).read_text()
    labels = set(re.findall(r"^:(\w+)", content, re.M)) | {"eof"}
    gone_to = set(re.findall(r"(?:goto|call) :?(\w+)", content))
    assert gone_to
    assert gone_to <= labels


@pytest.mark.parametrize("name", LAUNCHERS)
def test_everything_that_a_launcher_says_is_there(name: str) -> None:
    content = (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"says[\\/]([\w-]+)\.txt", content)) | set(re.findall(r"\bstop ([\w-]+)", content))
    assert named
    assert all(said(one).endswith("。\n") or said(one).endswith("……\n") for one in named)


@posix
def test_setup_installs_from_the_wheelhouse_alone_and_puts_an_icon_on_the_desktop(office: Path) -> None:
    (office / "wheelhouse").mkdir()
    status, text, started = launched(office, "setup.sh")
    assert (status, said("done") in text) == (0, True)
    installs = [line for line in started if "pip install" in line]
    assert [line.partition("wheelhouse ")[2] for line in installs] == [
        "--require-hashes -r requirements.lock",
        "--no-deps annex2",
    ]
    assert all("--no-index" in line for line in installs)
    assert started[-1].endswith("|offline/manual.py")
    icons = [office.parent / "Desktop" / "annex2.desktop", office.parent / ".local" / "share" / "applications" / "annex2.desktop"]
    assert all(f'Exec="{office}/annex2.sh"\n' in icon.read_text(encoding="utf-8") and os.access(icon, os.X_OK) for icon in icons)


def test_the_manual_becomes_a_page_with_style_tables_and_pictures() -> None:
    shown = page((ROOT / "docs" / "使用手册.md").read_text(encoding="utf-8"), "docs")
    pictures = [ROOT / unquote(source) for source in re.findall(r'<img src="([^"]+)"', shown)]
    assert len(pictures) > 5
    assert all(picture.is_file() and picture.stat().st_size < 150_000 for picture in pictures)
    assert "<title>使用手册</title>" in shown
    assert "|---" not in shown
    assert "border-collapse" in shown


@posix
def test_setup_says_when_the_wheelhouse_is_missing(office: Path) -> None:
    status, text, started = launched(office, "setup.sh")
    assert (status, text) == (1, said("no-wheelhouse"))
    assert not any("pip install" in line for line in started)


@posix
def test_the_launcher_opens_the_outbox_and_starts_the_watcher(office: Path) -> None:
    (office / "wheelhouse").mkdir()
    launched(office, "setup.sh")
    (office.parent / "record").unlink()
    status, text, started = launched(office, "annex2.sh")
    assert (status, text) == (0, said("stopped"))
    assert sorted(started) == [f"{office}|{office}|-P -m pipeline watch", f"{office}|{office}|outbox"]
    assert (office / "inbox").is_dir()


@posix
def test_the_launcher_takes_another_workspace_as_it_is(office: Path, tmp_path: Path) -> None:
    (office / "wheelhouse").mkdir()
    launched(office, "setup.sh")
    workspace = tmp_path / "工作"
    workspace.mkdir()
    (workspace / "settings.toml").touch()
    _, _, started = launched(office, "annex2.sh", more={"ANNEX2_WORKSPACE": str(workspace)})
    assert sorted(started[-2:]) == [f"{workspace}|{workspace}|-P -m pipeline watch", f"{workspace}|{workspace}|."]
    assert [path.name for path in workspace.iterdir()] == ["settings.toml"]


@posix
def test_the_launcher_with_arguments_is_the_command(office: Path) -> None:
    (office / "wheelhouse").mkdir()
    launched(office, "setup.sh")
    _, _, started = launched(office, "annex2.sh", "issue", "2025-03-31", "--by", "张三")
    assert started[-1] == f"{office}|{office.parent}|-P -m pipeline issue 2025-03-31 --by 张三"


@posix
def test_the_launcher_says_when_nothing_is_installed(office: Path) -> None:
    assert launched(office, "annex2.sh", "status") == (2, said("not-installed"), [])
