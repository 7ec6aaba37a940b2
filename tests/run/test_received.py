"""登记收到时间: 迟报 is set and taken off by the command itself, on accepted returns too."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipeline.workspace.workspace import Workspace
from tests.support.command import annex2
from tests.support.issued import AGAIN, BY, decide, states
from tests.support.workspaces import MARCH, drop_return, rows, run_now, workspace_at

pytestmark = pytest.mark.usefixtures("database", "ledger_alone")

IN_TIME, LATE = (dt.datetime(2025, 4, day, 2, tzinfo=dt.UTC) for day in (1, 2))


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    """鹿城区's return came two days late."""
    office = workspace_at(tmp_path)
    (tmp_path / "settings.toml").write_text('[deadlines]\ndates = {"2025-03-31" = "2025-04-01"}\n', encoding="utf-8")
    drop_return(office, "鹿城区")
    run_now(office)
    return office


def test_the_true_time_takes_the_mark_off_and_sets_it(office: Workspace) -> None:
    assert states(office)["鹿城区"] == ("审核通过", ("迟报",))
    decide(office, "receive", "鹿城区", received=IN_TIME)
    assert states(office)["鹿城区"] == ("审核通过", ())
    decide(office, "receive", "鹿城区", received=LATE)
    assert states(office)["鹿城区"] == ("审核通过", ("迟报",))


def test_the_time_of_the_first_return_counts_for_those_after_it(office: Workspace) -> None:
    drop_return(office, "鹿城区", values=(21, 31, 18, 8))
    run_now(office, now=AGAIN)
    assert states(office)["鹿城区"] == ("审核通过", ("迟报",))
    ((first,),) = rows(office, "select sha256 from submissions where id = (select min(id) from submissions)")
    decide(office, "receive", "鹿城区", file=first, received=IN_TIME)
    assert states(office)["鹿城区"] == ("审核通过", ())


@pytest.mark.usefixtures("commands")
def test_the_command_shows_it_at_once(office: Workspace, database: str) -> None:
    place = ("--district", "鹿城区", "--period", str(MARCH), "--by", BY, "--reason", "邮件为证")
    done = annex2("receive", *place, "--at", "2025-04-01 10:00", folder=office.root)
    assert done.status == 0
    (record,) = (each for each in annex2("status", "--json", folder=office.root).json["districts"] if each["version"])
    assert record["marks"] == []
