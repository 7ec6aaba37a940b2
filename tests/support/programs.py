"""The programs that some tests use besides Python: whether each is here, and how to get it where it is not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest

Test = TypeVar("Test", bound=Callable[..., Any])

DEBIAN_POSTGRESQL = Path("/usr/lib/postgresql")
"""Where Debian keeps the server's programs of each version, outside the path."""


@dataclass(frozen=True)
class Program:
    """``packages`` are Debian's, as .ci/run installs them; ``find`` is None where it cannot do what the tests ask of it.
    ``marker`` is that of the tests which need it."""

    name: str
    packages: str
    find: Callable[[], Path | None]
    marker: str

    @property
    def missing(self) -> str:
        """Why a test that needs it is skipped, and what to do."""
        return f"{self.name} is not installed (on Debian: apt-get install {self.packages})"


def needs(*programs: Program) -> Callable[[Test], Test]:
    """Marks a test by the programs, and has it skipped where one of them is missing."""
    lacking = [program for program in programs if program.find() is None]

    def mark(test: Test) -> Test:
        marked: Any = test
        for name in sorted({program.marker for program in programs}):
            marked = getattr(pytest.mark, name)(marked)
        return cast(Test, pytest.mark.skipif(bool(lacking), reason=lacking[0].missing if lacking else "")(marked))

    return mark


def _on_path(*names: str) -> Path | None:
    return next((Path(found) for name in names if (found := shutil.which(name))), None)


def _libreoffice() -> Path | None:
    """With Calc and Writer: its packages can be installed one by one."""
    found = _on_path("soffice")
    parts = ("libsc*lo.so", "libsw*lo.so")
    return found if found and all(any(found.resolve().parent.glob(part)) for part in parts) else None


def _poppler() -> Path | None:
    return _on_path("pdftotext") if _on_path("pdfinfo") else None


def _postgresql() -> Path | None:
    """The folder of the server's programs."""
    versions = sorted(DEBIAN_POSTGRESQL.glob("*/bin"), key=lambda path: int(path.parent.name))
    found = _on_path("pg_ctl")
    return versions[-1] if versions else found.parent if found else None


LIBREOFFICE = Program("LibreOffice", "libreoffice-calc libreoffice-writer", _libreoffice, "office")
CHROMIUM = Program("Chromium", "chromium", lambda: _on_path("chromium", "chromium-browser", "google-chrome"), "office")
POPPLER = Program("poppler", "poppler-utils", _poppler, "office")
STRACE = Program("strace", "strace", lambda: _on_path("strace"), "process")
POSTGRESQL = Program("PostgreSQL", "postgresql", _postgresql, "postgres")
