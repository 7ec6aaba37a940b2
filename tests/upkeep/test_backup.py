"""Backup and restore: the workspace in one file, and back to the byte; a damaged backup restores nothing."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any

import pytest

from pipeline.model.errors import BackupRefused
from pipeline.run.rebuild import rebuild
from pipeline.upkeep import archive
from pipeline.upkeep.backup import backup
from pipeline.upkeep.restore import restore
from pipeline.workspace.workspace import Workspace, open_workspace
from schemas.programme import DEFAULT_PROGRAMME
from tests.support.command import annex2, annex2_anew
from tests.support.issued import tree
from tests.support.workspaces import content, drop, drop_return, run_now, workspace_at


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two districts reported, one was sent back; a file waits in the inbox, and the settings name the office."""
    folder = tmp_path_factory.mktemp("reported")
    (folder / "settings.toml").write_text('[office]\ncontact = "王五"\n', encoding="utf-8")
    office = workspace_at(folder)
    drop_return(office, "鹿城区")
    drop_return(office, "龙湾区", values=(20, None, 3, 1))
    run_now(office)
    drop(office, "瓯海区/附件2.xlsx", b"waits")
    return folder


@pytest.fixture
def office(reported: Path, tmp_path: Path) -> Workspace:
    """A copy of it."""
    return open_workspace(shutil.copytree(reported, tmp_path / "office"))


def test_what_was_backed_up_comes_back_to_the_byte(office: Workspace, tmp_path: Path) -> None:
    backup(office, tmp_path / "b.zip")
    restore(tmp_path / "b.zip", tmp_path / "again", DEFAULT_PROGRAMME)
    again = open_workspace(tmp_path / "again")
    assert content(again) == content(office)
    assert tree(again.root / "ledger" / "originals") == tree(office.root / "ledger" / "originals")
    assert tree(again.inbox) == {"瓯海区/附件2.xlsx": b"waits"}
    assert again.office.contact == "王五"
    rebuild(again, None)
    assert tree(again.outbox) == tree(office.outbox)


def test_what_stands_in_the_log_of_the_database_is_backed_up(office: Workspace, tmp_path: Path) -> None:
    connection = sqlite3.connect(office.root / "ledger" / "ledger.db")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    sha256 = hashlib.sha256(b"later").hexdigest()
    (office.root / "ledger" / "originals" / sha256).write_bytes(b"later")
    connection.execute("INSERT INTO originals VALUES (?, 5, '2025-01-01')", (sha256,))
    connection.commit()
    backup(office, tmp_path / "b.zip")
    connection.close()
    restore(tmp_path / "b.zip", tmp_path / "again", DEFAULT_PROGRAMME)
    assert (tmp_path / "again" / "ledger" / "originals" / sha256).read_bytes() == b"later"


def lose(original: Path) -> None:
    original.unlink()


def alter(original: Path) -> None:
    content = bytearray(original.read_bytes())
    content[100] ^= 1
    original.write_bytes(content)


def shorten(original: Path) -> None:
    original.write_bytes(original.read_bytes()[:-1])


