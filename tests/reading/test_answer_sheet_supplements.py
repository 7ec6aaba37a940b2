"""补充说明 settles what it names, and nothing else: a remark about something else must not let a doubtful value through."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.model import Known, Submission
from pipeline.model.view import FileRecord, Original
from pipeline.products import return_copy
from pipeline.products.return_copy.sheet import Sender
from pipeline.reading.formats import identify, read_grids
from pipeline.reading.read import read_submission
from pipeline.reading.unreadable import limits_of
from pipeline.rules.judging.batch import check_batch
from pipeline.rules.place import place
from tests.returns import file_name, write_return
from tests.support.judging import NOW, PROGRAMME, calendar, spec

DOUBTFUL = spec(values={"projects": 4001})
"""C10: more projects than the whole city is to have in three years."""
REASON = "含省级联合攻关专项各子课题"


def judged(name: str, content: bytes) -> Submission:
    reading = read_submission(name, content, PROGRAMME)
    return check_batch([(place(reading, calendar()), NOW)], Known(), calendar())[0]


def sent_back(*line: str | None, lose_rule: bool = False) -> Submission:
    """The copy of the doubtful return with a line of 补充说明; or its table's first line explained, its 编号 lost."""
    name, content = file_name(DOUBTFUL), write_return(DOUBTFUL)
    first = judged(name, content)
    record = FileRecord(name, first.reading.sha256, first.status, NOW, first.district, first.period, findings=first.findings)
    original = Original(content, read_grids(content, identify(content, name), limits_of(PROGRAMME)), workbook=True)
    book = load_workbook(io.BytesIO(return_copy.render(PROGRAMME, Sender(), record, original)))
    sheet: Any = book.worksheets[0]
    heads = {cell.value: cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}
    if lose_rule:
        row = heads["编号"].row + 1
        sheet.cell(row, heads["编号"].column).value = None
        sheet.cell(row, heads["说明（请在此填写）"].column).value = REASON
    for head, text in zip(("原因", "数量"), line[1:], strict=False):
        sheet.cell(heads[head].row + 1, heads[head].column).value = text
    if line:
        sheet.cell(heads["原因"].row + 1, 1).value = line[0]
    stream = io.BytesIO()
    book.save(stream)
    return judged(return_copy.name(PROGRAMME, record, several=False), stream.getvalue())


def state(submission: Submission) -> str:
    return next(str(finding.state) for finding in submission.findings if finding.rule == "C10")


@pytest.mark.parametrize("named", ["开展技术攻关项目数", "开展技术攻关项目数（项）", "技术攻关", "技术攻关项目数"])
def test_a_line_that_names_the_indicator_answers_its_finding(named: str) -> None:
    assert state(sent_back(named, REASON)) == "explained"


@pytest.mark.parametrize("named", ["联系人", "研发机构", "已选派企业数", "企业", "数", "项目经理", "四项合计", None])
def test_a_line_about_something_else_answers_nothing(named: str | None) -> None:
    submission = sent_back(named, REASON)
    assert state(submission) == "open"
    assert str(submission.status) == "pending"


def test_a_line_whose_number_was_lost_answers_for_its_indicator() -> None:
    assert state(sent_back(lose_rule=True)) == "explained"
