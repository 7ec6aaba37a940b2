"""A sheet of the bulletin is a file, a place in SHEETS and its wording; it is the same on every paper."""

from __future__ import annotations

import importlib
import io
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.products import bulletin
from pipeline.products.bulletin import trend_sheet
from pipeline.products.bulletin.bulletin_words import BulletinWords
from pipeline.products.figures.neutral_table import Pages
from schemas.programme import Programme
from tests.support.views import full_view

SHEET = '''
"""年度目标: what each district has to reach in the year."""

def write(paper, words):
    sheet = words.sheet(paper, "annual", words.raw("annual.widths"))
    words.heading(sheet, words.text("annual.title"))
    sheet.header(words.texts("annual.columns"))
    for line in words.progress.rows:
        sheet.row([line.name, words.number(line.measure.annual)])
'''
WORDING = """
[annual]
sheet = "年度目标"
title = "{city}{year}年度目标"
widths = [12, 14]
columns = ["区域", "年度目标"]
"""


def test_a_sheet_is_added_by_a_file_and_its_wording(
    programme: Programme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "annual_sheet.py").write_text(SHEET, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(bulletin, "SHEETS", (*bulletin.SHEETS, importlib.import_module("annual_sheet").write))
    own = {**programme.wording["bulletin"], **tomllib.loads(WORDING)}
    with_sheet = replace(programme, wording={**programme.wording, "bulletin": own})
    book = load_workbook(io.BytesIO(bulletin.render(with_sheet, full_view(programme))))
    assert book.sheetnames[-1] == "年度目标"
    found = [[cell.value for cell in row] for row in book["年度目标"].iter_rows()]
    assert found[0][0] == "全市2025年度目标"
    goals = {
        line.name: line.measure and line.measure.annual for line in BulletinWords(programme, full_view(programme)).progress.rows
    }
    assert found[-len(goals) - 1 :] == [["区域", "年度目标"], *map(list, goals.items())]


def test_every_table_is_the_same_whatever_it_is_put_on(programme: Programme) -> None:
    view = full_view(programme)
    book, pages = load_workbook(io.BytesIO(bulletin.render(programme, view))), Pages()
    words = BulletinWords(programme, view)
    writers: list[Any] = [write for write in bulletin.SHEETS if write != trend_sheet.write]  # which draws
    for write in writers:
        write(pages, words)
    there = [sheet for sheet in book.worksheets if sheet.title != words.text("trend.sheet")]
    for sheet, known in zip(there, pages.sheets, strict=True):
        kept = {
            (row, cell.place + 1): cell.value
            for row, line in enumerate(known.lines, 1)
            for cell in line.cells
            if cell.value not in (None, "")
        }
        assert kept == {(c.row, c.column): c.value for row in sheet.iter_rows() for c in row if c.value is not None}
