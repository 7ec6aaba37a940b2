"""The folder for temporary files of this machine."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from pipeline.errors import NO_SPACE, TemporaryFolder


def need_temporary_folder() -> None:
    """Find out, before anything is begun, whether it can be written to; another one that nobody chose is not taken instead, and
    least of all the current folder, as Python would. Raises TemporaryFolder."""
    try:
        with tempfile.TemporaryFile(dir=_folder()) as stream:
            stream.write(b"annex2")
            stream.flush()
    except OSError as error:
        raise TemporaryFolder(str(_folder()), error.errno in NO_SPACE) from error


def _folder() -> Path:
    """The first that is there, of those that Python would try in the order of its manual."""
    named = (os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
    folders = [Path(name) for name in (*named, *PLATFORM) if name]
    return next((folder for folder in folders if folder.is_dir()), folders[0])


PLATFORM = ("/tmp", "/var/tmp", "/usr/tmp") if os.name == "posix" else ("C:\\TEMP", "C:\\TMP", "\\TEMP", "\\TMP")
