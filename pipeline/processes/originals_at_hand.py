"""Originals of files with findings read again, for the pictures and copies of them: each when it is asked for."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pipeline.model import Grade, UnreadableFile
from pipeline.model.view import FileRecord, Original
from pipeline.reading.formats import format_of, identify, read_sheets
from pipeline.reading.unreadable import limits_of
from schemas.programme import Programme

SMALL, FEW, KEPT = 1 << 18, 5000, 64
"""Originals of so many bytes and cells at most, and so many of them, stay at hand: a period's returns are that."""


class OriginalsAtHand(Mapping[str, Original]):
    """Those of files with errors or queries by their sha256: hints are neither pictured nor sent back.

    Each is read when it is asked for: thousands together are more than a process may hold. Small ones are kept for the next
    product. Raises OSError where the disk fails.
    """

    def __init__(self, files: Iterable[FileRecord], originals: Path, programme: Programme) -> None:
        self._wanted = {file.sha256: file for file in files if any(finding.grade != Grade.HINT for finding in file.findings)}
        self._folder, self._programme = originals, programme
        self._kept: dict[str, Original] = {}

    def __getitem__(self, sha256: str) -> Original:
        if sha256 in self._kept:
            return self._kept[sha256]
        original = _original(self._wanted[sha256], self._folder, self._programme)
        cells = sum(len(grid.cells) for grid in original.grids)
        if len(original.content) <= SMALL and cells <= FEW and len(self._kept) < KEPT:
            self._kept[sha256] = original
        return original

    def __iter__(self) -> Iterator[str]:
        return iter(self._wanted)

    def __len__(self) -> int:
        return len(self._wanted)


def _original(record: FileRecord, originals: Path, programme: Programme) -> Original:
    """The file as sent; without grids where it makes no sense, or is not there any more.

    Raises OSError where the disk fails: products would lack what they should show, and nobody would make them again.
    """
    try:
        content = (originals / record.sha256).read_bytes()
    except FileNotFoundError:
        return Original(b"")
    if any(programme.role_of(finding.rule) in ("unreadable", "unhandled") for finding in record.findings):
        return Original(content)  # what hung, killed or broke its reader would do so again
    try:
        container = identify(content, record.file, limits_of(programme))
        grids = tuple(sheet.grid for sheet in read_sheets(content, container, limits_of(programme)))
        package = format_of(container).package
        return Original(package(content), grids, True) if package else Original(content, grids)
    except UnreadableFile:
        return Original(content)
    except MemoryError:  # it was read once, by a reader that had nothing else to hold
        return Original(content)
    except (OSError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a panic of a library that is not Python's derives from nothing else
        return Original(content, trouble=traceback.format_exc())
