"""通报: the official notice of an issued period (wording.md 10), made from a Word template that the office can edit.

python-docx and docxtpl are imported here only: nothing but an issue pays for them.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined

from pipeline.model.labels import date_label, period_label
from pipeline.model.view import PeriodView
from pipeline.products.bulletin import annex2, goals, outcomes, progress_sheet, restated
from pipeline.products.bulletin.bulletin_words import BulletinWords
from pipeline.products.figures.neutral_table import Pages, Paper, Sheet
from pipeline.products.figures.restatement import restatement
from pipeline.products.notice.by_district import Districts
from pipeline.products.notice.correction import correction
from pipeline.products.notice.imprint import add_imprint
from pipeline.products.notice.notice_tables import attach
from pipeline.products.notice.overall import Overall
from pipeline.products.return_copy.packing import repacked
from schemas.programme import Programme


def render(programme: Programme, view: PeriodView) -> bytes:
    """The notice as .docx; tables of the bulletin of the same view are attached.

    Raises OSError when an own template of the office cannot be read, and jinja2's errors for what it says in braces.
    """
    words = BulletinWords(programme, view)
    template = DocxTemplate(_template(words))
    template.render(_context(words), Environment(undefined=StrictUndefined), autoescape=True)
    document = template.docx
    attach(document, _tables(words))
    add_imprint(document, words.notice.raw("imprint.lines"), _imprint(words))
    time = view.ledger_time.replace(tzinfo=None, microsecond=0)
    properties = document.core_properties
    properties.title, properties.author = "".join(_matter(words)), words.text("author")
    properties.created = properties.modified = time
    properties.last_modified_by, properties.revision = words.text("author"), 1
    stream = io.BytesIO()
    document.save(stream)
    return repacked(stream.getvalue())


def _template(words: BulletinWords) -> Path:
    """The office's own, else the programme's."""
    programme, choices, kind = words.programme, words.view.office.notice, "restated" if _is_restated(words) else "notice"
    own = choices.restated_template if kind == "restated" else choices.template
    return own or programme.path.parent / programme.notices[kind]


def _context(words: BulletinWords) -> dict[str, Any]:
    """What a template may name in braces; listed in docs/使用手册.md."""
    view, programme, said = words.view, words.programme, Districts(words)
    context: dict[str, Any] = dict(programme.terms)
    parts = _parts(said)
    problems = said.problems(late=view.office.notice.late)
    present = {"overall": True, "districts": bool(parts), "problems": bool(problems), "requirements": True}
    chapters = zip((name for name, there in present.items() if there), words.notice.raw("chapters"), strict=False)
    following = view.following
    return context | {
        "as_of_label": period_label(view.period, programme),
        "year": view.period.year,
        "matter": _matter(words),
        "chapter": dict(chapters),
        "overall": Overall(words).text(),
        "districts": parts,
        "problems": problems,
        "next_deadline": date_label(following[1], programme) if following else "",
        "next_as_of_label": period_label(following[0], programme) if following else "",
        "attachments": _listed(words),
        "issue_date": _date(words),
        **correction(words),
    }


def _matter(words: BulletinWords) -> list[str]:
    """What it is about: the two lines of the title under the issuer."""
    return words.notice.texts("matter_restated" if _is_restated(words) else "matter")


def _parts(said: Districts) -> list[dict[str, str]]:
    """（一）, （二）, （三）: those that have something to say, numbered as they come."""
    texts = {"progress": said.progress(), said.pace_section: said.pace(), "gains": said.gains()}
    there = {section: text for section, text in texts.items() if text}
    numbers = said.words.notice.raw("chapters")
    return [
        {"number": number, "heading": said.words.notice.raw(f"{section}.heading"), "text": text}
        for number, (section, text) in zip(numbers, there.items(), strict=False)
    ]


@dataclass(frozen=True)
class Attached:
    """A sheet of the bulletin by what writes it, its title, and the line 附件n that stands over it where it has none itself."""

    write: Callable[[Paper, BulletinWords], None]
    title: str
    heading: str = ""


def _attached(words: BulletinWords) -> list[Attached]:
    """In order."""
    programme = words.programme
    found = [
        Attached(progress_sheet.write, words.text("progress.title")),
        Attached(annex2.write, programme.terms["form_title"]),
        Attached(outcomes.write, words.text("outcomes.title")),
    ]
    if _is_restated(words):
        found.append(Attached(restated.write, words.text("restated.title")))
    if words.view.office.notice.goals and programme.city_goals:
        heading = words.notice.text("attachments.page", number=len(found) + 1)
        found.append(Attached(goals.write, words.text("goals.title"), heading))
    return found


def _tables(words: BulletinWords) -> Iterator[tuple[Sheet, str]]:
    for each in _attached(words):
        pages = Pages()
        each.write(pages, words)
        yield pages.sheets[0], each.heading


def _listed(words: BulletinWords) -> list[str]:
    """附件：1.…, and the others under it."""
    lead = words.notice.raw("attachments.lead")
    lines = [
        words.notice.text("attachments.line", number=number, title=each.title) for number, each in enumerate(_attached(words), 1)
    ]
    return [(lead if place == 0 else "　" * len(lead)) + line for place, line in enumerate(lines)]


def _imprint(words: BulletinWords) -> dict[str, str]:
    cc = words.view.office.notice.cc or words.notice.raw("imprint.cc")
    return {"cc": cc, "issuer": words.programme.terms["issuer"], "issue_date": _date(words)}


def _is_restated(words: BulletinWords) -> bool:
    return restatement(words.programme, words.view) is not None


def _date(words: BulletinWords) -> str:
    """The date given with the order to issue; else room to write it in."""
    imprint = words.view.issues[-1].imprint if words.view.issues else None
    known: dt.date | None = imprint.date if imprint else None
    return date_label(known, words.programme) if known else str(words.notice.raw("date.blank"))
