"""审签单: the sheet a bulletin is signed on before it is issued (wording.md 6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.model.catalogue import nested
from pipeline.model.labels import date_label
from pipeline.model.view import EXCUSED
from pipeline.products.bulletin import remarks
from pipeline.products.bulletin.bulletin_words import BulletinWords, Notes
from pipeline.products.figures.neutral_table import Written
from pipeline.products.figures.progress import completion_with_missing, printed
from pipeline.products.figures.restatement import Change, Restatement, restatement
from pipeline.products.report import report_words
from pipeline.products.report.conclusion import accepted
from pipeline.products.report.overview import waiting_findings
from pipeline.products.workbook.sheets import Book
from pipeline.products.workbook.styles import HEADER, LEFT_CAPTION, TEXT, Column
from pipeline.products.workbook.texts import WorkbookWords

LABEL, CONTENT = 24.0, 68.0
"""Widths of the two columns."""
ROW, OPINION = 38.0, 112.0
"""Points."""
SIGNATURE = replace(TEXT, align="right", valign="bottom")


def write(book: Book, texts: WorkbookWords) -> None:
    """Add the sheet, one page: a line for each matter, a box for each opinion and signature."""
    sheet = texts.page(book, "sign_off", [Column(LABEL, HEADER), Column(CONTENT, TEXT)])
    sheet.raw.fit_to_pages(1, 1)
    sheet.band(texts.text("data_time"), LEFT_CAPTION)
    for label, content in zip(texts.texts("sign_off.labels"), _matters(texts), strict=True):
        sheet.row([label, content], least=ROW)
    for label in texts.texts("sign_off.opinions"):
        sheet.row([label, Written(texts.text("sign_off.signature"), SIGNATURE)], least=OPINION)
    sheet.notes([texts.text("sign_off.foot")])


def _matters(texts: WorkbookWords) -> list[str]:
    """What is signed, in the order of the labels."""
    words, found = BulletinWords(texts.programme, texts.view), restatement(texts.programme, texts.view)
    return [
        texts.text("sign_off.notice_restated" if found else "sign_off.notice"),
        date_label(texts.view.period, texts.programme),
        _districts(texts, words),
        _missing(texts, words),
        _changes(texts, words, found),
        _open(texts),
        _acceptance(texts),
    ]


def _districts(texts: WorkbookWords, words: BulletinWords) -> str:
    excused = sum(record.state == EXCUSED for record in texts.view.districts)
    due = len(texts.view.districts) - excused
    key = "sign_off.districts_excused" if excused else "sign_off.districts"
    return texts.text(key, due=due, reported=words.progress.reported, excused=excused)


def _missing(texts: WorkbookWords, words: BulletinWords) -> str:
    """Who is missing, why that was allowed (to be written in by hand until it is issued), and the rate with their last values."""
    names = words.form.missing
    if not names:
        return texts.text("sign_off.none")
    rate = completion_with_missing(texts.programme, texts.view, words.progress)
    counted = texts.text("sign_off.not_counted")
    if rate is not None:
        counted = texts.text("sign_off.counted", rate=f"{float(printed(rate)):.1%}")
    reason = texts.view.issues[-1].reason if texts.view.final else ""
    return texts.text("sign_off.missing", districts=words.enumerated(names), reason=reason, counted=counted)


def _changes(texts: WorkbookWords, words: BulletinWords, found: Restatement | None) -> str:
    """核减 in the very words of the bulletin, then 更正."""
    notes = Notes(words)
    remarks.add_cuts(words, notes, "progress", words.form)
    return _listed(texts, [*notes.texts, *(_change(texts, change) for change in (found.changes if found else ()))])


def _change(texts: WorkbookWords, change: Change) -> str:
    def value(number: int | None) -> str:
        return change.new_state if number is None else texts.text("sign_off.value", number=number, unit=change.indicator.unit)

    said = {"district": change.district, "indicator": change.indicator.name, "new": value(change.new)}
    if change.old is None:
        return nested(texts.text("sign_off.added", **said))
    return nested(texts.text("sign_off.restated", **said, old=value(change.old), reason=change.reason))


def _listed(texts: WorkbookWords, items: Sequence[str]) -> str:
    """One line each, as many as a form has room for; where there are more, it says where they stand."""
    most = texts.raw("sign_off.most")
    shown = [texts.text("sign_off.item", number=number, text=item) for number, item in enumerate(items[:most], 1)]
    if len(items) > most:
        shown.append(texts.text("sign_off.more", count=len(items)))
    return "\n".join(shown) if len(items) > 1 else "".join(items) or texts.text("sign_off.none")


def _open(texts: WorkbookWords) -> str:
    """How many findings wait, by grade, and whose they are."""
    words = report_words.ReportWords(texts.programme)
    waiting = waiting_findings(words, texts.view)
    counts = Counter(str(finding.grade) for _, finding in waiting)
    grades = words.table("grades").items()
    parts = [texts.text("sign_off.grade", label=own["label"], count=counts[grade]) for grade, own in grades if counts[grade]]
    whose = words.join(file.district or words.text("findings.unplaced") for file, _ in waiting)
    if not parts:
        return texts.text("sign_off.none")
    return texts.text("sign_off.open", counts=words.join(parts), districts=whose)


def _acceptance(texts: WorkbookWords) -> str:
    """What the gate said of the figures that are shown; those of an earlier issue are not what is signed."""
    said = accepted(report_words.ReportWords(texts.programme), texts.view) if texts.view.final else ""
    return said or texts.text("sign_off.not_accepted")
