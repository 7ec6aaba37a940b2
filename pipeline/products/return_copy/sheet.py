"""审核说明, the first sheet of a return copy (wording.md 8): every finding, a link to its cell, room for an answer."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.model import Answer, Finding, Grade
from pipeline.model.labels import contact_form, date_label, period_label, time_label
from pipeline.model.told import Told, is_placed, known_district, known_period, may_explain
from pipeline.model.view import FileRecord, PeriodView
from pipeline.model.words import Words
from pipeline.products.return_copy.canvas import Canvas, on_a4
from pipeline.products.return_copy.copy_words import FILLS, CopyWords
from pipeline.products.workbook import styles as styles
from pipeline.products.workbook.styles import LINK, Style

OPEN_FILL, CLOSED_FILL = "FFF9DB", "E7E6E6"
QUIET_COLOUR = "7F7F7F"
ANSWER_HEIGHT = 48.0
LIST_LIMIT = 255
"""A list of choices inside a cell's validation holds no more characters."""

TITLE = Style(styles.SONG, 22, bold=True, border=0)
LINE = Style(styles.FANG, 12, align="left", border=0)
STRONG = Style(styles.HEI, 12, align="left", border=0)
HEAD = Style(styles.HEI, 12)
BODY = Style(styles.FANG, 12)
TEXT = Style(styles.FANG, 12, align="left")
QUIET = Style(styles.FANG, 9, colour=QUIET_COLOUR)
NOTE = Style(styles.FANG, 10.5, align="left", border=0)
ANSWER = Style(styles.FANG, 12, align="left", fill=OPEN_FILL)
CHOICE = Style(styles.FANG, 12, fill=OPEN_FILL)
NO_ANSWER = Style(styles.FANG, 12, fill=CLOSED_FILL, colour=QUIET_COLOUR)

_COUNT = re.compile(r"0|-?[1-9][0-9]{0,8}")


@dataclass(frozen=True)
class Links:
    """Where findings lead: sheet as they name it → its name in the copy. ``several``: it is named beside the cell."""

    sheets: Mapping[str, str]

    @property
    def several(self) -> bool:
        return len(self.sheets) > 1


@dataclass(frozen=True)
class Sender:
    """What a copy says of the office that sends it back: how it addresses the unit, whom to ask, by when. All may be unknown."""

    unit: str = ""
    contact: str = ""
    phone: str = ""
    resend_by: dt.date | None = None


def sender_of(view: PeriodView | None, record: FileRecord) -> Sender:
    """For a file without a period (no ``view``) nothing is known."""
    if view is None:
        return Sender()
    day = next((each.resend_by for each in view.districts if each.district == record.district), None)
    return Sender(view.office.units.get(record.district or "", ""), view.office.contact, view.office.phone, day)


def write_answer_sheet(
    sheet: Worksheet,
    phrases: CopyWords,
    sender: Sender,
    record: FileRecord,
    told: Told,
    links: Links,
    supplements: Sequence[Answer] = (),
) -> None:
    """Fill an empty sheet. ``supplements`` are lines of 补充说明 that the district wrote in the file itself."""
    columns: Mapping[str, str] = phrases.table("columns")
    canvas = Canvas(sheet, [phrases.table("widths")[name] for name in columns])
    canvas.band(phrases.text("title"), TITLE, least=38)
    for line, style in _opening(phrases, sender, record, told):
        canvas.band(line, style, least=22)
    header = canvas.at
    canvas.end_row(max(24.0, *(canvas.put(place, label, HEAD) for place, label in enumerate(columns.values(), 1))))
    answers = _table(canvas, phrases, told.open, links)
    _prompt(sheet, phrases, answers)
    canvas.end_row(8)
    canvas.band(phrases.text("requirements.heading"), STRONG)
    for line in phrases.raw("requirements.lines"):
        canvas.band(line.format_map(phrases.programme.terms), NOTE, least=18)
    canvas.end_row(8)
    _supplement(canvas, phrases, supplements)
    if told.hints:
        canvas.end_row(8)
        canvas.band(phrases.text("hints.title"), STRONG, least=24)
        _hints(canvas, phrases, told.hints, links)
    _set_up(sheet, phrases, header)


