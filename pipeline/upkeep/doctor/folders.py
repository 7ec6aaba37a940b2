"""The workspace's folders: rights, what the file system does with files and locks, and free space.

Rights are tried, not asked for: shares and Windows grant them in ways that only trying tells.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.model.words import Words
from pipeline.upkeep.doctor.seen import Office, Seen, doctor_words, listed, seen
from pipeline.workspace.workspace import Workspace

GIGABYTE = 1_000_000_000
LITTLE, NONE = 2 * GIGABYTE, GIGABYTE // 5
"""Bytes: below the first it is time to clear up, below the second a run may fail."""


def check_rights(examined: Office) -> Iterator[Seen]:
    """Whether files can be made and deleted in each folder. Those of the workspace that are not there yet are made as needed."""
    workspace = examined.workspace
    if not workspace.root.is_dir():
        yield seen("folders", "no_workspace", path=workspace.root)
        return
    fine = []
    for folder in _folders(workspace):
        if not os.path.lexists(folder):
            if not folder.is_relative_to(workspace.root):
                yield seen("folders", "away", path=folder)
        elif problem := _problem(folder):
            yield seen("folders", problem, path=folder)
        else:
            fine.append(folder)
    yield seen("folders", "fine", names=listed(_named(folder, workspace.root) for folder in fine))


def check_files(examined: Office) -> Iterator[Seen]:
    """Whether a file takes the place of another in one step, and whether a lock holds: both keep the ledger whole."""
    ledger = examined.workspace.root / "ledger"
    folder = ledger if ledger.is_dir() else examined.workspace.root
    with _scratch(folder) as (one, other):
        one.write_bytes(b"new")
        other.write_bytes(b"old")
        one.replace(other)
        replaced = other.read_bytes() == b"new" and not one.exists()
    with _scratch(folder) as (lock, _):
        held = _holds(lock)
    yield seen("files", "fine" if replaced and held else "lock" if replaced else "replace", path=folder)


def check_space(examined: Office) -> Iterator[Seen]:
    """What is free on each disk that is written to."""
    disks: dict[int, Path] = {}
    for folder in (*_folders(examined.workspace), Path(tempfile.gettempdir())):
        if folder.is_dir():
            disks.setdefault(folder.stat().st_dev, folder)
    for folder in disks.values():
        free = shutil.disk_usage(folder).free
        case = "none" if free < NONE else "little" if free < LITTLE else "fine"
        yield seen("space", case, path=folder, free=f"{free / GIGABYTE:.1f}")


def _folders(workspace: Workspace) -> list[Path]:
    """Every folder that is written to, the workspace first."""
    decisions = workspace.root / Words(workspace.programme, "decisions").text("sheets.folder")
    originals = workspace.root / workspace.settings.ledger.originals
    folders = (workspace.root, workspace.inbox, workspace.outbox, decisions, workspace.root / "ledger", originals)
    return list(dict.fromkeys(Path(os.path.normpath(folder)) for folder in folders))


def _named(folder: Path, root: Path) -> str:
    """As users know it."""
    return folder.relative_to(root).as_posix() if folder != root and folder.is_relative_to(root) else str(folder)


def _problem(folder: Path) -> str | None:
    """What cannot be done there, as a case of ``folders`` in doctor.toml; None when all can."""
    try:
        if not folder.is_dir():
            return "no_folder"
        next(folder.iterdir(), None)
        with _scratch(folder) as (probe, _):
            probe.write_bytes(b"x")
            if probe.read_bytes() != b"x":
                return "unwritable"
    except OSError:
        return "unwritable"
    return None


@contextmanager
def _scratch(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Two names for files in ``folder``, gone at the end. They are Chinese, as products' are, and left alone by a run."""
    handle, made = tempfile.mkstemp(dir=folder, prefix=doctor_words.text("files.prefix"), suffix=".part")
    os.close(handle)
    one, other = Path(made), Path(made).with_suffix(".other.part")
    try:
        yield one, other
    finally:
        for path in (one, other):
            path.unlink(missing_ok=True)


def _holds(path: Path) -> bool:
    with FileLock(path, timeout=0):
        try:
            FileLock(path, timeout=0).acquire()
        except Timeout:
            return True
    return False
