"""Python, this machine, and the libraries that were installed with annex2."""

from __future__ import annotations

import datetime as dt
import platform
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from pipeline.upkeep.doctor.seen import Office, Seen, listed, seen

NAME = "annex2"


def check(_: Office) -> Iterator[Seen]:
    """The versions, and which libraries are not there."""
    missing = [name for name in _needed() if _version(name) is None]
    if missing:
        yield seen("software", "missing", names=listed(missing))
        return
    library = " ".join(filter(None, platform.libc_ver()))  # ("glibc", "2.36"); nothing on Windows
    machine = listed(filter(None, (f"{platform.system()} {platform.machine()}", library)))
    yield seen("software", "fine", version=_version(NAME) or "", python=platform.python_version(), machine=machine)
    if sys.maxsize < 2**32:
        yield seen("software", "narrow")


def installed() -> dt.datetime:
    """When the files of the program came to this machine (UTC)."""
    return dt.datetime.fromtimestamp(Path(__file__).stat().st_mtime, dt.UTC)


def _needed() -> list[str]:
    """The names of what annex2 itself asks for, without its extras. Raises PackageNotFoundError when it is not installed."""
    return [re.split(r"[\s;<>=!~\[]", line, maxsplit=1)[0] for line in requires(NAME) or () if "extra ==" not in line]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
