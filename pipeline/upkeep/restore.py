"""A backup put back: looked through whole, made ready beside its place, and nothing of it anywhere else."""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.ledger.sound import migrate, originals_in
from pipeline.ledger.store import address_shown
from pipeline.model.errors import BackupRefused, LedgerTrouble, SettingsError
from pipeline.model.words import Words
from pipeline.upkeep.archive import DATABASE, DECISIONS, INBOX, ORIGINALS, OWN, SETTINGS, Archive, opened, told, unarchived
from pipeline.workspace.settings import LedgerSettings, PathSettings, Settings, read_settings, require_apart
from pipeline.workspace.workspace import Workspace, open_workspace
from schemas.programme import DEFAULT_WORDING

LEDGER = "ledger"
_STRANGE = {errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ, errno.EEXIST, errno.ENOTDIR, errno.EISDIR}
"""What a system says of names it cannot have, or has already."""

Remark = tuple[str, Mapping[str, str]]
"""A text of ``backup`` in messages.toml and its words."""


@dataclass(frozen=True)
class Restored:
    """``workspace`` is the folder with the settings that were followed; ``remarks`` tell of those that were not."""

    files: int
    workspace: Workspace
    remarks: tuple[Remark, ...] = ()


def restore(source: Path, root: Path, programme: Path) -> Restored:
    """Put a backup into ``root``, an empty folder or none, once every file of it is found to be what it was.

    Raises BackupRefused when the folder holds something, or the backup is none, was damaged, or would write elsewhere; nothing is
    left behind then.
    """
    root = root.resolve()
    if root.exists() and any(root.iterdir()):
        raise BackupRefused("occupied", path=str(root))
    with opened(source, source.stat().st_size, str(source)) as archive, _staged(root) as staged:
        settings, remarks = _unpack(archive, staged, root, programme)
        _require_sound(staged, archive, settings)
        _put(staged, root)
    return Restored(len(archive.files), dataclasses.replace(open_workspace(root, programme), given=settings), remarks)


@contextmanager
def _staged(root: Path) -> Iterator[Path]:
    """A folder on the disk of ``root``, gone afterwards: beside it, or within where it is there and beside it is no room."""
    above = next(path for path in root.parents if path.is_dir())
    inside = root.exists() and not (os.access(above, os.W_OK) and above.stat().st_dev == root.stat().st_dev)
    folder = tempfile.mkdtemp(dir=root if inside else above, prefix=f".{root.name}.", suffix=".part")
    try:
        yield Path(folder).resolve()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unpack(archive: Archive, staged: Path, root: Path, programme: Path) -> tuple[Settings, tuple[Remark, ...]]:
    """Every file of the backup at its place in ``staged``; the settings that are followed, which say where that is."""
    if SETTINGS in archive.files:
        _write(archive, SETTINGS, staged / SETTINGS)
    settings, remarks = _settled(staged, root)
    decisions = Words(open_workspace(staged, programme).programme, "decisions").text("sheets.folder")
    folders = {INBOX: settings.paths.inbox, DECISIONS: Path(decisions), ORIGINALS: settings.ledger.originals, OWN: Path()}
    for name in archive.files:
        if name != SETTINGS:
            _write(archive, name, staged / _place(archive, name, folders, settings))
    for folder in (settings.paths.inbox, settings.ledger.originals):
        (staged / folder).mkdir(parents=True, exist_ok=True)
    return settings, remarks


def _place(archive: Archive, name: str, folders: Mapping[str, Path], settings: Settings) -> Path:
    """Where in the workspace a file of the backup goes. Raises BackupRefused for one that the settings do not name."""
    if name == DATABASE:
        return Path(name)
    kind = next(kind for kind in folders if name.startswith(f"{kind}/"))
    rest = name.removeprefix(f"{kind}/")
    place = folders[kind] / (unarchived(rest) if archive.escaped else rest)
    if kind == OWN and place not in (settings.notice.template, settings.notice.restated_template):
        raise BackupRefused("unacceptable", path=archive.shown, file=told(name))
    return place


