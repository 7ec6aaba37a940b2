"""Workbooks of openpyxl as bytes: the same workbook always gives the same bytes."""

from __future__ import annotations

import datetime as dt
import errno
import io
import os
import tempfile
import zipfile

from lxml.etree import SerialisationError
from openpyxl import Workbook
from openpyxl.packaging.core import DocumentProperties
from openpyxl.workbook.properties import CalcProperties
from openpyxl.writer.excel import ExcelWriter

_NO_TIME = (1980, 1, 1, 0, 0, 0)


def packed(workbook: Workbook, title: str, author: str, created: dt.datetime) -> bytes:
    """The workbook as an .xlsx file with these properties and no others, whatever it brought along. ``created`` is UTC.

    Raises OSError where the folder for temporary files, in which openpyxl writes sheets, fails or is full.
    """
    time = created.replace(tzinfo=None, microsecond=0)
    workbook.properties = DocumentProperties(title=title, creator=author, created=time, modified=time)
    workbook.calculation = CalcProperties(fullCalcOnLoad=False)  # else a program that opens it asks to save it
    stream = io.BytesIO()
    try:
        # save_workbook would put the time of day in
        ExcelWriter(workbook, zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED)).save()
    except SerialisationError as trouble:
        raise _disk_trouble(str(trouble).removeprefix("IO_")) from trouble
    _check_whole(stream)
    return repacked(stream.getvalue())


def _check_whole(stream: io.BytesIO) -> None:
    """lxml says nothing of a disk that takes the middle of a sheet and not its end. Raises OSError."""
    with zipfile.ZipFile(stream) as package:
        for name in package.namelist():
            if name.startswith("xl/worksheets/sheet") and not package.read(name).endswith(b"</worksheet>"):
                raise _disk_trouble("ENOSPC")


def _disk_trouble(name: str) -> OSError:
    """lxml names the system's error; EIO where that is none of it."""
    number = getattr(errno, name, errno.EIO)
    return OSError(number, os.strerror(number), tempfile.gettempdir())


def repacked(content: bytes) -> bytes:
    """The parts in their order, without the times at which they were written."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as written, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for part in written.infolist():
            entry = zipfile.ZipInfo(part.filename, _NO_TIME)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            target.writestr(entry, written.read(part))
    return stream.getvalue()
