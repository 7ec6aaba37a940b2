"""The notice is made with an issue, frozen with its products and given back byte for byte; the PDF beside it is not."""

from __future__ import annotations

import datetime as dt
import io
import stat
import sys
from pathlib import Path

import pytest
from docx import Document

from pipeline.issue.issuing import Order
from pipeline.products.notice.pdf import made_beside
from pipeline.run.rebuild import issue_period, rebuild_issue
from pipeline.workspace.outbox import issue_folder
from tests.support.command import annex2
from tests.support.issued import AGAIN, BY, ISSUE, REISSUE, issue, reopen, reported, values_of
from tests.support.programs import LIBREOFFICE, needs
from tests.support.workspaces import MARCH, drop_return, run_now

NAME = "通报_2025-03-31.docx"


def text(document: Path) -> str:
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(document.read_bytes())).paragraphs)


def test_an_issue_holds_its_notice_and_nothing_before_it_does(tmp_path: Path) -> None:
    office = reported(tmp_path)
    assert not list(office.outbox.rglob("通报_*.docx"))
    folder = issue(office).folder
    assert folder
    written = text(folder / NAME)
    assert "关于截至2025年3月底“科技副总”" in written
    assert "（送审稿）" not in written
    assert "　　　　年　　月　　日" in written


def test_the_date_given_with_the_order_is_that_of_the_notice(tmp_path: Path) -> None:
    office = reported(tmp_path)
    folder = issue_period(office, Order(MARCH, BY, document="市委科创办〔2025〕9号", date=dt.date(2025, 4, 10)), ISSUE).folder
    assert folder
    written = text(folder / NAME).split("\n")
    assert written.count("2025年4月10日") == 1
    imprint = Document(str(folder / NAME)).tables[-1]
    assert any("2025年4月10日印发" in cell.text for row in imprint.rows for cell in row.cells)


def test_a_second_issue_has_the_notice_of_a_correction_and_both_come_back_byte_for_byte(tmp_path: Path) -> None:
    office = reported(tmp_path)
    first = (issue(office).folder or Path()) / NAME
    issue_period(office, Order(MARCH, BY, document="市委科创办〔2025〕9号"), AGAIN)
    reopen(office)
    drop_return(office, "龙湾区", MARCH, (5, *values_of(office, "龙湾区")[1:]))
    run_now(office)
    second = (issue(office, reason="更正", now=REISSUE).folder or Path()) / NAME
    assert "（市委科创办〔2025〕9号）印发后，经核实，龙湾区部分数据有误" in text(second)
    frozen = {first: first.read_bytes(), second: second.read_bytes()}
    for number, (notice, content) in enumerate(frozen.items(), 1):
        notice.write_bytes(b"")
        rebuild_issue(office, MARCH, number)
        assert notice.read_bytes() == content


def program(folder: Path, script: str) -> str:
    """Something that is started like LibreOffice; ``$6`` is the folder for the PDF, ``$7`` the document."""
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
@pytest.mark.parametrize("script", ["exit 1", "exit 0", "sleep 60"])
def test_a_pdf_that_cannot_be_made_is_no_failure(tmp_path: Path, script: str) -> None:
    document = tmp_path / NAME
    document.write_bytes(b"")
    assert made_beside(document, program(tmp_path, script), seconds=0.5) is None
    assert not list(tmp_path.glob("*.pdf"))
    assert not list(tmp_path.glob(".*"))


def test_a_program_that_is_not_there_is_no_failure(tmp_path: Path) -> None:
    assert made_beside(tmp_path / NAME, str(tmp_path / "none")) is None


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
def test_the_command_names_the_notice_and_says_which_pdf_is_missing(tmp_path: Path) -> None:
    office = reported(tmp_path)
    (tmp_path / "bin").mkdir()
    program(tmp_path / "bin", "exit 1")
    done = annex2("issue", "2025-03-31", "--by", BY, folder=tmp_path, PATH=str(tmp_path / "bin"))
    issued, missing = done.said.splitlines()[-2:]
    notice = issue_folder(office.outbox, MARCH, 1, office.programme) / NAME
    assert issued.endswith(f"　通报：{notice}")
    assert missing == f"通报的PDF文件未能生成，请用WPS或Word打开后另存：{notice}"
    assert done.status == 0


@needs(LIBREOFFICE)
def test_rebuild_makes_the_pdf_again(tmp_path: Path) -> None:
    office = reported(tmp_path)
    folder = issue(office).folder
    assert folder
    assert annex2("rebuild", "2025-03-31", "--issue", "1", folder=tmp_path).status == 0
    assert (folder / NAME).with_suffix(".pdf").read_bytes().startswith(b"%PDF")
    assert {path.suffix for path in folder.iterdir()} >= {".docx", ".pdf", ".xlsx"}