def _opening(phrases: CopyWords, sender: Sender, record: FileRecord, told: Told) -> Iterable[tuple[str, Style]]:
    """抬头、结论、时限与联系, each without what is not known."""
    programme = phrases.programme
    head = []
    if district := known_district(record, programme):
        head.append(phrases.text("head.unit", unit=sender.unit or district))
    if period := known_period(record, programme):
        head.append(phrases.text("head.period", as_of_label=period_label(period, programme)))
    head.append(phrases.text("head.received", received=time_label(record.received, programme)))
    yield phrases.raw("head.joiner").join(head), LINE
    if not is_placed(record, programme):
        yield phrases.text("head.file", file=record.own_name), LINE
    counts = {"errors": told.count(Grade.ERROR), "queries": told.count(Grade.QUERY)}
    yield phrases.text(f"conclusion.{record.status}", **counts), STRONG
    if line := _deadline(phrases, sender):
        yield line, LINE


def _deadline(phrases: CopyWords, sender: Sender) -> str:
    day, form = sender.resend_by, contact_form(sender.contact, sender.phone)
    resend = phrases.text("deadline.resend", resend_deadline=date_label(day, phrases.programme)) if day else ""
    return resend + phrases.text(f"deadline.{form}", contact=sender.contact, phone=sender.phone)


def _table(canvas: Canvas, phrases: CopyWords, findings: Sequence[Finding], links: Links) -> list[str]:
    """One row for each finding; the addresses of the cells to fill."""
    answers = []
    for number, finding in enumerate(findings, 1):
        height = _row(canvas, phrases, number, finding, links)
        column = list(phrases.table("columns")).index("reply") + 1
        if may_explain(finding, phrases.programme):
            height = max(height, canvas.put(column, finding.explanation or "", ANSWER, unlocked=True), ANSWER_HEIGHT)
            answers.append(f"{get_column_letter(column)}{canvas.at}")
        else:
            height = max(height, canvas.put(column, phrases.text("cells.correct"), NO_ANSWER))
        canvas.put(column + 1, finding.rule, QUIET)
        canvas.end_row(max(height, 28))
    return answers


def _hints(canvas: Canvas, phrases: CopyWords, findings: Sequence[Finding], links: Links) -> None:
    """Under the same headings, which stay in sight, without room for an answer: what to do takes it."""
    names = list(phrases.table("columns"))
    across = len(names) - names.index("fix")
    for number, finding in enumerate(findings, 1):
        canvas.end_row(max(_row(canvas, phrases, number, finding, links, across), 24.0))


def _row(canvas: Canvas, phrases: CopyWords, number: int, finding: Finding, links: Links, across: int = 1) -> float:
    """The columns up to 处理要求, which spans ``across``; the height they need."""
    none = phrases.text("cells.none")
    place = _place(phrases, finding, links)
    expected = none if finding.outward else finding.expected  # beside a message made for districts it may name another
    observed = finding.observed if finding.cell or may_explain(finding, phrases.programme) else None  # else the message says it
    target = links.sheets.get(finding.sheet or "")
    values: list[tuple[str | int, Style]] = [
        (number, BODY),
        (phrases.grade(finding), Style(styles.HEI, 12, fill=FILLS[Grade(finding.grade)])),
        (place or none, LINK if place and target else BODY),
        (phrases.indicator(finding), BODY),
        (_figure(observed, none), BODY),
        (_figure(expected, none), BODY),
        (phrases.message(finding), TEXT),
        (finding.fix, TEXT),
    ]
    last = len(values)
    height = max(canvas.put(at, value, style, across if at == last else 1) for at, (value, style) in enumerate(values, 1))
    if place and target:
        _link(canvas.sheet, canvas.at, target, finding.cell or "A1")
    return height


