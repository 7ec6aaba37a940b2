"""数据来源: every cell leads to the file as sent, from the period's folder and from an issue's."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.support.issued import issue, reported


@pytest.mark.parametrize("folder", ["", "第1次定稿"], ids=["period", "issue"])
def test_every_value_leads_to_the_file_it_was_read_from(tmp_path: Path, folder: str) -> None:
    office = reported(tmp_path)
    issue(office)
    papers = office.outbox / "2025-03-31" / folder / "工作底稿_2025-03-31.xlsx"
    rows = [row for row in load_workbook(papers)["数据来源"].iter_rows() if row[6].hyperlink]
    assert len(rows) == 13 * 4
    for row in rows:
        link = row[6].hyperlink
        assert link
        assert link.target
        sent = papers.parent / link.target
        assert hashlib.sha256(sent.read_bytes()).hexdigest() == row[10].value
