"""What about folders, disks and the ledger's database keeps the product from its work, told in Chinese."""

from __future__ import annotations

import errno
from pathlib import Path

from pipeline.model.errors import (
    NO_SPACE,
    AlreadyWatched,
    BackupRefused,
    FolderAway,
    LedgerTrouble,
    MachineShort,
    OccupiedFolder,
    TemporaryFolder,
    WorkspaceBusy,
)
from pipeline.model.words import Words
from schemas.programme import DEFAULT_WORDING

_messages = Words(DEFAULT_WORDING, "messages")

NO_ACCESS = {
    errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO, errno.EBUSY, errno.ESTALE, errno.EEXIST, errno.ENOTDIR, errno.EISDIR,
}  # fmt: skip
NO_ROOM = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN}


def hindrance(error: Exception, workspace: Path) -> str | None:
    """The message for an error that is no mistake of the program; None for one that is. A write error names no file, so it is
    told of the workspace."""
    if isinstance(error, OccupiedFolder):
        return _messages.text("demo.occupied", path=error)
    if isinstance(error, BackupRefused):
        return _messages.text(f"backup.{error.problem}", **error.words)
    if isinstance(error, WorkspaceBusy):
        return _messages.text("locked")
    if isinstance(error, AlreadyWatched):
        return _messages.text("watch.taken")
    if isinstance(error, FolderAway):
        return _messages.text(f"watch.{error.folder}", path=error.path)
    if isinstance(error, LedgerTrouble):
        return _messages.text(f"ledger.{error.problem}", ledger=error.ledger)
    if isinstance(error, TemporaryFolder):
        return _messages.text("temporary_full" if error.full else "temporary", path=error.path)
    if isinstance(error, MachineShort | MemoryError) or (isinstance(error, OSError) and error.errno in NO_ROOM):
        return _messages.text("machine_short")
    if isinstance(error, OSError) and error.errno in NO_SPACE | NO_ACCESS:
        path = error.filename or workspace.resolve()
        return _messages.text("disk_full" if error.errno in NO_SPACE else "no_access", path=path)
    return None
