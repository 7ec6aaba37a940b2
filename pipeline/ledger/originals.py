"""The originals: every file as it was sent, under its sha256."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.model import UnreadableFile
from pipeline.model.opening import open_regular

if TYPE_CHECKING:  # a worker keeps files without a database
    from pipeline.ledger.store import Ledger
    from pipeline.model.work import Workers

TOGETHER = 64  # files kept in one task of a worker

File = tuple[Path, str]
"""Where it lies, and the sha256 it had when it was read."""


def keep_originals(ledger: Ledger, files: Sequence[File], workers: Workers | None = None) -> set[Path]:
    """Copy files into the originals under their sha256, safely on disk before they are named; the files that were kept.

    A file whose bytes are not those of its hash any more is left out. Many files are shared out among ``workers``.
    """
    if workers is None or len(files) <= TOGETHER:
        kept = keep(ledger.originals, files)
    else:
        first = {sha256: path for path, sha256 in reversed(files)}  # equal files are not written at the same time
        once = [(path, sha256) for sha256, path in first.items()]
        parts = [once[start : start + TOGETHER] for start in range(0, len(once), TOGETHER)]
        tasks = [workers.schedule(keep, args=(ledger.originals, part)) for part in parts]
        kept = {path for task in tasks for path in task.result()}
        kept |= keep(ledger.originals, [(path, sha256) for path, sha256 in files if first[sha256] != path])
    _sync_folder(ledger.originals)
    return kept


def keep(originals: Path, files: Iterable[File]) -> set[Path]:
    """Those of the files that were kept. A task for a worker process.

    All are written, then all brought to the disk, then all named: naming one between makes the disk's journal begin anew, which
    takes as long as all the rest.
    """
    kept, parts = set[Path](), dict[Path, Path]()
    with ExitStack() as open_files:
        streams = []
        for source, sha256 in files:
            content = _content(source, sha256)
            if content is None:
                continue
            kept.add(source)
            target = originals / sha256
            if target not in parts and not (target.exists() and target.stat().st_size == len(content)):
                parts[target] = target.with_name(f"{sha256}.{platform.node()}.part")  # one for each machine
                streams.append(open_files.enter_context(parts[target].open("wb")))
                streams[-1].write(content)
                streams[-1].flush()
        for stream in streams:
            os.fsync(stream.fileno())
    for target, part in parts.items():
        part.replace(target)
    return kept


def _content(source: Path, sha256: str) -> bytes | None:
    """None where its bytes are not those of the hash any more, or it has gone, or cannot be read now: the next run will see."""
    try:
        with open_regular(source) as stream:
            content = stream.read()
    except (OSError, UnreadableFile):
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def _sync_folder(folder: Path) -> None:
    """Make a rename last; Windows has no such call and needs none."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
