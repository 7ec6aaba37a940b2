"""The workspace of a run, and the commands that only look at it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipeline.model import Status
from pipeline.model.errors import WorkspaceBusy
from pipeline.run.checking import check
from pipeline.run.looking import look
from pipeline.run.rebuild import rebuild
from pipeline.workspace import workspace
from pipeline.workspace.workspace import Workspace, open_workspace
from tests.returns import write_return
from tests.support.workspaces import (
    DECEMBER,
    MARCH,
    NOW,
    NUMBERS,
    by_name,
    content,
    drop_return,
    left,
    rules,
    run_now,
    spec,
    statuses,
    tree,
    workspace_at,
)


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    return workspace_at(tmp_path)


def test_a_workspace_in_use_is_told(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "LOCK_SECONDS", 0.1)
    name = drop_return(office, "鹿城区")
    with office.locked(), pytest.raises(WorkspaceBusy):
        run_now(open_workspace(office.root))
    assert left(office) == [name]
    assert statuses(run_now(office)) == {name: "accepted"}


def test_an_empty_inbox_is_a_clean_run(office: Workspace) -> None:
    outcome = run_now(office)
    assert (outcome.files, outcome.period, outcome.folders) == ((), None, ())
    assert not office.outbox.exists()


def test_a_workspace_without_an_inbox_is_given_one(tmp_path: Path) -> None:
    office = open_workspace(tmp_path / "new")
    run_now(office)
    assert office.inbox.is_dir()


def test_paths_of_the_settings_are_used(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(
        f'[paths]\ninbox = "收件"\noutbox = "发件"\n[ledger]\noriginals = "原件"\nurl = "sqlite:///{tmp_path.as_posix()}/台账.db"\n',
        encoding="utf-8",
    )
    office = open_workspace(tmp_path)
    office.inbox.mkdir()
    drop_return(office, "鹿城区")
    run_now(office)
    assert {path.name for path in tmp_path.iterdir()} >= {"收件", "发件", "原件", "台账.db"}
    assert not (tmp_path / "ledger" / "ledger.db").exists()
    assert len(list((tmp_path / "原件").iterdir())) == 1


def test_called_periods_of_the_settings_are_the_only_ones(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[periods]\ncalled = ["2025-02-15"]\n', encoding="utf-8")
    office = workspace_at(tmp_path)
    called = drop_return(office, "鹿城区", dt.date(2025, 2, 15), naming="district_iso")
    other = drop_return(office, "龙湾区", MARCH)
    found = by_name(run_now(office))
    assert (str(found[called].status), found[called].period) == ("accepted", dt.date(2025, 2, 15))
    assert rules(found[other]) == ["F05"]


def test_check_judges_each_file_alone_and_writes_nothing(office: Workspace, tmp_path: Path) -> None:
    paths = []
    for number, values in enumerate([(20, 30, 18, 8), (21, 30, 18, 8)]):
        paths.append(tmp_path / f"鹿城区2025年3月_{number}.xlsx")
        paths[-1].write_bytes(write_return(spec(office.programme, "鹿城区", values=values)))
    before = tree(office.root)
    outcome = check(office, paths, None, NOW)
    assert [str(file.status) for file in outcome.files] == ["accepted", "accepted"]
    assert [file.file for file in outcome.files] == [str(path) for path in paths]
    assert tree(office.root) == before


def test_check_compares_with_the_ledger_and_leaves_it_as_it_is(office: Workspace, tmp_path: Path) -> None:
    drop_return(office, "鹿城区", DECEMBER, (20, 30, 18, 8))
    run_now(office)
    path = tmp_path / "鹿城区2025年3月.xlsx"
    path.write_bytes(write_return(spec(office.programme, "鹿城区", values=(19, 30, 18, 8))))
    before, known = tree(office.root), content(office)
    (found,) = check(office, [path], None, NOW).files
    assert rules(found) == ["P01"]
    assert tree(office.root) == before
    assert content(office) == known


def test_look_shows_the_latest_period_or_the_one_asked_for(office: Workspace) -> None:
    drop_return(office, "鹿城区", DECEMBER)
    drop_return(office, "鹿城区", MARCH)
    run_now(office)
    latest, earlier = look(office, None), look(office, DECEMBER)
    assert latest
    assert earlier
    assert (latest.period, earlier.period) == (MARCH, DECEMBER)
    assert [file.period for file in latest.files] == [MARCH]


def test_look_at_nothing(tmp_path: Path) -> None:
    office = open_workspace(tmp_path)
    assert look(office, None) is None
    view = look(office, MARCH)
    assert view
    assert {record.state for record in view.districts} == {"未报"}
    assert list(tmp_path.iterdir()) == []


def test_rebuild_one_period_leaves_the_others(office: Workspace) -> None:
    for period in (DECEMBER, MARCH):
        drop_return(office, "鹿城区", period)
    run_now(office)
    for file in list(office.outbox.rglob("*.html")):
        file.unlink()
    assert rebuild(office, MARCH) == (office.outbox / "2025-03-31",)
    assert {path.parent.name for path in office.outbox.rglob("*.html")} == {"2025-03-31"}


def test_statuses_are_those_of_the_interface() -> None:
    assert [status.value for status in Status] == [
        "accepted",
        "pending",
        "returned",
        "duplicate",
        "attachment",
        "ignored",
        "waiting",
        "withdrawn",
        "baseline",
    ]


def test_the_values_of_the_tests_are_a_good_return(office: Workspace) -> None:
    name = drop_return(office, "海经区", values=NUMBERS)
    assert statuses(run_now(office)) == {name: "accepted"}
