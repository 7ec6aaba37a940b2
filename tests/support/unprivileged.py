"""Processes that the rights of files hold for, even where the tests run as root."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

import pytest

from tests.support.command import Done, run

DROP = 24
"""PR_CAPBSET_DROP of prctl(2): what a program started from now on cannot have any more."""
OVERRIDE, READ_SEARCH = 1, 2
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: root reads and writes whatever the mode of a file says."""


def annex2_unprivileged(*arguments: str, folder: Path) -> Done:
    """``tests.support.command.annex2`` by somebody whom files are closed to as their mode says."""
    return run([*arguments], folder, "utf-8", {}, _give_up)


def _give_up() -> None:
    if os.geteuid() == 0:
        for capability in (OVERRIDE, READ_SEARCH):
            ctypes.CDLL(None).prctl(DROP, capability, 0, 0, 0)


def _can() -> bool:
    """Whether there are rights to test with: an ordinary user's, or root's on Linux, who can give up what stands above them."""
    return os.name == "posix" and (os.geteuid() != 0 or hasattr(ctypes.CDLL(None), "prctl"))


rights = pytest.mark.skipif(not _can(), reason="needs files whose rights hold for this user")
