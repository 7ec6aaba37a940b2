"""Reading tasks that hang or die for files of a certain name: worker processes find them by import."""

from __future__ import annotations

import datetime as dt
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

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
