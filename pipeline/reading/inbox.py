"""What lies in the inbox: files to read, files left alone, files refused in place."""

from __future__ import annotations

import datetime as dt
import errno
import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import translate
from pathlib import Path

from pipeline.model import Envelope, UnreadableFile
from pipeline.model.opening import GONE, is_too_long, out_of_reach
from pipeline.reading.formats.kinds import Limits, megabytes

LEFT_ALONE = ("~$*", ".~*", ".*", "*.tmp", "*.part", "*.crdownload", "thumbs.db", "desktop.ini", "ehthumbs.db", "__macosx")
_LEFT_ALONE = re.compile("|".join(map(translate, LEFT_ALONE)))
LAST_SECOND = 253402300799
"""Of the year 9999."""
JUNCTION = 0xA0000003
"""The tag of a folder that stands for another one (IO_REPARSE_TAG_MOUNT_POINT of Windows)."""


@dataclass(frozen=True)
class Arrival:
    """A file of the inbox. ``name`` is its path in the inbox, escaped where it is not valid text.

    ``key`` tells this arrival from a later one of the same bytes: dropped again, a file has another inode or change time.
    ``inode`` is empty where it cannot be told. ``refused`` says why it stays where it is. A file that came inside another has the
    times and the inode of the one that lies in the inbox, with the ``envelope``; ``path`` is where its bytes are now.
    """

    path: Path
    name: str
    received: dt.datetime
    inode: str
    size: int
    modified: dt.datetime
    left_alone: bool = False
    refused: UnreadableFile | None = None
    envelope: Envelope | None = None

    @property
    def in_inbox(self) -> str:
        """The name of the file of the inbox that this is, or that it came in."""
        return self.envelope.parcel.file if self.envelope else self.name

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


def scan(inbox: Path, limits: Limits, now: dt.datetime) -> tuple[Arrival, ...]:
    """Everything in the inbox and its folders, in the order of the names. Raises OSError when the inbox cannot be listed.

    A folder that lies too deep, whose path is too long, or that cannot be listed is refused itself, and the rest is looked
    through; what goes meanwhile was not there.
    """
    found: list[Arrival] = []
    entries = list(os.scandir(inbox))
    while entries:
        entry = entries.pop()
        if not _is_folder(entry):
            found += _seen(entry, inbox, limits, now)
        elif not is_left_alone(entry.name):
            try:
                if _is_out_of_reach(entry.path, inbox, limits):
                    raise OSError(errno.ENAMETOOLONG, entry.path)
                entries += os.scandir(entry.path)
            except OSError as error:
                found += _seen(entry, inbox, limits, now, error)
    return tuple(sorted(found, key=lambda arrival: arrival.name))


def lying_in(folder: Path, limits: Limits, now: dt.datetime) -> tuple[Arrival, ...]:
    """What lies in a folder and in none of its folders, in the order of the names. Raises OSError when it cannot be listed."""
    entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    return tuple(arrival for entry in entries if not _is_folder(entry) for arrival in _seen(entry, folder, limits, now))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Links are none, and on Windows the junctions neither: they may lead anywhere, round in a circle too."""
    try:
        if not entry.is_dir(follow_symlinks=False):
            return False
        return os.name != "nt" or getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0) != JUNCTION
    except OSError:
        return False


def _is_out_of_reach(path: str, inbox: Path, limits: Limits) -> bool:
    """Whether what lies at ``path``, a folder, is more than looking through the inbox is for."""
    inside = _inside(path, inbox)
    return inside.count(os.sep) >= limits.max_folders or len(inside) > limits.max_path


def _inside(path: str, inbox: Path) -> str:
    """The path as seen from the inbox, of which there may be a hundred thousand."""
    return path.removeprefix(str(inbox)).lstrip(os.sep)


def _seen(
    entry: os.DirEntry[str], inbox: Path, limits: Limits, now: dt.datetime, trouble: OSError | None = None
) -> Iterator[Arrival]:
    """The entry as an arrival, refused where ``trouble`` keeps it from being looked into; nothing where it has gone."""
    path, found = Path(entry.path), None
    try:
        found = path.lstat()  # DirEntry.stat knows no inode on Windows
    except OSError as error:
        trouble = trouble or error
    if isinstance(trouble, GONE) and not is_too_long(trouble, entry.path):
        return
    left_alone = is_left_alone(entry.name)
    refused = out_of_reach(trouble, entry.path) if trouble else _refusal(entry.path, found, inbox, limits) if found else None
    yield Arrival(
        path=path,
        name=escaped(_inside(entry.path, inbox).replace(os.sep, "/")),
        received=min(_moment(_changed(found)), now) if found else now,
        inode=_inode(found) if found else "",
        size=found.st_size if found else 0,
        modified=_moment(found.st_mtime) if found else now,
        left_alone=left_alone,
        refused=None if left_alone else refused,
    )


def _moment(seconds: float) -> dt.datetime:
    """What a file system says of a file may lie beyond all calendars."""
    return dt.datetime.fromtimestamp(min(max(seconds, 0), LAST_SECOND), dt.UTC)


def _changed(found: os.stat_result) -> float:
    return max(found.st_ctime, found.st_mtime) if os.name == "nt" else found.st_ctime


def is_left_alone(name: str) -> bool:
    """Whether a file or folder of this name is what a system or an office program leaves beside the files."""
    return _LEFT_ALONE.match(name.lower()) is not None


def _refusal(path: str, found: os.stat_result, inbox: Path, limits: Limits) -> UnreadableFile | None:
    if not stat.S_ISREG(found.st_mode):
        return UnreadableFile("not_regular")
    if len(_inside(path, inbox)) > limits.max_path:
        return UnreadableFile("too_deep")
    if found.st_size > limits.max_bytes:
        return UnreadableFile("too_large", size=megabytes(found.st_size), limit=megabytes(limits.max_bytes))
    return None if os.access(path, os.R_OK) else UnreadableFile("no_permission")


def escaped(name: str) -> str:
    """A name as valid text: bytes that are none are shown as ``\\xNN``."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
