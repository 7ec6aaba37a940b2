"""The workspace in one file: ledger, originals, settings, inbox, the city's decision workbooks and the office's own templates.

The outbox is not kept: it is a function of these. What ``restore`` would refuse is refused here, while it can still be mended.
"""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pipeline.ledger.sound import originals_in
from pipeline.ledger.store import database_file
from pipeline.model.errors import BackupRefused, LedgerTrouble
from pipeline.model.words import Words
from pipeline.reading.inbox import scan
from pipeline.reading.unreadable import limits_of
from pipeline.upkeep.archive import DATABASE, DECISIONS, INBOX, ORIGINALS, OWN, SETTINGS, allowed, archived, opened, write
from pipeline.workspace.workspace import Workspace
from schemas.programme import Programme

SHOWN = 3
"""How many originals that are not as they were are named."""


@dataclass(frozen=True)
class Kept:
    """What a backup holds: the number of its files and their size in bytes."""

    files: int
    size: int


def backup(workspace: Workspace, target: Path) -> Kept:
    """Write the workspace into ``target``, which appears whole and read back, or not at all.

    Raises WorkspaceBusy; BackupRefused when there is no ledger, when it is on a database server or an original is not as it was,
    or when the target is taken; LedgerTrouble when the ledger is damaged.
    """
    database = _database(workspace)  # one on a server is refused unasked
    with workspace.locked():
        return _kept(workspace, database, target)


def _kept(workspace: Workspace, database: Path, target: Path) -> Kept:
    with _appearing(target) as stream, tempfile.TemporaryDirectory(dir=target.resolve().parent, suffix=".part") as scratch:
        copy, sizes = _copied(database, Path(scratch) / "ledger.db")
        originals = {f"{ORIGINALS}/{name}": _originals_folder(workspace) / name for name in sizes}
        manifest = _packed(stream, {DATABASE: copy, **originals, **_files(workspace)})
        if wrong := _altered(originals, sizes, manifest):
            named = Words(workspace.programme, "messages").text("separator").join(wrong[:SHOWN])
            raise BackupRefused("originals", count=str(len(wrong)), files=named)
        return _read_back(stream, target)


def _originals_folder(workspace: Workspace) -> Path:
    return workspace.root / workspace.settings.ledger.originals


def _database(workspace: Workspace) -> Path:
    url = workspace.settings.ledger.url
    database = database_file(url) if url else workspace.root / DATABASE
    if database is None:
        raise BackupRefused("server")
    if not database.is_file():
        raise BackupRefused("no_ledger")
    return database


@contextmanager
def _appearing(target: Path) -> Iterator[IO[bytes]]:
    """A stream under a temporary name; what was written into it takes its own name at the end, on the disk."""
    if target.exists():
        raise BackupRefused("target_taken", path=str(target))
    folder = target.resolve().parent
    if not folder.is_dir():
        raise BackupRefused("no_folder", path=str(folder))
    handle, name = tempfile.mkstemp(dir=folder, prefix=f".{target.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w+b") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            raise BackupRefused("target_taken", path=str(target))
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _copied(database: Path, target: Path) -> tuple[Path, dict[str, int]]:
    """The database as SQLite itself copies it: whole, whatever is still in its log; and the originals it names, sha256 → size.

    Raises LedgerTrouble.
    """
    try:
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        return target, originals_in(target)
    except sqlite3.DatabaseError as error:
        raise LedgerTrouble("damaged", str(database)) from error
    except LedgerTrouble as error:
        raise LedgerTrouble(error.problem, str(database)) from error


def _files(workspace: Workspace) -> dict[str, Path]:
    """Name in the backup → file."""
    decisions = workspace.root / Words(workspace.programme, "decisions").text("sheets.folder")
    folders = {INBOX: workspace.inbox, DECISIONS: decisions}
    under = ((kind, *each) for kind, folder in folders.items() for each in _under(folder, workspace.programme))
    found = {f"{kind}/{archived(name)}": path for kind, name, path in under}
    found |= {f"{OWN}/{archived(name)}": path for name, path in _own(workspace)}
    settings = workspace.root / SETTINGS
    return {SETTINGS: settings, **found} if settings.exists() else found


def _own(workspace: Workspace) -> Iterator[tuple[str, Path]]:
    """The office's own templates, as far as they lie in the workspace."""
    notice = workspace.settings.notice
    for file in filter(None, (notice.template, notice.restated_template)):
        path = (workspace.root / file).resolve()
        if path.is_file() and path.is_relative_to(workspace.root):
            yield path.relative_to(workspace.root).as_posix(), path


def _under(folder: Path, programme: Programme) -> Iterator[tuple[str, Path]]:
    """The files in a folder as far as a run would look into it: what lies deeper could not be put back either."""
    if folder.is_dir():
        for arrival in scan(folder, limits_of(programme), dt.datetime.now(dt.UTC)):
            path = arrival.path
            if arrival.inode and path.is_file() and not path.is_symlink() and path.suffix != ".part":
                yield path.relative_to(folder).as_posix(), path


def _packed(stream: IO[bytes], files: Mapping[str, Path]) -> dict[str, str]:
    """The manifest. What shrinks so far that a restore would take it for a bomb is packed as it is."""
    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
        stream.seek(0)
        stream.truncate()
        manifest = write(stream, files, method)
        if sum(path.stat().st_size for path in files.values() if path.exists()) <= allowed(stream.tell()):
            break
    return manifest


def _altered(originals: Mapping[str, Path], sizes: Mapping[str, int], manifest: Mapping[str, str]) -> list[str]:
    """The originals that were not there with the bytes that the ledger was made from."""
    hashes = {name: manifest.get(name) for name in originals}
    return [path.name for name, path in originals.items() if hashes[name] != path.name or path.stat().st_size != sizes[path.name]]


def _read_back(stream: IO[bytes], target: Path) -> Kept:
    """Every file of the backup as a restore would read it. Raises BackupRefused."""
    try:
        with opened(stream, stream.seek(0, os.SEEK_END), str(target)) as archive:
            size = sum(len(block) for name in archive.files for block in archive.content(name))
            return Kept(len(archive.files), size)
    except BackupRefused as error:
        raise BackupRefused("unrestorable", file=error.words.get("file", target.name)) from error
