"""Every command that the office is told of is there, with every option that is named beside it, and the manual names them all."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from pipeline.cli import app
from pipeline.cli.commands import COMMANDS as NAMES
from tests import ROOT

MANUAL = ROOT / "docs" / "使用手册.md"
CODE = re.compile(r"```\w*\n(.*?)```|`([^`\n]+)`", re.S)
CALL = re.compile(r"(?<![A-Za-z0-9._-])annex2(?:\.sh|\.bat)? +(?=[a-z-])([^#]*)")
WORD = re.compile(r"[^\s，。；：（）“”]+")
LINE: Any = get_command(app)
COMMANDS: dict[str, Any] = {name: LINE.get_command(None, name) for name in NAMES}
GLOBAL = {option for parameter in LINE.params for option in parameter.opts} | {"--help"}


def code(file: Path) -> Iterator[str]:
    """Every line of code in a text: of its blocks, and between two backticks."""
    for block, span in CODE.findall(file.read_text(encoding="utf-8")):
        yield from (block or span).splitlines()


def texts(value: Any) -> Iterator[str]:
    """Every line of text in data."""
    if isinstance(value, str):
        yield from value.splitlines()
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts(each)


def called(line: str) -> tuple[str | None, list[str]] | None:
    """The command and the options of a call of annex2; None where a line is no call."""
    found = CALL.search(line)
    if not found:
        return None
    options = [word.partition("=")[0] for word in WORD.findall(found[1]) if word.startswith("--")]
    first = WORD.match(re.sub(r"--(workspace|programme) \S+ +", "", found[1]))
    return (first[0] if first and not first[0].startswith("-") else None), options


def wrong(line: str) -> list[str]:
    """What of a call there is not."""
    command, options = called(line) or (None, [])
    if command is not None and command not in COMMANDS:
        return [command]
    known = GLOBAL | {option for parameter in (COMMANDS[command].params if command else ()) for option in parameter.opts}
    return [f"{command} {option}" for option in options if option not in known]


@pytest.mark.parametrize("name", ["README.md", "docs/使用手册.md"])
def test_documents_name_commands_and_options_that_are_there(name: str) -> None:
    lines = list(code(ROOT / name))
    assert sum(called(line) is not None for line in lines) > 10
    assert [(line, wrong(line)) for line in lines if wrong(line)] == []


def test_options_named_alone_are_those_of_some_command() -> None:
    known = GLOBAL | {option for command in COMMANDS.values() for parameter in command.params for option in parameter.opts}
    alone = {found[0] for file in (ROOT / "README.md", MANUAL) for line in code(file) if (found := re.match("--[a-z-]+", line))}
    assert "--reason" in alone
    assert alone <= known | {"--yes"}


def test_products_and_messages_name_commands_and_options_that_are_there() -> None:
    files = sorted((ROOT / "schemas" / "wording").glob("*.toml"))
    lines = [line for file in files for line in texts(tomllib.loads(file.read_text(encoding="utf-8")))]
    assert sum(called(line) is not None for line in lines) > 1
    assert [(line, wrong(line)) for line in lines if wrong(line)] == []


@pytest.mark.parametrize("name", ["annex2.bat", "annex2.sh"])
def test_launchers_start_commands_that_are_there(name: str) -> None:
    started = set(re.findall(r"-m pipeline (\w+)", (ROOT / name).read_text(encoding="utf-8")))
    assert started == {"watch"}
    assert started <= COMMANDS.keys()


@pytest.mark.parametrize(("starter", "started"), [("offline/annex2.desktop", "annex2.sh"), ("setup.sh", "annex2.sh")])
def test_what_starts_or_installs_a_launcher_names_one_that_is_there(starter: str, started: str) -> None:
    assert started in (ROOT / starter).read_text(encoding="utf-8")
    assert (ROOT / started).is_file()


def test_the_manuals_list_has_every_command_and_no_other() -> None:
    listed = MANUAL.read_text(encoding="utf-8").partition("## 附三")[2]
    cells = re.findall(r"^\| (`.*?) \|", listed, re.M)
    names = {name for cell in cells for name in re.findall(r"`(?:annex2 )?([a-z]+)", cell)}
    assert names == COMMANDS.keys()


@pytest.mark.parametrize(
    ("line", "not_there"),
    [
        ("annex2 statsu", ["statsu"]),
        ("./annex2.sh status --perod 2025-03-31", ["status --perod"]),
        ("…/.venv/bin/annex2 --workspace demo run --json", []),
        ("请运行annex2 rebuild，由台账重新生成", []),
        ("annex2.log", []),
    ],
)
def test_a_call_is_told_from_other_text(line: str, not_there: list[str]) -> None:
    assert wrong(line) == not_there
