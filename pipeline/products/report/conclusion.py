"""Whether a period can be issued, is issued or is being restated: the sentence on top of the report, and what the gate said."""

from __future__ import annotations

from pipeline.model import Imprint, Issue
from pipeline.model.labels import date_label
from pipeline.model.view import EXCUSED, RESTATING, DistrictRecord, PeriodView
from pipeline.products.figures.restatement import reopening
from pipeline.products.report.report_words import ReportWords


def settled(words: ReportWords, view: PeriodView) -> bool:
    """Whether the period stands as issued, or no district that owes a return stands in the way of issue."""
    if view.issues and not view.reopened:
        return view.final
    return not _unsettled(words, view) and bool(view.files)


def conclusion(words: ReportWords, view: PeriodView) -> str:
    """The one sentence on top of the report; a little more once the period is issued."""
    if view.reopened:
        return _reopened(words, view) + _readiness(words, view, "again")
    if view.issues:
        return _issued(words, view, view.issues[-1])
    return _readiness(words, view, "first") if view.files else words.text("empty")


def _readiness(words: ReportWords, view: PeriodView, time: str) -> str:
    waiting = _unsettled(words, view)
    asked = [record.district for record in waiting if _has_passed(words, record)]
    others = [record.district for record in waiting if record.district not in asked]
    if others:
        text = words.text(f"not_ready.{time}", count=len(others), districts=words.join(others))
        return text + (words.text("asked_again.also", count=len(asked), districts=words.join(asked)) if asked else "")
    if asked:
        return words.text(f"asked_again.{time}", count=len(asked), districts=words.join(asked))
    return words.text(f"ready.{time}", count=sum(record.state != EXCUSED for record in view.districts))


def _unsettled(words: ReportWords, view: PeriodView) -> list[DistrictRecord]:
    return [record for record in view.districts if not _has_passed(words, record) or record.questioned]


def _has_passed(words: ReportWords, record: DistrictRecord) -> bool:
    """One that has may still be asked about again (需复核)."""
    return record.state in {EXCUSED, RESTATING, *words.raw("states.settled")}


def _issued(words: ReportWords, view: PeriodView, last: Issue) -> str:
    sentences = [words.text("issued.line", date=words.day(last.at), number=last.number)]
    if last.missing:
        sentences.append(words.text("issued.missing", districts=words.join(last.missing), reason=last.reason))
    if last.imprint:
        sentences.append(_imprinted(words, last.imprint))
    if not view.final:
        sentences.append(words.text("issued.changed"))
    return "".join(sentences)


def _imprinted(words: ReportWords, imprint: Imprint) -> str:
    """文号 and date of 印发, as far as they are registered."""
    date = words.text("issued.date", date=date_label(imprint.date, words.programme)) if imprint.date else ""
    number = words.text("issued.number", number=imprint.number) if imprint.number else ""
    parts = [part for part in (date, number) if part]
    return words.text("issued.imprint", parts=words.raw("issued.joiner").join(parts)) if parts else ""


def _reopened(words: ReportWords, view: PeriodView) -> str:
    opened = reopening(view)
    why = words.text("reopened.why", by=opened.by, reason=opened.reason) if opened else ""
    return words.text("reopened.line", why=why)


def accepted(words: ReportWords, view: PeriodView) -> str:
    """What the gate said, in a few words; empty where it was not asked, or checked nothing."""
    acceptance = view.acceptance
    if acceptance is None or not acceptance.checks:
        return ""
    if acceptance.refusals:
        return words.text("acceptance.failed", count=len(acceptance.refusals))
    queries = words.text("acceptance.queries", count=len(acceptance.queries)) if acceptance.queries else ""
    return words.text("acceptance.passed", count=len(acceptance.checks)) + queries


def accepted_line(words: ReportWords, view: PeriodView) -> str:
    """The same as a sentence that says of which issue; empty likewise."""
    result = accepted(words, view)
    return words.text("acceptance.line", number=len(view.issues), result=result) if result else ""
