"""工作底稿: the internal workbook behind a bulletin (wording.md 6): who reported how, and where every value comes from."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace

from pipeline.model import Act, Grade
from pipeline.model.labels import date_label, time_label
from pipeline.model.view import EXCUSED, MISSING, PENDING, RESTATING, RETURNED, TO_DECIDE, DistrictRecord, PeriodView, Source
from pipeline.products.figures.neutral_table import Value, Written
from pipeline.products.report.overview import whose_turn
from pipeline.products.report.report_words import ReportWords
from pipeline.products.report.settled import settlement_rows
from pipeline.products.workbook.sheets import Book
from pipeline.products.workbook.styles import BODY, LINK, TEXT
from pipeline.products.workbook.texts import WorkbookWords
from pipeline.products.working_papers import sign_off
from schemas.programme import Programme

CELL = 6
"""The column 单元格: short enough for a link, which LibreOffice does not wrap."""
CHECKSUM = replace(TEXT, size=9)
"""64 hexadecimal digits on two lines."""


def render(programme: Programme, view: PeriodView, above: str = "") -> bytes:
    """The workbook, the same bytes for the same view. Internal: it names files and unpublished values.

    Sheets 报送情况 (one row per district, in form order), 审核说明与认定 (one row per explained or decided finding), 数据来源
    (one row per accepted value, form and programme order, its cell linked to the file as sent) and 审签单. ``above`` leads from
    the workbook's folder to the period's.
    A text missing in ``working_papers.toml`` is a ProgrammeError.
    """
    texts = WorkbookWords(programme, view, "working_papers")
    with texts.book() as book:
        _arrivals(book, texts)
        _settlements(book, texts)
        _sources(book, texts, above)
        sign_off.write(book, texts)
    return book.content


def _arrivals(book: Book, texts: WorkbookWords) -> None:
    sheet = texts.headed_sheet(book, "arrivals")
    attached = Counter(file.district for file in texts.view.files if file.is_material)
    words = ReportWords(texts.programme)
    for number, record in enumerate(texts.view.districts, 1):
        sheet.row([number, *_arrival(texts, words, record, attached[record.district])])
    sheet.notes([_summary(texts, words)])


def _arrival(texts: WorkbookWords, words: ReportWords, record: DistrictRecord, attached: int) -> list[Value]:
    """The cells after the serial number. Who sent nothing has no numbers, not zeros."""
    blank = texts.text("blank")
    found = Counter(finding.grade for finding in record.latest.findings) if record.latest else None
    late = texts.text("arrivals.late" if texts.raw("arrivals.late_mark") in record.marks else "arrivals.in_time")
    return [
        record.district,
        record.state,
        _moment(texts, record.first_received),
        late if record.first_received else blank,
        record.files if record.latest else blank,
        record.returns if record.latest else blank,
        texts.text("version", version=record.version) if record.version else blank,
        _moment(texts, record.accepted_at),
        *(found[grade] if found is not None else blank for grade in (Grade.ERROR, Grade.QUERY, Grade.HINT)),
        texts.text("arrivals.attached", count=attached) if attached else blank,
        _next(texts, words, record),
        texts.raw("joiner").join([*record.marks, *_excused(texts, record)]),
    ]


def _excused(texts: WorkbookWords, record: DistrictRecord) -> list[str]:
    """Who excused the district, and why (免报)."""
    if record.state != EXCUSED:
        return []
    own = [decision for decision in texts.view.decisions if (decision.act, decision.district) == (Act.EXCUSE, record.district)]
    return [texts.text("arrivals.excused", by=decision.by, reason=decision.reason) for decision in own[-1:]]


def _next(texts: WorkbookWords, words: ReportWords, record: DistrictRecord) -> str:
    """What the state asks for and of whom; for a state that asks for nothing, what a newer file of the district asks for, or what
    is asked about the version in force."""
    due = texts.text("arrivals.resend_by", date=date_label(record.resend_by, texts.programme)) if record.resend_by else ""
    if record.state in texts.table("arrivals.next"):
        return texts.text(f"arrivals.next.{record.state}") + (due if record.state in texts.raw("arrivals.resent") else "")
    newer = record.latest.findings if record.latest and record.latest != record.current else ()
    turns = {whose_turn(words, finding) for finding in (*newer, *record.questioned)} - {""}
    mark = texts.raw("joiner").join(record.marks) or texts.text("blank")
    if "district" in turns:
        return texts.text("arrivals.turn.district", mark=mark) + due
    asked = [texts.text(f"arrivals.turn.{turn}", mark=mark) for turn in ("clerk", "decide") if turn in turns]
    return asked[0] if asked else texts.text("blank")


def _summary(texts: WorkbookWords, words: ReportWords) -> str:
    states = Counter(record.state for record in texts.view.districts)
    return texts.text(
        "arrivals.summary_restating" if states[RESTATING] else "arrivals.summary",
        restating=states[RESTATING],
        due=len(texts.view.districts) - states[EXCUSED],
        excused=states[EXCUSED],
        accepted=sum(states[state] for state in words.raw("states.settled")),
        pending=states[PENDING],
        decide=states[TO_DECIDE],
        returned=states[RETURNED],
        missing=states[MISSING],
    )


def _settlements(book: Book, texts: WorkbookWords) -> None:
    sheet = texts.headed_sheet(book, "settlements")
    for number, *cells in settlement_rows(ReportWords(texts.programme), texts.view):
        sheet.row([int(number), *cells])
    if not texts.view.settlements:
        sheet.band(texts.text("settlements.none"), BODY, least=24)


def _sources(book: Book, texts: WorkbookWords, above: str) -> None:
    sheet = texts.headed_sheet(book, "sources")
    programme, values = texts.programme, texts.view.values
    for district in programme.district_names:
        for indicator in programme.indicators:
            source = values.get((district, indicator.id))
            if source:
                if texts.view.originals:
                    sheet.link(CELL, f"{above}{texts.view.originals}/{source.sha256}")
                sheet.row([district, indicator.short, *_source(texts, source)])
    if not values:
        sheet.band(texts.text("sources.none"), BODY, least=24)


def _source(texts: WorkbookWords, source: Source) -> list[Value]:
    return [
        source.value,
        texts.text("version", version=source.version),
        source.file,
        source.sheet,
        Written(source.cell, LINK if texts.view.originals else BODY),
        _moment(texts, source.received),
        _moment(texts, source.recorded),
        source.rules_version,
        Written(source.sha256, CHECKSUM),
    ]


def _moment(texts: WorkbookWords, time: dt.datetime | None) -> str:
    """A UTC time as the office's clock shows it; — where there is none."""
    return time_label(time, texts.programme) if time else texts.text("blank")