def _write(archive: Archive, name: str, target: Path) -> None:
    """Raises BackupRefused where the bytes are not what they were, and for a name that cannot be or is taken."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as stream:
            for block in archive.content(name):
                stream.write(block)
    except OSError as error:
        if error.errno not in _STRANGE:
            raise
        raise BackupRefused("unacceptable", path=archive.shown, file=told(name)) from error


def _settled(staged: Path, root: Path) -> tuple[Settings, tuple[Remark, ...]]:
    """The settings of the backup; where they lead out of the workspace the usual ones stand instead, and a remark tells it."""
    try:
        settled, remarks = _within_the_workspace(read_settings(staged), root)
        require_apart(settled, root)
    except SettingsError as error:
        reason = Words(DEFAULT_WORDING, "messages").text(f"settings.{error.problem}", **error.words)
        return Settings(), (("settings_unusable", {"reason": reason}),)
    return settled, tuple(remarks)


def _within_the_workspace(settings: Settings, root: Path) -> tuple[Settings, list[Remark]]:
    remarks: list[Remark] = []
    usual = Settings()
    inbox = _followed("paths.inbox", settings.paths.inbox, usual.paths.inbox, root, remarks)
    outbox = _followed("paths.outbox", settings.paths.outbox, usual.paths.outbox, root, remarks)
    originals = _followed("ledger.originals", settings.ledger.originals, usual.ledger.originals, root, remarks)
    if settings.ledger.url:
        remarks.append(("outside", {"name": "ledger.url", "value": address_shown(settings.ledger.url), "place": DATABASE}))
    notice = settings.notice
    own = {"notice.template": notice.template, "notice.restated_template": notice.restated_template}
    template, restated = (_own(name, file, root, remarks) for name, file in own.items())
    notice = dataclasses.replace(notice, template=template, restated_template=restated)
    settled = dataclasses.replace(
        settings, paths=PathSettings(inbox, outbox), ledger=LedgerSettings(None, originals), notice=notice
    )
    return settled, remarks


def _followed(name: str, path: Path, usual: Path, root: Path, remarks: list[Remark]) -> Path:
    """``path`` below the workspace, and no part of what is the ledger's own; else the usual one, which is told."""
    found = _within(root, path)
    if (root / path).absolute() == root.absolute():
        return path  # which is no folder of its own: told by who holds the settings against one another
    if found and (found == usual or found.parts[0].casefold() != LEDGER):
        return found
    remarks.append(("outside", {"name": name, "value": str(path), "place": str(root / usual)}))
    return usual


def _own(name: str, file: Path | None, root: Path, remarks: list[Remark]) -> Path | None:
    """A template of the office's, None where it lies elsewhere, which is told."""
    found = _within(root, file) if file else None
    if file and not found:
        remarks.append(("outside_template", {"name": name, "value": str(file)}))
    return found


def _within(root: Path, path: Path) -> Path | None:
    """The way from the workspace to something below it."""
    with contextlib.suppress(OSError, ValueError, RuntimeError):
        found = (root / path).resolve().relative_to(root)
        return found if found.parts else None
    return None


def _require_sound(staged: Path, archive: Archive, settings: Settings) -> None:
    """Raises BackupRefused unless the ledger is one, names what is there, and can be brought to this version's tables."""
    try:
        for sha256 in originals_in(staged / DATABASE):
            name = f"{ORIGINALS}/{sha256}"
            if archive.files.get(name) != sha256:
                raise BackupRefused("damaged", path=archive.shown, file=told(name))
        migrate(staged / DATABASE, staged / settings.ledger.originals)
    except LedgerTrouble as error:
        problem = "newer" if error.problem == "newer" else "damaged"
        raise BackupRefused(problem, path=archive.shown, file=DATABASE) from error


def _put(staged: Path, root: Path) -> None:
    """Move everything into its place, the ledger last: without one nothing counts yet. What goes wrong is taken back."""
    made = [folder for folder in (root, *root.parents) if not folder.exists()]
    root.mkdir(parents=True, exist_ok=True)
    moved: list[Path] = []
    try:
        for path in sorted(staged.iterdir(), key=lambda path: path.name == LEDGER):
            if (root / path.name).exists():
                raise BackupRefused("occupied", path=str(root))
            moved.append(path.replace(root / path.name))
    except BaseException:
        for path in moved:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()
        with contextlib.suppress(OSError):
            for folder in made:
                folder.rmdir()
        raise
