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
from schemas.programme import read_wording

_messages = read_wording("messages")

NO_ACCESS = {
    errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO, errno.EBUSY, errno.ESTALE, errno.EEXIST, errno.ENOTDIR, errno.EISDIR,
}  # fmt: skip
NO_ROOM = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN}


def hindrance(error: Exception, workspace: Path) -> str | None:
    """The message for an error that is no mistake of the program; None for one that is. A write error names no file, so it is
    told of the workspace."""
    if isinstance(error, OccupiedFolder):
        return str(_messages["demo"]["occupied"].format(path=error))
    if isinstance(error, BackupRefused):
        return str(_messages["backup"][error.problem].format(**error.words))
    if isinstance(error, WorkspaceBusy):
        return str(_messages["locked"])
    if isinstance(error, AlreadyWatched):
        return str(_messages["watch"]["taken"])
    if isinstance(error, FolderAway):
        return str(_messages["watch"][error.folder].format(path=error.path))
    if isinstance(error, LedgerTrouble):
        return str(_messages["ledger"][error.problem].format(ledger=error.ledger))
    if isinstance(error, TemporaryFolder):
        return str(_messages["temporary_full" if error.full else "temporary"].format(path=error.path))
    if isinstance(error, MachineShort | MemoryError) or (isinstance(error, OSError) and error.errno in NO_ROOM):
        return str(_messages["machine_short"])
    if isinstance(error, OSError) and error.errno in NO_SPACE | NO_ACCESS:
        path = error.filename or workspace.resolve()
        return str(_messages["disk_full" if error.errno in NO_SPACE else "no_access"].format(path=path))
    return None
