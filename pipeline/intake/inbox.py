"""What lies in the inbox: files to read, files left alone, files refused in place."""

from __future__ import annotations

import datetime as dt
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from pipeline.intake.container import megabytes
from pipeline.model import UnreadableFile

LEFT_ALONE = ("~$*", ".~*", ".*", "*.tmp", "*.part", "*.crdownload", "thumbs.db", "desktop.ini", "ehthumbs.db", "__macosx")


@dataclass(frozen=True)
class Arrival:
    """A file of the inbox. ``name`` is its path in the inbox, escaped where it is not valid text.

    ``key`` tells this arrival from a later one of the same bytes: dropped again, a file has another inode or change time.
    ``refused`` says why it stays where it is.
    """

    path: Path
    name: str
    received: dt.datetime
    inode: str
    size: int
    modified: dt.datetime
    left_alone: bool = False
    refused: UnreadableFile | None = None

    @property
    def stays(self) -> bool:
        """Not for reading: the file stays in the inbox."""
        return self.left_alone or self.refused is not None

    def key(self, sha256: str) -> str:
        return f"{self.name}|{self.inode}|{sha256}"


Ripe = Callable[[Path], bool]
"""Whether a file is to be taken by this run."""


def everything(_path: Path) -> bool:
    """Every file is to be taken."""
    return True


def is_still(arrival: Arrival) -> bool:
    """Whether the same file still lies there: not replaced, not written to. Raises OSError when it has gone."""
    return _inode(arrival.path.lstat()) == arrival.inode


def _inode(found: os.stat_result) -> str:
    return f"{found.st_ino}.{found.st_ctime_ns}"


def scan(inbox: Path, max_bytes: int, now: dt.datetime) -> tuple[Arrival, ...]:
    """Everything in the inbox and its folders, in the order of the names. Raises OSError when the inbox cannot be listed."""
    return tuple(sorted(_walk(os.scandir(inbox), inbox, max_bytes, now), key=lambda arrival: arrival.name))


def _walk(listing: Iterable[os.DirEntry[str]], inbox: Path, max_bytes: int, now: dt.datetime) -> Iterator[Arrival]:
    """A folder that cannot be listed is refused itself; what goes meanwhile was not there."""
    for entry in listing:
        if not entry.is_dir(follow_symlinks=False):
            with suppress(FileNotFoundError):
                yield _arrival(entry, inbox, max_bytes, now)
        elif not is_left_alone(entry.name):
            try:
                inside = sorted(os.scandir(entry.path), key=lambda each: each.name)
            except FileNotFoundError:
                continue
            except PermissionError:
                yield _arrival(entry, inbox, max_bytes, now, UnreadableFile("damaged"))
            else:
                yield from _walk(inside, inbox, max_bytes, now)


def _arrival(
    entry: os.DirEntry[str], inbox: Path, max_bytes: int, now: dt.datetime, refused: UnreadableFile | None = None
) -> Arrival:
    path = Path(entry.path)
    found = path.lstat()  # DirEntry.stat knows no inode on Windows
    changed = max(found.st_ctime, found.st_mtime) if os.name == "nt" else found.st_ctime
    left_alone = is_left_alone(entry.name)
    return Arrival(
        path=path,
        name=escaped(path.relative_to(inbox).as_posix()),
        received=min(dt.datetime.fromtimestamp(changed, dt.UTC), now),
        inode=_inode(found),
        size=found.st_size,
        modified=dt.datetime.fromtimestamp(found.st_mtime, dt.UTC),
        left_alone=left_alone,
        refused=None if left_alone else refused or _refusal(path, found, max_bytes),
    )


def is_left_alone(name: str) -> bool:
    """Whether a file or folder of this name is what a system or an office program leaves beside the files."""
    return any(fnmatchcase(name.lower(), pattern) for pattern in LEFT_ALONE)


def _refusal(path: Path, found: os.stat_result, max_bytes: int) -> UnreadableFile | None:
    if not stat.S_ISREG(found.st_mode):
        return UnreadableFile("not_regular")
    if found.st_size > max_bytes:
        return UnreadableFile("too_large", size=megabytes(found.st_size), limit=megabytes(max_bytes))
    return None if os.access(path, os.R_OK) else UnreadableFile("damaged")


def escaped(name: str) -> str:
    """A name as valid text: bytes that are none are shown as ``\\xNN``."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
