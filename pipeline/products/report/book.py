"""审核报告 as a workbook (wording.md 7.2): the page's content in tables an office can filter and print. Internal."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace

from pipeline.model import Finding, Grade, Status
from pipeline.model.catalogue import weight
from pipeline.model.view import FileRecord, PeriodView
from pipeline.products.figures.neutral_table import Value, Written
from pipeline.products.report import Report
from pipeline.products.report import conclusion as report_conclusion
from pipeline.products.report.finding_rows import judged_files
from pipeline.products.report.overview import MatrixCell
from pipeline.products.report.report_words import ReportWords
from pipeline.products.workbook.sheets import Book, BookSheet
from pipeline.products.workbook.styles import BODY, HEADER, TEXT, Column, Style
from pipeline.products.workbook.texts import WorkbookWords
from schemas.programme import Programme

FILLS = {Grade.ERROR: "FFC7CE", Grade.QUERY: "FFEB9C", Grade.HINT: "DDEBF7"}
"""wording.md 2; the words beside them say the same in black and white."""
NUMBER = Style(size=16, bold=True)
CONCLUSION = Style(size=14, bold=True, border=0)
CHAPTER = replace(HEADER, align="left", border=0)
SECTION = Style(bold=True, align="left", border=0)
ITEM = Style(align="left", border=0)


def render(programme: Programme, view: PeriodView) -> bytes:
    """The workbook, the same bytes for the same view. It names districts' unpublished values.

    A text missing in ``report_book.toml`` or ``report.toml`` is a ProgrammeError.
    """
    return workbook(Report(ReportWords(programme), view))


def workbook(report: Report) -> bytes:
    """The same of a report that other products show too."""
    texts = WorkbookWords(report.words.programme, report.view, "report_book")
    with texts.book() as book:
        _overview(book, texts, report)
        _states(book, texts, report)
        _findings(book, texts, report.words)
        _decisions(book, texts, report)
        _files(book, texts, report)
    return book.content


def _overview(book: Book, texts: WorkbookWords, report: Report) -> None:
    """The counters, the conclusion, what is to be done by whom, and what could not be compared."""
    words, counters = report.words, report.counters
    width = texts.raw("overview.width") / len(counters)
    sheet = texts.sheet(book, "overview", [Column(width)] * len(counters))
    sheet.header([label for label, _ in counters])
    sheet.row([Written(count, NUMBER) for _, count in counters], least=34)
    sheet.skip()
    sheet.band(report.conclusion, CONCLUSION, least=30)
    accepted = report_conclusion.accepted_line(words, texts.view)
    if accepted:
        sheet.band(accepted, replace(ITEM, align="center"))
    sheet.band(texts.text("overview.todo"), CHAPTER, least=28)
    for column in report.todo:
        if column.tasks:
            sheet.band(column.heading, SECTION, least=24)
            _items(sheet, texts, [task.text for task in column.tasks])
    if not any(column.tasks for column in report.todo):
        sheet.band(words.text("todo.none"), ITEM)
    if report.undecided:
        sheet.band(texts.text("overview.undecided"), CHAPTER, least=28)
        _items(sheet, texts, report.undecided)
    sheet.skip()
    sheet.notes([words.text("closing")])


def _items(sheet: BookSheet, texts: WorkbookWords, items: Sequence[str]) -> None:
    for number, item in enumerate(items, 1):
        sheet.band(texts.text("overview.item", number=number, text=item), ITEM)


def _states(book: Book, texts: WorkbookWords, report: Report) -> None:
    """District by indicator, each value with the grades of what is said about it."""
    words = report.words
    widths = texts.table("states.widths")
    shorts = [indicator.short for indicator in texts.programme.indicators]
    before = [widths["region"], widths["state"], *([widths["value"]] * len(shorts))]
    sheet = texts.sheet(book, "states", [Column(width) for width in (*before, *widths["after"])])
    heads = [*words.raw("overview.headers_before"), *shorts, *words.raw("overview.headers_after")]
    sheet.header([texts.text("states.region"), *heads], frozen_columns=2)
    for row in report.matrix:
        cells = [_marked(texts, cell) for cell in row.cells]
        sheet.row([row.district, *cells, row.version, row.received, row.marks])
    legend = [words.text("overview.legend_item", **grade) for grade in words.table("grades").values()]
    joined = texts.raw("states.legend_joiner").join([*legend, words.text("overview.legend_blank")])
    sheet.notes([words.text("overview.legend") + joined])


def _marked(texts: WorkbookWords, cell: MatrixCell) -> Value:
    """A number stays a number: the signs behind it are part of its format."""
    signs = texts.raw("states.separator").join(mark.sign for mark in cell.marks)
    marked = texts.text("states.marked", signs=signs) if signs else ""
    fill = FILLS[Grade(cell.grade)] if cell.marks else None
    if cell.kind == "number":
        return Written(int(cell.text), _graded(fill, f'0"{marked}"' if marked else "0"))
    return Written(cell.text + marked, _graded(fill))


@functools.cache
def _graded(fill: str | None, number: str | None = None) -> Style:
    return replace(BODY, fill=fill, number=number)


def _findings(book: Book, texts: WorkbookWords, words: ReportWords) -> None:
    """One row per finding: districts in form order, then files without a district; errors before queries before hints."""
    sheet = texts.headed_sheet(book, "findings")
    number = 0
    for file in _judged(words, texts.view):
        for finding in sorted(file.findings, key=weight):
            number += 1
            sheet.row([number, *_finding(texts, words, file, finding)])
    if not number:
        sheet.band(texts.text("findings.none"), BODY, least=24)


def _judged(words: ReportWords, view: PeriodView) -> list[FileRecord]:
    """The files whose findings still matter, as on the page: those in force or last judged, repeated files and attachments."""
    found: list[FileRecord] = []
    for record in view.districts:
        own = [file for file in view.files if file.district == record.district]
        found += judged_files(words, view, record)
        found += [file for file in own if file.status in (Status.DUPLICATE, Status.ATTACHMENT)]
    return [*found, *(file for file in view.files if file.district is None)]


def _finding(texts: WorkbookWords, words: ReportWords, file: FileRecord, finding: Finding) -> list[Value]:
    rule = texts.programme.rules.get(finding.rule)
    hint = finding.grade == Grade.HINT
    return [
        file.district or words.text("unknown"),
        Written(words.table("grades")[finding.grade]["label"], _graded(FILLS[Grade(finding.grade)])),
        finding.rule,
        rule.name if rule else "",
        file.file,
        finding.sheet or "",
        finding.cell or "",
        words.short_indicators([finding.indicator]),
        finding.observed or "",
        finding.expected or "",
        finding.message,
        finding.fix,
        texts.text(f"findings.closes.{words.closes(finding)}"),
        texts.text("findings.hint_progress") if hint else words.progress(finding),
    ]


def _decisions(book: Book, texts: WorkbookWords, report: Report) -> None:
    """Explanations and decisions, one row each."""
    sheet = texts.headed_sheet(book, "decisions")
    for number, *cells in report.settlements:
        sheet.row([int(number), *cells])
    if not texts.view.settlements:
        sheet.band(texts.text("decisions.none"), TEXT, least=24)


def _files(book: Book, texts: WorkbookWords, report: Report) -> None:
    """Every file of the period in order of receipt."""
    sheet = texts.headed_sheet(book, "files")
    for number, row in enumerate(report.files, 1):
        sheet.row([number, row.file, row.received, row.kind, row.district, row.period, row.state, row.note])
    if not report.files:
        sheet.band(texts.text("files.none"), BODY, least=24)
