"""The folder for temporary files of this machine, and one in it for a run: whoever is ended there leaves nothing behind."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.model.errors import NO_SPACE, TemporaryFolder


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A new folder, taken away with the block. Raises TemporaryFolder where nothing can be written.

    Another place that nobody chose is not taken instead, and least of all the current folder, as Python would.
    """
    place = _place()
    try:
        folder = tempfile.TemporaryDirectory(prefix="annex2-", dir=place, ignore_cleanup_errors=True)
        with tempfile.TemporaryFile(dir=folder.name) as stream:
            stream.write(b"annex2")
            stream.flush()
    except OSError as error:
        raise TemporaryFolder(str(place), error.errno in NO_SPACE) from error
    with folder as name:
        yield Path(name)


def _place() -> Path:
    """The first that is there, of those that Python would try in the order of its manual."""
    named = (os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
    folders = [Path(name) for name in (*named, *PLATFORM) if name]
    return next((folder for folder in folders if folder.is_dir()), folders[0])


PLATFORM = ("/tmp", "/var/tmp", "/usr/tmp") if os.name == "posix" else ("C:\\TEMP", "C:\\TMP", "\\TEMP", "\\TMP")
