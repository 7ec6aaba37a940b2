"""A PDF beside a Word product, made by LibreOffice where that is installed: a convenience, never frozen."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

log = logging.getLogger(__name__)

NAMES = ("soffice", "libreoffice")
ON_WINDOWS = "LibreOffice/program/soffice.exe"
SECONDS = 60


def libreoffice() -> str | None:
    """The program: on the path, or where its Windows setup puts it; None where it is not installed."""
    folders = (os.environ.get(name) for name in ("ProgramFiles", "ProgramFiles(x86)"))
    installed = (str(Path(folder) / ON_WINDOWS) for folder in folders if folder)
    return next(filter(None, map(shutil.which, (*NAMES, *installed))), None)


def made_beside(document: Path, program: str, seconds: float = SECONDS) -> Path | None:
    """The PDF of the document, in its folder; None where the program did not make one in time. The log says why."""
    target = document.with_suffix(".pdf")
    try:
        with tempfile.TemporaryDirectory(prefix="annex2-pdf-", ignore_cleanup_errors=True) as folder:
            _convert(document, program, Path(folder), seconds)
            part = target.with_name(f".{target.name}.part")
            shutil.copyfile(Path(folder) / target.name, part)
            return part.replace(target)
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("no PDF of %s: %s", document, error)
        return None


def _convert(document: Path, program: str, folder: Path, seconds: float) -> None:
    """With a profile of its own: a LibreOffice that is open on the desktop would take the work and say nothing."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(document.resolve())]
    silent = subprocess.DEVNULL
    process = subprocess.Popen(command, stdin=silent, stdout=silent, stderr=silent, start_new_session=True)
    try:
        process.wait(seconds)
    finally:
        if process.poll() is None:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """The program and what it started."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
