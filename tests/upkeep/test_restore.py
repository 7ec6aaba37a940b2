"""restore: whatever an archive holds, nothing is written outside the folder, and what is refused leaves nothing behind."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import stat
import struct
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.model.errors import BackupRefused
from pipeline.upkeep import archive
from pipeline.upkeep.backup import backup
from pipeline.upkeep.restore import restore
from pipeline.workspace.workspace import open_workspace
from schemas.programme import DEFAULT_PROGRAMME
from tests.support.command import annex2
from tests.support.issued import tree
from tests.support.workspaces import drop, drop_return, run_now, workspace_at

Files = dict[str, bytes]

UP = "../" * 3
"""Far enough up to lead out of every folder."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of an office where one district reported and a file waits."""
    folder = tmp_path_factory.mktemp("made")
    office = workspace_at(folder / "office")
    drop_return(office, "鹿城区")
    run_now(office)
    drop(office, "瓯海区/附件2.xlsx", b"waits")
    backup(office, folder / "b.zip")
    return folder / "b.zip"


@pytest.fixture
def files(made: Path) -> Files:
    """Its files by name, without the manifest."""
    with zipfile.ZipFile(made) as packed:
        return {name: packed.read(name) for name in packed.namelist() if name != "manifest.json"}


def manifest(files: Mapping[str, bytes]) -> bytes:
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return json.dumps({"schema": "annex2.backup/1", "escaped": True, "files": hashes}).encode()


