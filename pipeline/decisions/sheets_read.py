"""Reading what lies in ``办理/``: in a worker and within limits, as whatever others laid there."""

from __future__ import annotations

import dataclasses
import datetime as dt
import errno
import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.decisions.sheet_lines import Line, find_header, read_lines
from pipeline.model import UnreadableFile
from pipeline.model.allowance import PATIENCE, for_reading
from pipeline.model.errors import MachineShort
from pipeline.model.opening import open_regular, out_of_reach, passes
from pipeline.model.words import Words
from pipeline.model.work import HelperEnded, Workers, at_hand
from pipeline.reading.formats import format_of, identify, read_grids
from pipeline.reading.formats.kinds import check_size
from pipeline.reading.inbox import Arrival, lying_in
from pipeline.reading.unreadable import REASONS, limits_of
from pipeline.workspace.workspace import Workspace
from schemas.programme import Programme

log = logging.getLogger(__name__)

SECONDS = 10.0
"""Of the processor: a 办理单 is a page or two, read in a tenth of a second, and the run waits for it."""


@dataclass(frozen=True)
class Book:
    """A file of ``办理/``: the filled lines of a 办理单, None for what is none; ``problem`` where it cannot be read.

    ``passing``: it has gone, or another program holds it.
    """

    lines: tuple[Line, ...] | None = None
    problem: UnreadableFile | None = None
    passing: bool = False


def laid_in(workspace: Workspace, now: dt.datetime) -> list[Arrival]:
    """What lies in ``办理/``; nothing while there is no such folder, the folder itself where it cannot be listed.

    Raises NotADirectoryError where something else is in its place: nothing could be filed there.
    """
    folder = folder_of(workspace)
    if not folder.is_dir():
        if os.path.lexists(folder):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
        return []
    try:
        return [each for each in lying_in(folder, limits_of(workspace.programme), now) if not each.left_alone]
    except OSError as trouble:
        return [Arrival(folder, folder.name, now, "", 0, now, refused=out_of_reach(trouble, str(folder)))]


def folder_of(workspace: Workspace) -> Path:
    """``办理/``."""
    return workspace.root / Words(workspace.programme, "decisions").text("sheets.folder")


def read_book(path: Path, name: str) -> Book:
    """The worker's task. Whatever the file is, its answer is a Book; only a mistake of the program raises."""
    programme = at_hand()
    limits = limits_of(programme)
    try:
        with open_regular(path) as stream:
            content = stream.read(limits.max_bytes + 1)
        check_size(len(content), limits)
        container = identify(content, name, limits)
        if format_of(container).read is None:
            return Book()
        grids = read_grids(content, container, limits)
        sheets = [(grid, header) for grid in grids if (header := find_header(grid, programme))]
        lines = [line for grid, header in sheets for line in read_lines(grid, header, name, programme)]
    except UnreadableFile as problem:
        return Book(problem=problem)
    except OSError as trouble:
        return Book(problem=out_of_reach(trouble, str(path)), passing=passes(trouble))
    return Book(tuple(lines) if sheets else None)


def start_books(workers: Workers, laid: Sequence[Arrival], programme: Programme) -> Callable[[], list[Book]]:
    """Hand what lies there to the workers; the result, when called, waits for the books in the order of ``laid``."""
    allowed = dataclasses.replace(for_reading(programme), seconds=SECONDS, patience=PATIENCE * SECONDS)
    tasks = [None if each.refused else workers.schedule(read_book, (each.path, each.name), allowed) for each in laid]
    return lambda: [_book(each, task) for each, task in zip(laid, tasks, strict=True)]


def _book(laid: Arrival, task: Any) -> Book:
    if laid.refused:
        return Book(problem=laid.refused)
    try:
        book: Book = task.result()
    except HelperEnded as ended:
        return Book(problem=UnreadableFile(REASONS[ended.reason]))
    except MachineShort:
        raise
    except Exception:  # an internal error keeps no return waiting
        log.exception("file %s could not be read", laid.name)
        return Book(problem=UnreadableFile("damaged"))
    return book
