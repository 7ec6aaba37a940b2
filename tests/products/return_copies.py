"""From a return to its copy and back: what the tests of return copies share."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.model import Finding, History, Known, Submission, UnreadableFile
from pipeline.model.view import DistrictRecord, FileRecord, Office, Original, PeriodView
from pipeline.products import return_copy
from pipeline.products.return_copy.sheet import sender_of
from pipeline.reading.formats import identify, read_grids
from pipeline.reading.formats.kinds import Kind
from pipeline.reading.read import read_submission
from pipeline.reading.unreadable import limits_of
from pipeline.rules.judging.batch import check_batch
from pipeline.rules.place import place
from schemas.programme import Programme
from tests.returns import ReturnSpec, file_name, write_return
from tests.support.judging import GOOD, JUNE, LUCHENG, NOW, PROGRAMME, calendar, history, spec

NO_OFFICE = Office()
LEDGER = history((LUCHENG, JUNE.replace(month=3, day=31), (8, 11, 7, 2)))
FLAWED = spec(values={"projects": "约30", "transfers": 5})
"""C04 at the projects, P01 (before LEDGER) at the transfers."""


@dataclass(frozen=True)
class Sent:
    """A file as sent, and what was said of it."""

    name: str
    content: bytes
    submission: Submission
    record: FileRecord
    original: Original
    programme: Programme = PROGRAMME

    def copy(self, view: PeriodView | None = None) -> bytes:
        return return_copy.render(self.programme, sender_of(view, self.record), self.record, self.original)

    @property
    def copy_name(self) -> str:
        return return_copy.name(self.programme, self.record, several=False)

    def changed(self, **fields: Any) -> Sent:
        """With other fields of the record."""
        return dataclasses.replace(self, record=dataclasses.replace(self.record, **fields))


def sent(name: str, content: bytes, ledger: History | None = None, programme: Programme = PROGRAMME) -> Sent:
    """A file judged alone before ``ledger`` (LEDGER), with its record and its grids."""
    known = Known({}, LEDGER if ledger is None else ledger)
    judged = check_batch(
        [(place(read_submission(name, content, programme), calendar(programme)), NOW)], known, calendar(programme)
    )
    submission = judged[0]
    record = FileRecord(
        file=name,
        sha256=submission.reading.sha256,
        status=submission.status,
        received=NOW,
        district=submission.district,
        period=submission.period,
        findings=submission.findings,
    )
    return Sent(name, content, submission, record, original(name, content, programme), programme)


def original(name: str, content: bytes, programme: Programme = PROGRAMME) -> Original:
    try:
        container = identify(content, name, limits_of(programme))
        if container.kind is Kind.ATTACHMENT:
            return Original(content)
        return Original(content, read_grids(content, container, limits_of(programme)), container.kind is Kind.OOXML)
    except UnreadableFile:
        return Original(content)


def sent_return(return_spec: ReturnSpec = FLAWED, ledger: History | None = None) -> Sent:
    return sent(file_name(return_spec), write_return(return_spec), ledger, return_spec.programme)


def with_findings(*findings: Finding, status: str = "returned", return_spec: ReturnSpec = GOOD) -> Sent:
    """The good return as if these had been found in it."""
    placed = tuple(dataclasses.replace(f, district=LUCHENG, period=JUNE.isoformat()) for f in findings)
    return sent_return(return_spec).changed(findings=placed, status=status)


def back(copy: bytes, before: Sent, name: str | None = None, ledger: History | None = None) -> Sent:
    """A copy that comes in again."""
    return sent(name or before.copy_name, copy, ledger, before.programme)


def said(item: Sent) -> tuple[object, ...]:
    """District, period, values, state and findings with their cells."""
    judged = item.submission
    findings = sorted((f.rule, f.cell or "", f.indicator or "", f.observed or "") for f in judged.findings)
    return judged.district, judged.period, dict(judged.values), judged.status, findings


def opened(copy: bytes) -> Workbook:
    return load_workbook(io.BytesIO(copy))


def answer_sheet(workbook: Workbook) -> Worksheet:
    return workbook.worksheets[0]


def row_with(sheet: Worksheet, text: str, column: int = 1) -> int:
    """The first row that has the text in a column."""
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, column).value == text)


def lines(sheet: Worksheet) -> list[list[Any]]:
    """The table's rows, from under its header to the first blank row."""
    first = row_with(sheet, "序号") + 1
    found: list[list[Any]] = []
    for row in range(first, sheet.max_row + 1):
        values = [sheet.cell(row, column).value for column in range(1, 11)]
        if values[0] is None:
            return found
        found.append(values)
    return found


def filled(copy: bytes, answers: dict[str, str] | None = None, cells: dict[str, Any] | None = None) -> bytes:
    """The copy with explanations by rule id, and other values in cells of its second sheet."""
    workbook = opened(copy)
    sheet = answer_sheet(workbook)
    for row in range(row_with(sheet, "序号") + 1, sheet.max_row + 1):
        if (rule := sheet.cell(row, 10).value) in (answers or {}):
            sheet.cell(row, 9).value = (answers or {})[str(rule)]
    for address, value in (cells or {}).items():
        workbook.worksheets[1][address] = value
    return saved(workbook)


def saved(workbook: Workbook) -> bytes:
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def texts(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def view(office: Office = NO_OFFICE, resend_by: dt.date | None = None, districts: Iterable[str] = (LUCHENG,)) -> PeriodView:
    """A period of which only the office and the days to send again are known."""
    records = tuple(DistrictRecord(district, "退回", resend_by=resend_by) for district in districts)
    return PeriodView(JUNE, NOW, "test", records, {}, {}, None, (), office=office)