@pytest.mark.parametrize("change", [lose, alter, shorten])
def test_an_original_that_is_not_as_it_was_is_told_at_once(
    office: Workspace, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    original = min((office.root / "ledger" / "originals").iterdir())
    change(original)
    done = annex2("--workspace", office.root, "backup", tmp_path / "b.zip", folder=tmp_path)
    assert done.status == 2
    assert done.said.startswith(f"台账所记的原始文件有1份缺失或已被改动（{original.name}）")
    assert [path.name for path in tmp_path.iterdir()] == ["office"]


def cut(database: Path) -> None:
    database.write_bytes(database.read_bytes()[: 5 * 4096])


def overwrite(database: Path) -> None:
    content = bytearray(database.read_bytes())
    content[8192:65536] = bytes(65536 - 8192)
    database.write_bytes(content)


def replace(database: Path) -> None:
    database.write_bytes(b"no database at all" * 1000)


@pytest.mark.parametrize("change", [cut, overwrite, replace])
def test_a_damaged_ledger_is_told_at_once(office: Workspace, tmp_path: Path, change: Callable[[Path], None]) -> None:
    change(office.root / "ledger" / "ledger.db")
    done = annex2("--workspace", office.root, "backup", tmp_path / "b.zip", folder=tmp_path)
    assert (done.status, done.said.startswith(f"台账已损坏：{office.root / 'ledger' / 'ledger.db'}")) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["office"]


def test_a_backup_waits_for_who_is_writing(office: Workspace, tmp_path: Path) -> None:
    with ThreadPoolExecutor() as other:
        with office.locked():
            made = other.submit(annex2_anew, "--workspace", office.root, "backup", tmp_path / "b.zip", folder=tmp_path)
            time.sleep(4)
            drop(office, "later.xlsx", b"later")
            assert not (tmp_path / "b.zip").exists()
        assert made.result().status == 0
    with zipfile.ZipFile(tmp_path / "b.zip") as packed:
        assert packed.read("inbox/later.xlsx") == b"later"


def test_a_ledger_in_another_file_is_kept(office: Workspace, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / "other.db"
    other.parent.mkdir()
    shutil.move(office.root / "ledger" / "ledger.db", other)
    (office.root / "settings.toml").write_text(f'[ledger]\nurl = "sqlite:///{other}"\n', encoding="utf-8")
    there = open_workspace(office.root)
    before = content(there)
    backup(there, tmp_path / "b.zip")
    restored = restore(tmp_path / "b.zip", tmp_path / "again", DEFAULT_PROGRAMME)
    assert content(restored.workspace) == before
    assert (tmp_path / "again" / "ledger" / "ledger.db").exists()
    assert [words["name"] for _, words in restored.remarks] == ["ledger.url"]


def test_what_shrinks_as_a_bomb_does_is_packed_so_that_it_comes_back(
    office: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "ALLOWANCE", 1 << 20)
    drop(office, "大.xlsx", bytes(40 << 20))
    backup(office, tmp_path / "b.zip")
    restore(tmp_path / "b.zip", tmp_path / "again", DEFAULT_PROGRAMME)
    assert (tmp_path / "again" / "inbox" / "大.xlsx").stat().st_size == 40 << 20


def test_a_folder_that_is_not_there_is_named(office: Workspace, tmp_path: Path) -> None:
    done = annex2("--workspace", office.root, "backup", tmp_path / "none" / "b.zip", folder=tmp_path)
    assert (done.status, done.said.strip()) == (2, f"没有这个文件夹，请先建立：{tmp_path / 'none'}")


def test_a_backup_that_cannot_be_read_back_is_not_kept(
    office: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = archive.write

    def broken(stream: IO[bytes], *others: Any) -> dict[str, str]:
        manifest = write(stream, *others)
        end = stream.tell()
        stream.seek(2000)
        stream.write(b"a disk that forgets")
        stream.seek(end)
        return manifest

    monkeypatch.setattr("pipeline.upkeep.backup.write", broken)
    with pytest.raises(BackupRefused, match="unrestorable"):
        backup(office, tmp_path / "b.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["office"]


def test_folders_named_by_the_settings_come_back_under_their_names(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    folder.mkdir()
    (folder / "settings.toml").write_text('[paths]\ninbox = "收件"\n[ledger]\noriginals = "原件"\n', encoding="utf-8")
    office = open_workspace(folder)
    office.inbox.mkdir()
    drop_return(office, "鹿城区")
    run_now(office)
    drop(office, "迟到.xlsx", b"waits")
    backup(office, tmp_path / "b.zip")
    restore(tmp_path / "b.zip", tmp_path / "again", DEFAULT_PROGRAMME)
    assert tree(tmp_path / "again" / "收件") == {"迟到.xlsx": b"waits"}
    assert tree(tmp_path / "again" / "原件") == tree(folder / "原件")


def test_only_an_empty_folder_is_restored_into(office: Workspace, tmp_path: Path) -> None:
    backup(office, tmp_path / "b.zip")
    before = tree(office.root)
    with pytest.raises(BackupRefused, match="occupied"):
        restore(tmp_path / "b.zip", office.root, DEFAULT_PROGRAMME)
    assert tree(office.root) == before


def test_a_backup_is_never_written_over(office: Workspace, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_bytes(b"something else")
    with pytest.raises(BackupRefused, match="target_taken"):
        backup(office, tmp_path / "b.zip")
    assert (tmp_path / "b.zip").read_bytes() == b"something else"


def test_a_backup_that_was_stopped_leaves_nothing(office: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def _stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(zipfile.ZipFile, "writestr", _stopped)
    with pytest.raises(KeyboardInterrupt):
        backup(office, tmp_path / "b.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["office"]


def damaged(source: Path, target: Path, name: str, content: bytes | None) -> Path:
    """A copy of the backup with one file's bytes changed, or left out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
            elif content is not None:
                new.writestr(entry, content)
    return target


@pytest.mark.parametrize("content", [b"altered", None], ids=["altered", "left out"])
def test_a_damaged_backup_restores_nothing(office: Workspace, tmp_path: Path, content: bytes | None) -> None:
    backup(office, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        name = next(name for name in archive.namelist() if name.startswith("ledger/originals/"))
    with pytest.raises(BackupRefused, match=r"damaged|not_one"):
        restore(damaged(tmp_path / "b.zip", tmp_path / "bad.zip", name, content), tmp_path / "again", DEFAULT_PROGRAMME)
    assert not tree(tmp_path / "again")
    assert not list(tmp_path.glob(".*.part"))


@pytest.mark.parametrize("name", ["../outside.txt", "/outside.txt", "a/../../outside.txt", "..\\outside.txt"])
def test_a_backup_writes_nowhere_else(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        files = {"ledger/ledger.db": "0", name: "0"}
        archive.writestr("ledger/ledger.db", b"")
        archive.writestr(name, b"")
        archive.writestr("manifest.json", json.dumps({"schema": "annex2.backup/1", "files": {name: files[name]} | files}))
    with pytest.raises(BackupRefused):
        restore(tmp_path / "b.zip", tmp_path / "deep" / "again", DEFAULT_PROGRAMME)
    assert not list(tmp_path.rglob("*outside*"))


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04"])
def test_what_is_no_backup_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.zip").write_bytes(content)
    with pytest.raises(BackupRefused, match="not_one"):
        restore(tmp_path / "b.zip", tmp_path / "again", DEFAULT_PROGRAMME)


def test_the_commands_say_what_they_did(office: Workspace, tmp_path: Path) -> None:
    done = annex2("--workspace", office.root, "backup", tmp_path / "备份.zip", folder=tmp_path)
    assert (done.status, done.said.strip()) == (0, f"已备份5个文件：{tmp_path / '备份.zip'}")
    done = annex2("--workspace", tmp_path / "again", "restore", tmp_path / "备份.zip", folder=tmp_path)
    assert (done.status, done.said.strip()) == (0, f"已恢复5个文件，并重新生成了outbox：{tmp_path / 'again'}")
    assert tree(tmp_path / "again" / "outbox") == tree(office.outbox)
    done = annex2("--workspace", office.root, "restore", tmp_path / "备份.zip", folder=tmp_path)
    assert done.status == 2
    assert "工作目录不是空的" in done.said


def test_a_ledger_on_a_server_is_backed_up_by_its_own_tools(office: Workspace, tmp_path: Path) -> None:
    settings = 'ledger.url = "postgresql+psycopg://localhost/annex2"\n'
    (office.root / "settings.toml").write_text(settings, encoding="utf-8")
    with pytest.raises(BackupRefused, match="server"):
        backup(open_workspace(office.root), tmp_path / "b.zip")


def test_there_is_nothing_to_back_up_without_a_ledger(tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "office", ignore_errors=True)
    with pytest.raises(BackupRefused, match="no_ledger"):
        backup(workspace_at(tmp_path / "office"), tmp_path / "b.zip")
