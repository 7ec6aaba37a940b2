"""Reading tasks that hang or die for files of a certain name: worker processes find them by import."""

from __future__ import annotations

import datetime as dt
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.intake import read, reader
from pipeline.intake.reader import Item, read_file
from pipeline.model import Reading


def read_files(items: Sequence[Item], called: frozenset[dt.date]) -> list[Reading]:
    """``reader.read_files``, but ``hang…``, ``exit…``, ``kill…`` and ``raise…`` do what they are called."""
    return [_read(path, name, called) for path, name in items]


def _read(path: Path, name: str, called: frozenset[dt.date]) -> Reading:
    if name.startswith("hang"):
        time.sleep(600)
    if name.startswith("exit"):
        os._exit(3)
    if name.startswith("kill"):
        os.kill(os.getpid(), signal.SIGKILL)
    if name.startswith("raise"):
        raise ValueError(name)
    return read_file(path, name, called)


class Panic(BaseException):
    """What a library written in another language raises."""


def read_files_but_one(items: Sequence[Item], called: frozenset[dt.date]) -> list[Reading]:
    """``reader.read_files``, but a library panics over every file of 瓯海区."""
    known = read.read_submission

    def broken(name: str, *others: Any) -> Reading:
        if name.startswith("瓯海区"):
            raise Panic("broken on purpose")
        return known(name, *others)

    read.read_submission = broken  # type: ignore[assignment]
    try:
        return reader.read_files(items, called)
    finally:
        read.read_submission = known


def read_files_or_nothing(items: Sequence[Item], called: frozenset[dt.date]) -> list[Reading]:
    """``reader.read_files``, but the task as a whole fails with a file of 瓯海区."""
    if any(name.startswith("瓯海区") for _, name in items):
        raise ValueError("broken on purpose")
    return reader.read_files(items, called)
