"""Files of others opened to be read: nothing that keeps a reader waiting is, and why one cannot be is told (F01)."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from pipeline.model import UnreadableFile

GONE = (FileNotFoundError, NotADirectoryError)
"""What is said of a file that is there no more, by itself or with its folder."""
HELD = (32, 33)
"""Windows' errors for a file that another program has for itself (ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION)."""
WINDOWS_PATH = 248
"""Characters of a folder's path that Windows takes everywhere; files have a few more."""


@contextmanager
def open_regular(path: Path) -> Iterator[BufferedReader]:
    """Open a file to read. What was one may be a pipe or a device by now, which is not waited for.

    Raises OSError, and UnreadableFile (not_regular).
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise UnreadableFile("not_regular")
        yield os.fdopen(descriptor, "rb", closefd=False)
    finally:
        with contextlib.suppress(OSError):  # of a disk that fails only now: what was read is read
            os.close(descriptor)


def out_of_reach(trouble: OSError, path: str) -> UnreadableFile:
    """Why a file or a folder cannot be looked into: no_permission, too_deep, or damaged where the disk fails."""
    if isinstance(trouble, PermissionError):
        return UnreadableFile("no_permission")
    return UnreadableFile("too_deep" if is_too_long(trouble, path) else "damaged")


def is_too_long(trouble: OSError, path: str) -> bool:
    """Windows says of a path that is too long for it that there is no such path."""
    return trouble.errno == errno.ENAMETOOLONG or (os.name == "nt" and len(path) >= WINDOWS_PATH)


def passes(trouble: Exception) -> bool:
    """Whether the next look may find the file readable, or not there at all: it has gone, or another program holds it."""
    return isinstance(trouble, GONE) or getattr(trouble, "winerror", None) in HELD
