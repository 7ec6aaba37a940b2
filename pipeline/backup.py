"""The workspace in one file and back: ledger, originals, settings, inbox and the city's decision workbooks.

The outbox is not kept: it is a function of these. A backup is a ZIP with a manifest of what it holds and of every sha256.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from pipeline.errors import BackupRefused
from pipeline.workspace import Workspace, open_workspace

SCHEMA = "annex2.backup/1"
MANIFEST, DATABASE, SETTINGS = "manifest.json", "ledger/ledger.db", "settings.toml"
LEDGER, ORIGINALS, INBOX, DECISIONS = "ledger", "ledger/originals", "inbox", "decisions"
BLOCK = 1 << 20


@dataclass(frozen=True)
class Kept:
    """What a backup holds: the number of its files and their size in bytes."""

    files: int
    size: int


def backup(workspace: Workspace, target: Path) -> Kept:
    """Write the workspace into ``target``, which appears whole or not at all. The workspace is locked.

    Raises BackupRefused when there is no ledger, when it is on a database server, or when the target is taken.
    """
    if workspace.settings.ledger.url:
        raise BackupRefused("server")
    database = workspace.root / DATABASE
    if not database.exists():
        raise BackupRefused("no_ledger")
    if target.exists():
        raise BackupRefused("target_taken", path=str(target))
    handle, name = tempfile.mkstemp(dir=target.resolve().parent, prefix=f".{target.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w+b") as stream, tempfile.TemporaryDirectory() as scratch:
            copy = _copied(database, Path(scratch) / "ledger.db")
            kept = _write(stream, {DATABASE: copy, **_files(workspace)})
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return kept


def restore(source: Path, root: Path, programme: Path) -> Kept:
    """Put a backup into ``root``, an empty folder or none, once every file of it is found to be what it was.

    Raises BackupRefused when the folder holds something, or the backup is none or was damaged; nothing is written then.
    """
    if root.exists() and any(root.iterdir()):
        raise BackupRefused("occupied", path=str(root))
    root.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(dir=root.parent, prefix=f".{root.name}.", suffix=".part"))
    try:
        kept = _unpack(source, staged)
        _check(staged / DATABASE, source)
        _arrange(staged, programme)
        for path in sorted(staged.iterdir(), key=lambda path: path.name == LEDGER):  # without a ledger nothing counts yet
            path.replace(root / path.name)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return kept


def _copied(database: Path, target: Path) -> Path:
    """The database as SQLite itself copies it: whole, whatever is still in its log."""
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    return target


def _files(workspace: Workspace) -> dict[str, Path]:
    """Name in the backup → file."""
    decisions = workspace.root / workspace.programme.wording["decisions"]["sheets"]["folder"]
    folders = {
        ORIGINALS: workspace.root / workspace.settings.ledger.originals,
        INBOX: workspace.inbox,
        DECISIONS: decisions,
    }
    found = {f"{kind}/{name}": path for kind, folder in folders.items() for name, path in _under(folder)}
    settings = workspace.root / SETTINGS
    return {SETTINGS: settings, **found} if settings.exists() else found


def _under(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.suffix != ".part":
            yield path.relative_to(folder).as_posix(), path


def _write(stream: IO[bytes], files: Mapping[str, Path]) -> Kept:
    manifest, size = {}, 0
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, path in files.items():
            digest = hashlib.sha256()
            with path.open("rb") as content, archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as entry:
                while block := content.read(BLOCK):
                    digest.update(block)
                    size += len(block)
                    entry.write(block)
            manifest[name] = digest.hexdigest()
        archive.writestr(MANIFEST, json.dumps({"schema": SCHEMA, "files": manifest}, ensure_ascii=False, indent=1))
    return Kept(len(manifest), size)


def _unpack(source: Path, staged: Path) -> Kept:
    """Every file of the manifest, with the hash it says. Raises BackupRefused."""
    size = 0
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            if manifest["schema"] != SCHEMA or DATABASE not in manifest["files"]:
                raise BackupRefused("not_one", path=str(source))
            for name, sha256 in manifest["files"].items():
                digest = hashlib.sha256()
                target = _inside(staged, name, source)
                with archive.open(name) as entry, target.open("wb") as content:
                    while block := entry.read(BLOCK):
                        digest.update(block)
                        size += len(block)
                        content.write(block)
                if digest.hexdigest() != sha256:
                    raise BackupRefused("damaged", path=str(source), file=name)
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise BackupRefused("not_one", path=str(source)) from error
    return Kept(len(manifest["files"]), size)


def _inside(staged: Path, name: str, source: Path) -> Path:
    """Where a file of the backup goes, never outside. Raises BackupRefused."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\\" in name or ":" in name:
        raise BackupRefused("damaged", path=str(source), file=name)
    target = staged.joinpath(*parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def _check(database: Path, source: Path) -> None:
    """Raises BackupRefused unless the database is sound and every original it names is there as it was."""
    with closing(sqlite3.connect(database)) as connection:
        if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise BackupRefused("damaged", path=str(source), file=DATABASE)
        for (sha256,) in connection.execute("SELECT sha256 FROM originals"):
            path = database.parent / "originals" / sha256
            if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
                raise BackupRefused("damaged", path=str(source), file=f"{ORIGINALS}/{sha256}")


def _arrange(staged: Path, programme: Path) -> None:
    """Folders under the names that the settings and the programme give them."""
    workspace = open_workspace(staged, programme)
    decisions = workspace.programme.wording["decisions"]["sheets"]["folder"]
    wanted = {INBOX: workspace.settings.paths.inbox, DECISIONS: Path(decisions), ORIGINALS: workspace.settings.ledger.originals}
    for kept, name in wanted.items():
        folder, target = staged / kept, staged / name
        if folder.is_dir() and folder != target:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copytree(folder, target, dirs_exist_ok=True)
            shutil.rmtree(folder)
    (staged / workspace.settings.paths.inbox).mkdir(parents=True, exist_ok=True)
