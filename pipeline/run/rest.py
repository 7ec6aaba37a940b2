"""Which files have come to rest: found by looking again and again, so that it works on network shares too."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import inf
from pathlib import Path

PATIENCE = 30.0  # seconds that files at rest wait for others that still change: those of one burst are one run

Marks = Mapping[Path, str]
"""Files with what tells that one is unchanged (``mark``)."""


def mark(path: Path) -> str:
    """Size, times and number of the file. Raises OSError when it has gone."""
    found = path.lstat()
    return f"{found.st_size}.{found.st_mtime_ns}.{found.st_ctime_ns}.{found.st_ino}"


class Rest:
    """A file rests once two looks find it with the same mark. A run takes it once as it is, unless it has to be tried again.

    Times are seconds of a clock that only goes forward.
    """

    def __init__(self) -> None:
        self._seen: dict[Path, str] = {}
        self._taken: dict[Path, tuple[str, float]] = {}
        self._due: dict[Path, float] = {}
        self._calm = True

    def look(self, marks: Marks, now: float) -> None:
        """What lies there now."""
        resting = {path for path, own in marks.items() if self._seen.get(path) == own}
        self._calm = len(resting) == len(marks)
        self._seen = dict(marks)
        self._taken = {path: taken for path, taken in self._taken.items() if marks.get(path) == taken[0]}
        due = (path for path in resting if path not in self._taken or self._taken[path][1] <= now)
        self._due = {path: self._due.get(path, now) for path in due}

    def ripe(self, now: float) -> Marks:
        """What a run should take: nothing while another file still changes, but no file waits for others beyond PATIENCE."""
        if self._calm or any(now - since >= PATIENCE for since in self._due.values()):
            return {path: self._seen[path] for path in self._due}
        return {}

    def taken(self, marks: Marks, again: Collection[Path], when: float = inf) -> None:
        """A run has taken these files; ``again`` are those that it should be given once more, at ``when``."""
        for path, own in marks.items():
            self._taken[path] = (own, when if path in again else inf)
            self._due.pop(path, None)

    def forget(self) -> None:
        """The folders were out of reach: what lies there comes to rest anew."""
        self._seen = {}
        self._due = {}