def _place(phrases: CopyWords, finding: Finding, links: Links) -> str:
    """On one line, however long the sheet's name: it leads there all the same."""
    if not finding.sheet or (finding.cell and not links.several):
        return finding.cell or ""
    form = "cells.place" if finding.cell else "cells.sheet"
    room = styles.capacity(phrases.raw("widths.place"), LINK.size) - styles.columns_of(_named(phrases, form, "", finding))
    return _named(phrases, form, styles.on_one_line(finding.sheet, room), finding)


def _named(phrases: CopyWords, form: str, sheet: str, finding: Finding) -> str:
    return phrases.text(form, sheet=sheet, cell=finding.cell)


def _link(sheet: Worksheet, row: int, target: str, cell: str) -> None:
    """To a cell of this workbook, and to nowhere else."""
    place = sheet.cell(row, 3)
    quoted = target.replace("'", "''")
    place.hyperlink = Hyperlink(ref=place.coordinate, location=f"'{quoted}'!{cell}", display=str(place.value))


def _figure(text: str | None, none: str) -> str | int:
    """A count as a number; anything else as it stands in the finding, for the answer is bound to it."""
    if not text or not text.strip():
        return none
    return int(text) if _COUNT.fullmatch(text) else text


def _prompt(sheet: Worksheet, phrases: CopyWords, answers: Sequence[str]) -> None:
    if not answers:
        return
    text = phrases.text("prompt.text", min_length=phrases.programme.answers.min_length)
    validation = DataValidation(allow_blank=True, showInputMessage=True, showErrorMessage=False)
    validation.promptTitle, validation.prompt = phrases.text("prompt.title"), text
    for address in answers:
        validation.add(address)
    sheet.add_data_validation(validation)


def _supplement(canvas: Canvas, phrases: CopyWords, supplements: Sequence[Answer]) -> None:
    """补充说明: blank lines over the same columns, those already written first."""
    spans = ((1, 4), (5, 2), (7, 4))
    canvas.band(phrases.text("supplement.title"), STRONG, least=24)
    for (column, across), name in zip(spans, ("indicator", "amount", "reason"), strict=True):
        canvas.put(column, phrases.text(f"supplement.{name}"), HEAD, across)
    canvas.end_row(24)
    first, lines = canvas.at, max(phrases.raw("supplement.lines"), len(supplements))
    for line in range(lines):
        said = supplements[line] if line < len(supplements) else None
        named = phrases.programme.indicator(said.indicator).name if said and said.indicator else ""
        texts = (named, said.amount if said else "", said.text if said else "")
        heights = [
            canvas.put(column, text, style, across, unlocked=True)
            for (column, across), text, style in zip(spans, texts, (CHOICE, CHOICE, ANSWER), strict=True)
        ]
        canvas.end_row(max(28.0, *heights))
    _choices(canvas.sheet, phrases, f"A{first}:A{first + lines - 1}")


def _choices(sheet: Worksheet, phrases: CopyWords, cells: str) -> None:
    """The indicators to choose from; other words may be written too."""
    names = [indicator.name for indicator in phrases.programme.indicators]
    listed = ",".join(names)
    if any(character in name for name in names for character in ',"') or len(listed) > LIST_LIMIT:
        return
    sheet.add_data_validation(DataValidation("list", f'"{listed}"', allow_blank=True, showErrorMessage=False, sqref=cells))


def _set_up(sheet: Worksheet, phrases: CopyWords, header: int) -> None:
    """A4 landscape, one page wide; only what the district fills is open."""
    sheet.freeze_panes = f"A{header + 1}"
    sheet.print_title_rows = f"{header}:{header}"
    sheet.sheet_view.showGridLines = False
    on_a4(sheet)
    sheet.print_options.horizontalCentered = True
    footer = Words(phrases.programme, "sheets").text("footer")
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(center=_HeaderFooterPart(footer, size=10))
    sheet.protection.sheet = True
    sheet.protection.formatRows = sheet.protection.formatColumns = False  # which allows them
