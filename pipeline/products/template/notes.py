"""填表说明 of a template: what the form is, what its figures count, where it goes."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model.labels import date_label
from pipeline.products.template.template_words import TemplateWords
from pipeline.products.workbook.sheets import Book
from pipeline.products.workbook.styles import Style

PARAGRAPH = Style(align="left", border=0, valign="top")


def write(book: Book, words: TemplateWords) -> None:
    """Add the sheet. Points are numbered as they come; those that do not apply take no number."""
    sheet = words.sheet(book, words.raw("notes.sheet"), [words.raw("notes.width")], orientation="portrait")
    sheet.title(words.raw("notes.title"))
    for number, (text, *below) in enumerate(_points(words), 1):
        for line in (words.text("notes.numbered", number=number, text=text), *below):
            sheet.band(line, PARAGRAPH)


def _points(words: TemplateWords) -> Iterator[tuple[str, ...]]:
    """Each point with the lines below it."""
    yield from ((words.text(f"notes.{key}"),) for key in ("basis", "values", "form"))
    if definitions := tuple(_definitions(words)):
        confirmed = words.office.definitions_confirmed
        yield (words.text("notes.definitions" if confirmed else "notes.definitions_open"), *definitions)
    yield (words.text("notes.cuts"),)
    yield (_delivery(words),)
    yield (words.text("notes.truth"),)
    said = [words.text(f"notes.{key}", **{key: text}) for key in ("contact", "phone") if (text := getattr(words.office, key))]
    if said:
        yield (words.text("notes.joiner").join(said) + words.raw("notes.end"),)


def _definitions(words: TemplateWords) -> Iterator[str]:
    defined = [each for each in words.programme.indicators if each.definition]
    for number, each in enumerate(defined, 1):
        yield words.text("notes.definition", number=number, indicator=each.name, definition=each.definition)


def _delivery(words: TemplateWords) -> str:
    key, deadline = "notes.deliver_any_time", ""
    if words.deadline:
        key, deadline = "notes.deliver", date_label(words.deadline, words.programme)
    return words.text(key, deadline=deadline) + (words.text("notes.scan") if words.office.scan else "")
