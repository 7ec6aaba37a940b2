"""Workbooks packed where the disk is full: whole, or not at all."""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from openpyxl import Workbook

from pipeline.products.return_copy.packing import packed

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no limit of a file's size")


def _workbook() -> Workbook:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in range(60):
        sheet.append([f"第{row}行"] * 6)
    sheet.merge_cells("A1:F1")
    return workbook


@contextmanager
def _files_of_at_most(size: int) -> Iterator[None]:
    """Whoever writes more into a file is told that it is too large, as by a disk that is full."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@posix
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of openpyxl's writer, left where it stood
def test_wherever_the_disk_is_full_a_workbook_is_whole_or_not_made() -> None:
    now = dt.datetime(2025, 4, 3, tzinfo=dt.UTC)
    whole = packed(_workbook(), "t", "a", now)
    made = []
    for size in range(4, 26_000, 500):
        with contextlib.suppress(OSError), _files_of_at_most(size):
            made.append(packed(_workbook(), "t", "a", now))
    gc.collect()  # of the writers that were left
    assert set(made) == {whole}
    assert len(made) < 50
