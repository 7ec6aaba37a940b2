"""What lies in a mail or an archive before anybody knows what it is, and what all of it together may cost."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.model import UnreadableFile
from pipeline.reading.formats.kinds import Limits
from pipeline.reading.inbox import is_left_alone

_LONGEST_PART, _LONGEST = 255, 1000
"""Characters of a name between two ``/``, which no file system exceeds, and of all of it."""

_MOST_ENTRIES = 50_000
"""Of all archives and workbooks inside together: 200 workbooks of 250 parts."""

_ONLY_ENDING = re.compile(r"\.(?:xls[xmb]?|et|ods|csv|html?|pdf|ofd|docx?|zip|eml|jpe?g|png)", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Piece:
    """One file as it lies in a parcel: its path there, and its bytes, or why it cannot be taken."""

    name: str
    content: bytes = b""
    refused: UnreadableFile | None = None


class Room:
    """What is left of the limits for a parcel with all that is in it, at every level."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._members = limits.max_members
        self._bytes = limits.max_unpacked
        self._entries = _MOST_ENTRIES

    def take(self, members: int, unpacked: int) -> None:
        """Raises UnreadableFile (parcel_limits) where the parcel as a whole is too much."""
        self._members -= members
        self._bytes -= unpacked
        if self._members < 0 or self._bytes < 0:
            raise UnreadableFile("parcel_limits")

    def look_at(self, entries: int) -> None:
        """Count the entries of a directory that is looked through, folders and parts of workbooks too: each takes time.

        Raises UnreadableFile (parcel_limits).
        """
        self._entries -= entries
        if self._entries < 0:
            raise UnreadableFile("parcel_limits")


def left_alone(path: str) -> bool:
    """Whether a system or an office program left this beside the files, or in a folder of its own.

    A name that is only an ending lost its Chinese on the way.
    """
    *folders, last = path.split("/")
    return any(map(is_left_alone, folders)) or (is_left_alone(last) and not _ONLY_ENDING.fullmatch(last))


def is_nameable(path: str) -> bool:
    """Whether a path of cleaned parts can be the name of a file."""
    short = len(path) <= _LONGEST and all(len(part) <= _LONGEST_PART for part in path.split("/"))
    return short and bool(path) and not _CONTROLS.search(path)


def shortened(text: str, most: int = 100) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
