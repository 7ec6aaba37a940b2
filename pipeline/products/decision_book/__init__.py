"""市级办理单: the open matters of a period, for the city to decide by filling in a workbook (wording.md 12). Internal."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.model import Finding, Grade, State, Status
from pipeline.model.catalogue import is_settled
from pipeline.model.labels import period_label
from pipeline.model.matters import matter_of
from pipeline.model.view import FileRecord, PeriodView
from pipeline.model.words import Words
from pipeline.products.figures.neutral_table import Value
from pipeline.products.workbook.sheets import Book
from pipeline.products.workbook.styles import BODY, TEXT, Column, Page, Style
from schemas.programme import Programme

OWN_LINES = 6
"""Blank lines for what the city decides of its own accord."""

LEFT = (3, 8, 9, 11)
"""Columns of texts: file, message, explanation, content."""

ACT, LAST = 10, 15

KEY = replace(TEXT, wrap=False)

TO_FILL = "FFF9E5"
"""Pale yellow: what is the city's to fill in."""


def render(programme: Programme, view: PeriodView) -> bytes:
    """The workbook of a period, districts in form order; the same bytes for the same view."""
    words = Words(programme, "decisions")
    label = period_label(view.period, programme)
    places = {record.district: place for place, record in enumerate(view.districts)}
    files = sorted(view.waiting(programme), key=lambda file: places.get(file.district or "", len(places)))
    made = _Made(view.ledger_time, view.decided)
    lines = [line for file in files for line in _lines(programme, file, view.period, made)]
    title = words.text("book.title", as_of_label=label)
    return _book(programme, title, made, lines, label)


def render_unplaced(programme: Programme, files: Sequence[FileRecord], decided: int) -> bytes:
    """The workbook of files without a period: which district or period they are given. ``decided`` is the last decision known."""
    made = _Made(max(file.received for file in files), decided)
    lines = [line for file in files if file.status == Status.RETURNED for line in _lines(programme, file, None, made)]
    title = Words(programme, "decisions").text("book.unplaced_title")
    return _book(programme, title, made, lines, "")


@dataclass(frozen=True)
class _Made:
    """When the workbook was made (UTC), and the ledger's number of the last decision before it."""

    at: dt.datetime
    decided: int

    @property
    def key(self) -> dict[str, object]:
        """What the hidden column keeps of it: later decisions were made with the book in hand."""
        return {"made": self.at.isoformat(), "decided": self.decided}


def _lines(programme: Programme, file: FileRecord, period: dt.date | None, made: _Made) -> Iterator[list[Value]]:
    for finding in file.findings:
        if _open(finding, programme):
            yield _line(programme, file, finding, period, made)


def _open(finding: Finding, programme: Programme) -> bool:
    """What a decision may settle: explain, approve and city rules that are not settled, and places that are not known."""
    if programme.rules[finding.rule].leaves_open:
        return True
    closes = programme.rules[finding.rule].closes
    decidable = finding.grade != Grade.HINT and closes in ("explain", "approve", "city")
    return decidable and not is_settled(finding, programme)


def _line(programme: Programme, file: FileRecord, finding: Finding, period: dt.date | None, made: _Made) -> list[Value]:
    """The columns behind the number. What the hidden one keeps tells the reader what the line is bound to, and whether a
    decision is older than the book (pipeline/decision_lines.py)."""
    matter = matter_of(finding, file.values, programme)
    key: dict[str, Any] = {"file": file.sha256, "period": period.isoformat() if period else None, **made.key}
    key["bound"] = None if programme.rules[finding.rule].leaves_open else matter.values
    if matter.compared is not None:
        key["compared"] = matter.compared
    return [
        file.district,
        period_label(period, programme) if period else None,
        file.file,
        finding.rule,
        programme.indicator(finding.indicator).short if finding.indicator else None,
        finding.observed if finding.cell else None,
        finding.expected,
        finding.message,
        _said(finding, programme),
        *(None,) * (LAST - ACT + 1),
        json.dumps(key, ensure_ascii=False),
    ]


def _said(finding: Finding, programme: Programme) -> str | None:
    """The district's explanation, and why it was not taken."""
    if not finding.explanation or not finding.note or finding.state == State.EXPLAINED:
        return finding.explanation
    text: str = Words(programme, "decisions").raw("book.remarked")
    return text.format(text=finding.explanation, note=finding.note)


def _book(programme: Programme, title: str, made: _Made, lines: Sequence[list[Value]], label: str) -> bytes:
    words, printed = Words(programme, "decisions"), Words(programme, "sheets")
    columns = [Column(width, _style(place)) for place, width in enumerate(words.raw("book.widths"))]
    page = Page(margins=(0.4, 0.4, 0.75, 0.7), header=printed.text("internal"), footer=printed.text("footer"))
    own: list[Value] = [None, label or None, *(None,) * (LAST - 2), json.dumps(made.key)]
    with Book(title, programme.terms["office"], made.at) as book:
        sheet = book.sheet(words.text("book.sheet"), [*columns, Column(2, KEY)], page)
        sheet.title(title)
        sheet.header([*words.raw("book.columns"), words.text("book.key")], frozen_columns=2)
        first = sheet.at
        for number, line in enumerate(lines, 1):
            sheet.row([number, *line])
        for number in range(len(lines) + 1, len(lines) + OWN_LINES + 1):
            sheet.row([number, *own], fill=TO_FILL)
        _choices(sheet.raw, first, sheet.at - 1, programme)
        sheet.raw.set_column(LAST + 1, LAST + 1, 2, None, {"hidden": True})
        sheet.notes([*(() if lines else (words.text("book.nothing"),)), *words.raw("book.notes")])
    return book.content


def _style(place: int) -> Style:
    """What the city writes stays a text: 2025年3月 is no date."""
    style = TEXT if place in LEFT else BODY
    return replace(style, number="@", fill=TO_FILL) if place >= ACT else style


def _choices(raw: Any, first: int, last: int, programme: Programme) -> None:
    """The drop-down of 办理意见."""
    words = Words(programme, "decisions")
    names: Iterable[str] = [act["name"] for act in words.raw("acts")]
    choice = {
        "validate": "list",
        "source": list(names),
        "input_title": words.text("book.acts_title"),
        "input_message": words.text("book.acts_prompt"),
    }
    raw.data_validation(first, ACT, last, ACT, choice)