def pack(target: Path, files: Files, entries: Mapping[str, zipfile.ZipInfo] | None = None) -> Path:
    """A backup whose manifest agrees with what it holds; ``entries`` say more of some."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in (files | {"manifest.json": manifest(files)}).items():
            packed.writestr((entries or {}).get(name, name), content)
    return target


def put_back(source: Path, root: Path) -> None:
    restore(source, root, DEFAULT_PROGRAMME)


def refused(source: Path, tmp_path: Path, problem: str | None = None) -> None:
    """A restore of it is refused, in one line, and leaves nothing behind."""
    before = tree(tmp_path), set(tmp_path.rglob("*"))
    with pytest.raises(BackupRefused, match=problem):
        put_back(source, tmp_path / "deep" / "again")
    assert (tree(tmp_path), set(tmp_path.rglob("*"))) == before


def test_what_is_as_it_was_comes_back(files: Files, tmp_path: Path) -> None:
    put_back(pack(tmp_path / "b.zip", files), tmp_path / "deep" / "again")
    assert tree(tmp_path / "deep" / "again" / "inbox") == {"瓯海区/附件2.xlsx": b"waits"}


NAMES = [
    "/etc/outside.txt",
    "../outside.txt",
    "inbox/../../outside.txt",
    "inbox/./a.txt",
    "inbox//a.txt",
    "inbox\\..\\..\\outside.txt",
    "C:/outside.txt",
    "inbox/C:outside.txt",
    "//server/share/outside.txt",
    "ledger/ledger.db-journal",
    "ledger/other.db",
    "outbox/index.html",
    "annex2.log",
    "inbox/settings.toml/../../x",
    "own/模板.docx",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_no_backup_has_is_refused(files: Files, tmp_path: Path, name: str) -> None:
    refused(pack(tmp_path / "b.zip", files | {name: b"x"}), tmp_path, "unacceptable")


@pytest.mark.parametrize("name", NAMES[:3])
def test_such_a_name_is_refused_also_where_the_manifest_does_not_know_it(files: Files, tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(pack(tmp_path / "b.zip", files), "a") as packed:
        packed.writestr(name, b"x")
    refused(tmp_path / "b.zip", tmp_path, "unacceptable")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK, stat.S_IFDIR])
def test_what_is_no_plain_file_is_refused(files: Files, tmp_path: Path, kind: int) -> None:
    entry = zipfile.ZipInfo("inbox/a")
    entry.create_system, entry.external_attr = 3, (kind | 0o777) << 16
    refused(pack(tmp_path / "b.zip", files | {"inbox/a": b"/etc"}, {"inbox/a": entry}), tmp_path, "unacceptable")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused(files: Files, tmp_path: Path) -> None:
    with zipfile.ZipFile(pack(tmp_path / "b.zip", files), "a") as packed:
        packed.writestr("settings.toml", b"")
        packed.writestr("settings.toml", b"[office]")
    refused(tmp_path / "b.zip", tmp_path, "unacceptable")


@pytest.mark.parametrize("name", ["inbox/瓯海区", "inbox/瓯海区/附件2.xlsx/a"])
def test_a_file_that_is_a_folder_as_well_is_refused(files: Files, tmp_path: Path, name: str) -> None:
    refused(pack(tmp_path / "b.zip", files | {name: b"x"}), tmp_path, "unacceptable")


@pytest.mark.parametrize("name", ["inbox/" + "长" * 300, "inbox/" + "a/" * 3000 + "b"])
def test_a_name_that_no_system_takes_is_refused(files: Files, tmp_path: Path, name: str) -> None:
    refused(pack(tmp_path / "b.zip", files | {name: b"x"}), tmp_path, "unacceptable")


ESCAPES = ["inbox/%2E%2E/%2E%2E/outside", "inbox/a%2F..%2F..%2F..%2Foutside", "inbox/%2Fetc", "inbox/%00"]


@pytest.mark.parametrize("name", ESCAPES)
def test_an_escaped_name_leads_nowhere_else(files: Files, tmp_path: Path, name: str) -> None:
    put_back(pack(tmp_path / "b.zip", files | {name: b"x"}), tmp_path / "deep" / "again")
    assert (tmp_path / "deep" / "again" / name).read_bytes() == b"x"
    assert {path.name for path in tmp_path.iterdir()} == {"b.zip", "deep"}


def test_a_bomb_is_refused_by_what_it_says(files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "ALLOWANCE", 1 << 20)
    refused(pack(tmp_path / "b.zip", files | {"inbox/a": bytes(40 << 20)}), tmp_path, "too_large")


def test_sizes_are_counted_and_not_believed(files: Files, tmp_path: Path) -> None:
    made = pack(tmp_path / "b.zip", {"inbox/aaaa": bytes(50 << 20)} | files)
    content = bytearray(made.read_bytes())
    for sign, at, of in ((b"PK\x01\x02", 24, 46), (b"PK\x03\x04", 22, 30)):
        begin = next(n for n in range(len(content)) if content[n : n + 4] == sign and content[n + of :][:10] == b"inbox/aaaa")
        struct.pack_into("<I", content, begin + at, 10)
    made.write_bytes(content)
    refused(made, tmp_path, "damaged")


def test_an_archive_with_a_password_is_refused(files: Files, tmp_path: Path) -> None:
    content = bytearray(pack(tmp_path / "b.zip", files).read_bytes())
    for sign, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        begin = -1
        while (begin := content.find(sign, begin + 1)) >= 0:
            content[begin + at] |= 1
    (tmp_path / "b.zip").write_bytes(content)
    refused(tmp_path / "b.zip", tmp_path, "encrypted")


def test_whatever_is_cut_off_is_refused(made: Path, tmp_path: Path) -> None:
    whole = made.read_bytes()
    for end in range(0, len(whole), max(1, len(whole) // 20)):
        (tmp_path / "b.zip").write_bytes(whole[:end])
        refused(tmp_path / "b.zip", tmp_path)


def test_whatever_is_altered_is_refused_or_comes_back(made: Path, files: Files, tmp_path: Path) -> None:
    whole = made.read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 20)):
        altered = bytearray(whole)
        altered[place] ^= 0xFF
        (tmp_path / "b.zip").write_bytes(altered)
        try:
            put_back(tmp_path / "b.zip", tmp_path / f"again{place}")
        except BackupRefused:
            assert not (tmp_path / f"again{place}").exists()
        else:
            assert tree(tmp_path / f"again{place}" / "inbox") == {"瓯海区/附件2.xlsx": b"waits"}
    assert not list(tmp_path.glob(".*"))


FOREIGN = {
    "no manifest": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "nested for ever": b"[" * 100_000,
    "another schema": b'{"schema": "other/1", "files": {"ledger/ledger.db": "0"}}',
    "no ledger": b'{"schema": "annex2.backup/1", "files": {}}',
    "no hashes": b'{"schema": "annex2.backup/1", "files": {"ledger/ledger.db": 1}}',
    "files in a list": b'{"schema": "annex2.backup/1", "files": ["ledger/ledger.db"]}',
    "files that are not there": b'{"schema": "annex2.backup/1", "files": {"ledger/ledger.db": "0", "inbox/a": "0"}}',
}


@pytest.mark.parametrize("content", FOREIGN.values(), ids=FOREIGN.keys())
def test_another_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as packed:
        packed.writestr("ledger/ledger.db", b"")
        if content:
            packed.writestr("manifest.json", content)
    refused(tmp_path / "b.zip", tmp_path, "not_one")


def database(*statements: str, of: bytes = b"") -> bytes:
    """A database, changed by these."""
    with closing(sqlite3.connect(":memory:")) as connection:
        if of:
            connection.deserialize(of)
        connection.execute("PRAGMA foreign_keys=OFF")
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        return connection.serialize()


LEDGERS: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "no database": lambda _: b"no database, but of some length" * 100,
    "cut off": lambda content: content[: len(content) // 2],
    "another program's": lambda _: database("CREATE TABLE originals (sha256, size)", "CREATE TABLE other (x)"),
    "without a revision": lambda content: database("DROP TABLE alembic_version", of=content),
    "without a table": lambda content: database("DROP TABLE mail_answers", of=content),
    "a product that leads out": lambda content: database(
        f"INSERT INTO products VALUES (1, '{UP}outside.txt', '0', x'00')", of=content
    ),
    "a template that leads out": lambda content: database(
        f"INSERT INTO templates VALUES (1, '{UP}outside', '2024-06-30', '1', NULL, '{{}}', '2024-06-30 00:00:00')", of=content
    ),
    "an original that is elsewhere": lambda content: database(
        f"INSERT INTO originals VALUES ('{UP}etc/passwd', 1, '2024-06-30 00:00:00')", of=content
    ),
    "a file without an original": lambda content: database(f"UPDATE submissions SET sha256 = '{UP}etc/passwd'", of=content),
}


@pytest.mark.parametrize("ledger", LEDGERS.values(), ids=LEDGERS.keys())
def test_a_ledger_that_is_none_of_ours_is_refused(files: Files, tmp_path: Path, ledger: Callable[[bytes], bytes]) -> None:
    made = pack(tmp_path / "b.zip", files | {"ledger/ledger.db": ledger(files["ledger/ledger.db"])})
    refused(made, tmp_path, "damaged")


def test_a_ledger_of_a_newer_version_is_refused(files: Files, tmp_path: Path) -> None:
    newer = database("UPDATE alembic_version SET version_num = '9999'", of=files["ledger/ledger.db"])
    refused(pack(tmp_path / "b.zip", files | {"ledger/ledger.db": newer}), tmp_path, "newer")


def settings(files: Files, text: str) -> Files:
    return files | {"settings.toml": text.encode("utf-8")}


@pytest.mark.parametrize("way", ["{out}", "../out", "inbox/../../out", "ledger", "LEDGER/x"])
def test_folders_of_the_settings_that_lead_out_are_not_followed(files: Files, tmp_path: Path, way: str) -> None:
    text = '[paths]\ninbox = "{0}/in"\noutbox = "{0}/out"\n[ledger]\noriginals = "{0}/originals"\n'
    own = way.format(out=tmp_path / "out")
    text = text.format(own)
    done = annex2("--workspace", tmp_path / "again", "restore", pack(tmp_path / "b.zip", settings(files, text)), folder=tmp_path)
    assert done.status == 0, done.said
    assert (tmp_path / "again" / "settings.toml").read_text(encoding="utf-8") == text
    assert {path.name for path in tmp_path.iterdir()} == {"b.zip", "again"}
    assert tree(tmp_path / "again" / "inbox") == {"瓯海区/附件2.xlsx": b"waits"}
    assert (tmp_path / "again" / "outbox" / "总台账.xlsx").exists()
    named = ("paths.inbox", "paths.outbox", *(["ledger.originals"] if "ledger" not in way.lower() else []))
    assert all(f"设置中的{name}（" in done.said for name in named)


def test_another_ledger_of_the_settings_is_neither_used_nor_made(files: Files, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    text = f'[ledger]\nurl = "sqlite:///{other}"\n'
    done = annex2("--workspace", tmp_path / "again", "restore", pack(tmp_path / "b.zip", settings(files, text)), folder=tmp_path)
    assert (done.status, done.said.splitlines()[0][:18]) == (0, "设置中的ledger.url（sqlit"[:18])
    assert {path.name for path in tmp_path.iterdir()} == {"b.zip", "again"}
    assert (tmp_path / "again" / "outbox" / "总台账.xlsx").exists()


def test_a_variable_that_leads_out_is_not_followed_either(made: Path, tmp_path: Path) -> None:
    variables = {"ANNEX2_PATHS__OUTBOX": str(tmp_path / "out"), "ANNEX2_LEDGER__URL": f"sqlite:///{tmp_path / 'x.db'}"}
    done = annex2("--workspace", tmp_path / "again", "restore", made, folder=tmp_path, **variables)
    assert done.status == 0
    assert {path.name for path in tmp_path.iterdir()} == {"again"}


@pytest.mark.parametrize("text", ["[paths\n", '[paths]\ninbox = "."\n', '[paths]\noutbox = "inbox"\n'])
def test_settings_that_cannot_be_used_come_back_and_are_told(files: Files, tmp_path: Path, text: str) -> None:
    source = pack(tmp_path / "b.zip", settings(files, text))
    done = annex2("--workspace", tmp_path / "again", "restore", source, folder=tmp_path)
    assert done.status == 0
    said = "备份中的设置不能使用，已照原样放回，恢复时按默认设置处理。请改正settings.toml：settings.toml"
    assert done.said.startswith(said)
    assert (tmp_path / "again" / "settings.toml").read_text() == text
    assert tree(tmp_path / "again" / "inbox") == {"瓯海区/附件2.xlsx": b"waits"}


def test_a_template_elsewhere_is_not_read(files: Files, tmp_path: Path) -> None:
    text = '[notice]\ntemplate = "../notice.docx"\n'
    restored = restore(pack(tmp_path / "b.zip", settings(files, text)), tmp_path / "again", DEFAULT_PROGRAMME)
    assert restored.workspace.settings.notice.template is None
    assert [name for name, _ in restored.remarks] == ["outside_template"]


def test_a_template_of_the_office_is_kept(tmp_path: Path) -> None:
    office = workspace_at(tmp_path / "office")
    drop_return(office, "鹿城区")
    run_now(office)
    (office.root / "模板").mkdir()
    (office.root / "模板" / "通报.docx").write_bytes(b"own")
    (office.root / "settings.toml").write_text('[notice]\ntemplate = "模板/通报.docx"\n', encoding="utf-8")
    backup(open_workspace(office.root), tmp_path / "b.zip")
    put_back(tmp_path / "b.zip", tmp_path / "again")
    assert tree(tmp_path / "again" / "模板") == {"通报.docx": b"own"}


@pytest.mark.skipif(os.name != "posix", reason="no such names")
def test_names_that_not_every_system_takes_come_back(made: Path, tmp_path: Path) -> None:
    office = open_workspace(tmp_path / "again")
    put_back(made, office.root)
    names = ["a:b.xlsx", "C:\\a.xlsx", "a%41.xlsx", "line\nbreak", "trailing.", os.fsdecode(b"\xb8\xbd\xbc\xfe2.xlsx")]
    for name in names:
        (office.inbox / name).write_bytes(name.encode("utf-8", "surrogateescape"))
    backup(office, tmp_path / "c.zip")
    put_back(tmp_path / "c.zip", tmp_path / "third")
    assert tree(tmp_path / "third" / "inbox") == tree(office.inbox)
    assert len(tree(office.inbox)) == len(names) + 1


def test_an_empty_folder_that_is_there_is_filled(made: Path, tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    done = annex2("restore", made, folder=tmp_path / "again")
    assert done.status == 0
    assert (tmp_path / "again" / "ledger" / "ledger.db").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["again"]


@pytest.mark.parametrize(
    "content", [b"", b"text", b"PK\x05\x06" + bytes(18), b"PK\x03\x04" + bytes(100)], ids=["none", "text", "bare", "cut"]
)
def test_the_command_says_it_in_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.zip").write_bytes(content)
    done = annex2("--workspace", tmp_path / "again", "restore", "b.zip", folder=tmp_path)
    assert (done.status, done.said.splitlines()) == (2, ["不是备份文件，或已损坏，未作改动：b.zip"])
    assert [path.name for path in tmp_path.iterdir()] == ["b.zip"]


def test_a_move_that_fails_is_taken_back(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    move = Path.replace

    def broken(self: Path, target: Path) -> Path:
        if self.name == "ledger":
            raise OSError(28, "no space left")
        return move(self, target)

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(OSError, match="no space"):
        put_back(made, tmp_path / "deep" / "again")
    assert not list(tmp_path.iterdir())
