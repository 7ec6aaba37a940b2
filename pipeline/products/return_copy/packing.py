"""Workbooks of openpyxl as bytes: the same workbook always gives the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

from openpyxl import Workbook
from openpyxl.packaging.core import DocumentProperties
from openpyxl.workbook.properties import CalcProperties
from openpyxl.writer.excel import ExcelWriter

_NO_TIME = (1980, 1, 1, 0, 0, 0)


def packed(workbook: Workbook, title: str, author: str, created: dt.datetime) -> bytes:
    """The workbook as an .xlsx file with these properties and no others, whatever it brought along. ``created`` is UTC."""
    time = created.replace(tzinfo=None, microsecond=0)
    workbook.properties = DocumentProperties(title=title, creator=author, created=time, modified=time)
    workbook.calculation = CalcProperties(fullCalcOnLoad=False)  # else a program that opens it asks to save it
    stream = io.BytesIO()
    ExcelWriter(workbook, zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED)).save()  # save_workbook would put the time of day in
    return repacked(stream.getvalue())


def repacked(content: bytes) -> bytes:
    """The parts in their order, without the times at which they were written."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as written, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for part in written.infolist():
            entry = zipfile.ZipInfo(part.filename, _NO_TIME)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            target.writestr(entry, written.read(part))
    return stream.getvalue()
