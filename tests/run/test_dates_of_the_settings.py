"""What the settings say about a period: when returns are due, who is overdue, whom to ask."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from pipeline.run.looking import look
from pipeline.workspace.workspace import Workspace
from tests.support.workspaces import MARCH, drop_return, run_now, workspace_at

SETTINGS = """
[deadlines]
dates = {"2025-03-31" = "2025-04-07"}
[office]
contact = "王五"
phone = "88888888"
[contacts."鹿城区"]
unit = "鹿城区科学技术局"
"""


def office(folder: Path, settings: str) -> Workspace:
    workspace = workspace_at(folder)
    (folder / "settings.toml").write_text(settings, encoding="utf-8")
    return workspace


def test_the_due_day_and_whom_to_ask_stand_in_the_picture(tmp_path: Path) -> None:
    workspace = office(tmp_path, SETTINGS)
    drop_return(workspace, "鹿城区", values=(20, "约30", 18, 8))
    run_now(workspace)
    view = look(workspace, MARCH)
    assert view
    assert (view.due, view.office.contact, view.office.units) == (dt.date(2025, 4, 7), "王五", {"鹿城区": "鹿城区科学技术局"})
    assert view.districts[0].resend_by is not None


def test_who_did_not_report_in_time_is_overdue(tmp_path: Path) -> None:
    workspace = office(tmp_path, SETTINGS)
    drop_return(workspace, "鹿城区")
    run_now(workspace, now=dt.datetime(2025, 4, 7, 15, tzinfo=dt.UTC))
    view = look(workspace, MARCH)
    assert view
    assert {record.marks for record in view.districts[1:]} == {()}
    drop_return(workspace, "龙湾区")
    run_now(workspace, now=dt.datetime(2025, 4, 7, 17, tzinfo=dt.UTC))
    view = look(workspace, MARCH)
    assert view
    assert {record.marks for record in view.districts[2:]} == {("逾期未报",)}


def test_without_a_deadline_nobody_is_overdue(tmp_path: Path) -> None:
    workspace = office(tmp_path, "")
    drop_return(workspace, "鹿城区")
    run_now(workspace, now=dt.datetime(2025, 8, 1, tzinfo=dt.UTC))
    view = look(workspace, MARCH)
    assert view
    assert {record.marks for record in view.districts} == {()}
