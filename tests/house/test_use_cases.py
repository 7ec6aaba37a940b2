"""Behind every command stands a use case that another front end can call: it prints nothing and knows no exit status."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli.commands import COMMANDS
from pipeline.decisions import Request
from pipeline.mail.sending import prepare
from pipeline.model import Act, Status
from pipeline.run import run
from pipeline.run.books import assess_year
from pipeline.run.checking import check
from pipeline.run.deciding import carry_out
from pipeline.run.looking import look, versions_of
from pipeline.run.rebuild import rebuild
from pipeline.run.templates import make_templates
from pipeline.upkeep.backup import backup
from pipeline.upkeep.doctor import Office, examine
from pipeline.upkeep.restore import restore
from tests import ROOT
from tests.support.workspaces import MARCH, NOW, drop_return, workspace_at

DECIDING = ("approve", "refuse", "explain", "return", "withdraw", "assign", "excuse", "receive", "reopen")
USE_CASES = {
    "demo": "pipeline.upkeep.demo.demonstrate:demonstrate",
    "check": "pipeline.run.checking:check",
    "run": "pipeline.run:run",
    "status": "pipeline.run.looking:look",
    "rebuild": "pipeline.run.rebuild:rebuild",
    "template": "pipeline.run.templates:make_templates",
    **dict.fromkeys(DECIDING, "pipeline.run.deciding:carry_out"),
    "issue": "pipeline.run.rebuild:issue_period",
    "backup": "pipeline.upkeep.backup:backup",
    "restore": "pipeline.upkeep.restore:restore",
    "import": "pipeline.upkeep.baseline:take_over",
    "history": "pipeline.run.looking:versions_of",
    "assess": "pipeline.run.books:assess_year",
    "doctor": "pipeline.upkeep.doctor:examine",
    "send": "pipeline.mail.sending:prepare",
    "watch": "pipeline.run.watch:watch",
}


def named(place: str) -> Any:
    module, _, function = place.partition(":")
    return getattr(import_module(module), function)


def reached(module: Any) -> list[Any]:
    """What a file of the command line names, and what the files name from which it takes its functions."""
    own = list(vars(module).values())
    lent = {each.__module__ for each in own if getattr(each, "__module__", "").startswith("pipeline.cli.")}
    return [*own, *(each for name in sorted(lent) for each in vars(sys.modules[name]).values())]


def test_every_command_has_a_use_case() -> None:
    assert USE_CASES.keys() == COMMANDS.keys()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_calls_its_use_case(command: str) -> None:
    module = import_module(COMMANDS[command].partition(":")[0])
    assert any(each is named(USE_CASES[command]) for each in reached(module))


def test_use_cases_know_no_console() -> None:
    modules = sorted({place.partition(":")[0] for place in USE_CASES.values()})
    program = f"import sys; import {', '.join(modules)}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {name for name in done.stdout.split() if name.partition(".")[0] in ("typer", "rich") or name == "pipeline.cli"}


def test_an_office_is_run_without_the_console(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    office = workspace_at(tmp_path / "office")
    make_templates(office, MARCH, (), None, NOW)
    file = drop_return(office, "鹿城区")
    asked = check(office, [office.inbox / file], None, NOW)
    came = run(office, None, NOW)
    assert [each.status for each in (*asked.files, *came.files)] == [Status.ACCEPTED] * 2
    request = Request(Act.WITHDRAW.value, "张三", "来函撤回", "鹿城区", MARCH)
    assert [each.act for each in carry_out(office, [request], NOW).decisions] == [Act.WITHDRAW]
    view = look(office, MARCH)
    assert view is not None
    assert view.values == {}
    assert len(versions_of(office, None, MARCH, None, True)) == 1
    assert assess_year(office, 2025) is None
    assert rebuild(office, MARCH)
    assert prepare(office, MARCH, NOW).letters
    kept = backup(office, tmp_path / "kept.zip")
    again = restore(tmp_path / "kept.zip", tmp_path / "again", office.programme_file)
    assert again.files == kept.files
    assert list(examine(Office(office, NOW, NOW)))
    assert capfd.readouterr() == ("", "")
