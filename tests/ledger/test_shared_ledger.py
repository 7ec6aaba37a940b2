"""One ledger on a server and one folder of originals, used by several machines: nothing twice, every outbox complete."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.ledger.store import held
from pipeline.model.errors import SettingsError, WorkspaceBusy
from pipeline.workspace.workspace import Workspace
from tests import ROOT
from tests.support import postgres
from tests.support.command import annex2
from tests.support.issued import tree, values_of
from tests.support.workspaces import drop_return, rows, run_now, workspace_at

HERE, THERE = ("鹿城区", "龙湾区"), ("瓯海区", "洞头区")


@pytest.fixture
def url() -> Iterator[str]:
    address = postgres.schema()
    yield address
    postgres.drop(address)


@pytest.fixture
def machines(tmp_path: Path, url: str) -> tuple[Workspace, Workspace]:
    return office(tmp_path / "one", url, tmp_path / "originals"), office(tmp_path / "two", url, tmp_path / "originals")


def office(folder: Path, url: str, originals: Path) -> Workspace:
    folder.mkdir()
    settings = f"[ledger]\nurl = '{url}'\noriginals = '{originals}'\n"
    (folder / "settings.toml").write_text(settings, encoding="utf-8")
    return workspace_at(folder)


def drop_all(office: Workspace, *districts: str) -> None:
    for district in districts:
        drop_return(office, district, values=values_of(office, district))


def test_what_one_machine_takes_in_is_in_the_outbox_of_the_other(machines: tuple[Workspace, Workspace]) -> None:
    one, two = machines
    drop_all(one, *HERE)
    drop_all(two, *THERE)
    run_now(one)
    run_now(two)
    assert tree(one.outbox) != tree(two.outbox)
    run_now(one)
    assert tree(one.outbox) == tree(two.outbox)
    assert len(tree(one.root.parent / "originals")) == 4


def test_two_machines_at_once_count_every_file_once(machines: tuple[Workspace, Workspace]) -> None:
    for machine, districts in zip(machines, (HERE, THERE), strict=True):
        drop_all(machine, *districts)
    same = drop_return(machines[0], "泰顺县", values=(1, 2, 1, 0))
    (machines[1].inbox / same).write_bytes((machines[0].inbox / same).read_bytes())
    command = [sys.executable, "-m", "pipeline"]
    running = [
        subprocess.Popen([*command, "--workspace", str(machine.root), "run"], cwd=ROOT, stderr=subprocess.PIPE)
        for machine in machines
    ]
    said = [process.communicate(timeout=300)[1].decode() for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    found = rows(machines[0], "select district, number from versions order by 1")
    assert sorted(found) == sorted((district, 1) for district in (*HERE, *THERE, "泰顺县"))
    assert rows(machines[0], "select status, count(*) from judgements group by 1 order by 1") == [
        ("accepted", 5),
        ("duplicate", 1),
    ]


def test_a_ledger_that_another_machine_writes_in_is_waited_for(machines: tuple[Workspace, Workspace], url: str) -> None:
    with held(url, 1), pytest.raises(TimeoutError), held(url, 0.5):
        pass
    with held(url, 1):
        pass


def test_a_ledger_that_stays_taken_is_said_to_be_busy(
    machines: tuple[Workspace, Workspace], url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.workspace.workspace.LOCK_SECONDS", 0.3)
    with held(url, 1), pytest.raises(WorkspaceBusy):
        run_now(machines[0])


@pytest.mark.parametrize(
    "address", ["postgresql+psycopg://clerk:secret@127.0.0.1:1/annex2", "postgresql+nodriver://clerk:secret@127.0.0.1/annex2"]
)
def test_a_server_that_cannot_be_reached_is_told_without_the_password(tmp_path: Path, address: str) -> None:
    (tmp_path / "inbox").mkdir()
    done = annex2("run", folder=tmp_path, ANNEX2_LEDGER__URL=address)
    assert done.status == 2
    assert "台账" in done.said
    assert "secret" not in done.said


def test_settings_that_name_no_database_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNEX2_LEDGER__URL", "no database")
    with pytest.raises(SettingsError):
        run_now(workspace_at(tmp_path))
