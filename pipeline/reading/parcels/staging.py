"""Files that came inside others, laid into a folder of the run to be read and kept like any file."""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path

from pipeline.model import Enclosed, Reading


class StagingFailed(OSError):
    """The folder of the run cannot be written, or is full: that is nothing of the file's."""


def lay_out(reading: Reading, staging: Path | None) -> Reading:
    """The reading with what came inside its file in a new folder of ``staging``; without it where there is none to lay it into.

    Raises StagingFailed.
    """
    if not reading.enclosed or staging is None:
        return dataclasses.replace(reading, enclosed=())
    try:
        folder = Path(tempfile.mkdtemp(dir=staging))
        return dataclasses.replace(reading, enclosed=tuple(_laid(n, each, folder) for n, each in enumerate(reading.enclosed)))
    except OSError as error:
        raise StagingFailed(error.errno, error.strerror, error.filename) from error


def _laid(number: int, each: Enclosed, folder: Path) -> Enclosed:
    if each.envelope.refused:
        return each
    path = folder / str(number)
    path.write_bytes(each.content)
    return dataclasses.replace(each, content=b"", path=path)
