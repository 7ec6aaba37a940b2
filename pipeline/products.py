"""A period's products as one task of a worker: the originals in question are read again for the pictures and copies of them."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pipeline.findings import UNHANDLED
from pipeline.intake.container import Kind, identify
from pipeline.intake.grid import read_sheets
from pipeline.intake.package import zip_of
from pipeline.intake.read import limits_of
from pipeline.model import Grade, UnreadableFile
from pipeline.outputs.publish import Product, Published, Unmade, publish, render_issued, return_copies
from pipeline.view import FileRecord, Original, PeriodView
from pipeline.workers import at_hand
from schemas.programme import Programme

SMALL, FEW, KEPT = 1 << 18, 5000, 64
"""Originals of so many bytes and cells at most, and so many of them, stay at hand: a period's returns are that."""

UNREADABLE = {"F01", UNHANDLED}


def publish_period(outbox: Path, view: PeriodView, originals: Path) -> Published:
    """Make all products of the period and write them into its folder. A task for a worker process."""
    programme = at_hand()
    return publish(outbox, view, _Originals(view.files, originals, programme))


def render_issue(view: PeriodView, originals: Path) -> list[Product]:
    """What is frozen when the period is issued: every product but the list of what is open. A task for a worker process."""
    programme = at_hand()
    return list(render_issued(programme, view, _Originals(view.files, originals, programme)))


def render_return_copies(
    view: PeriodView, waiting: tuple[FileRecord, ...], originals: Path
) -> tuple[list[tuple[FileRecord, str, bytes]], list[Unmade]]:
    """Each of these files that goes back, with the name and the content of its copy, and what could not be made as it should be.
    A task for a worker process."""
    programme = at_hand()
    unmade: list[Unmade] = []
    return list(return_copies(programme, view, waiting, _Originals(waiting, originals, programme), unmade)), unmade


def publish_unplaced_files(outbox: Path, files: tuple[FileRecord, ...], decided: int, originals: Path) -> Published:
    """The folder of files without a period; ``decided`` is the last decision it knows. A task for a worker process."""
    from pipeline.outputs.unplaced import publish_unplaced

    return publish_unplaced(outbox, files, decided, originals, _Originals(files, originals, at_hand()))


class _Originals(Mapping[str, Original]):
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
    if any(finding.rule in UNREADABLE for finding in record.findings):
        return Original(content)  # what hung, killed or broke its reader would do so again
    try:
        container = identify(content, record.file, limits_of(programme))
        if container.kind is Kind.ATTACHMENT:
            return Original(content)
        grids = tuple(sheet.grid for sheet in read_sheets(content, container, limits_of(programme)))
        return Original(zip_of(content), grids, True) if container.kind is Kind.OOXML else Original(content, grids)
    except UnreadableFile:
        return Original(content)
    except MemoryError:  # it was read once, by a reader that had nothing else to hold
        return Original(content)
    except (OSError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a panic of a library that is not Python's derives from nothing else
        return Original(content, trouble=traceback.format_exc())
