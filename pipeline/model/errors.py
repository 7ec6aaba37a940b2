"""What keeps the product from its work, mistakes of the program apart: each ends in a Chinese sentence and a status."""

from __future__ import annotations

import errno

NO_SPACE = {errno.ENOSPC, errno.EDQUOT}


class SettingsError(Exception):
    """The settings cannot be used: ``problem`` and ``words`` name a text of ``settings`` in messages.toml."""

    def __init__(self, problem: str, **words: str) -> None:
        super().__init__(problem, words)
        self.problem = problem
        self.words = words


class WorkspaceBusy(Exception):
    """Another process is writing in this workspace."""


class AlreadyWatched(Exception):
    """Another process watches this workspace."""


class FolderAway(Exception):
    """A folder of the workspace is not there now, a share perhaps: ``folder`` is ``inbox`` or ``outbox``."""

    def __init__(self, folder: str, path: str) -> None:
        super().__init__(folder, path)
        self.folder = folder
        self.path = path


class LedgerTrouble(Exception):
    """Something keeps the ledger's database from its work: ``problem`` names a text of ``ledger`` in messages.toml."""

    def __init__(self, problem: str, ledger: str) -> None:
        super().__init__(problem, ledger)
        self.problem = problem
        self.ledger = ledger


class MachineShort(Exception):
    """The machine has no process, memory or open file left for what has to be done."""


class TemporaryFolder(Exception):
    """The folder for temporary files cannot be written to, or is ``full``."""

    def __init__(self, path: str, full: bool) -> None:
        super().__init__(path, full)
        self.path = path
        self.full = full


class OccupiedFolder(Exception):
    """A folder that was to become a demonstration holds something else; nothing was touched."""


SURROUNDINGS = (LedgerTrouble, MachineShort, TemporaryFolder, OSError)
"""What ends a run whatever file or product it is about."""


class BackupRefused(Exception):
    """A backup cannot be made or put back: ``problem`` and ``words`` name a text of ``backup`` in messages.toml."""

    def __init__(self, problem: str, **words: str) -> None:
        super().__init__(problem, words)
        self.problem = problem
        self.words = words
