"""年度考核: the assessment of a year as a workbook to print, one sheet. Internal."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from pipeline.model.labels import period_label
from pipeline.model.words import Words
from pipeline.products.assessment.figures import Assessment, Figure
from pipeline.products.figures.neutral_table import Head, Value, Written
from pipeline.products.figures.progress import printed
from pipeline.products.workbook.sheets import Book
from pipeline.products.workbook.styles import BODY, Column, Style
from pipeline.products.workbook.texts import WorkbookWords
from schemas.programme import Programme

ROW = 27.0
"""Points."""


def render(programme: Programme, assessment: Assessment) -> bytes:
    """The workbook, the same bytes for the same assessment."""
    texts = WorkbookWords(programme, assessment.issued, "assessment")
    with texts.book() as book:
        _write(book, texts, assessment)
    return book.content


def headers(programme: Programme) -> list[str]:
    """What stands over each of ``AssessmentLine.figures``."""
    words = Words(programme, "assessment")
    indicators = [words.text("indicator", name=each.short, unit=each.unit) for each in programme.indicators]
    return [*indicators, *(head for group in words.raw("groups") for head in group["columns"])]


def _write(book: Book, texts: WorkbookWords, assessment: Assessment) -> None:
    widths, groups, indicators = texts.table("widths"), texts.raw("groups"), texts.programme.indicators
    columns = [Column(widths["serial"]), Column(widths["region"]), *(Column(widths["value"]) for _ in indicators)]
    columns += [Column(group["width"]) for group in groups for _ in group["columns"]]
    sheet = texts.sheet(book, "table", columns)
    first = [Head(texts.raw("serial"), down=2), Head(texts.raw("region"), down=2)]
    first.append(Head(texts.text("values"), across=len(indicators)))
    first += [Head(texts.fill(group["name"]), across=len(group["columns"])) for group in groups]
    sheet.header(first, headers(texts.programme), frozen_columns=2)
    rate, blank = replace(BODY, number=texts.raw("rate")), texts.raw("blank")
    for number, line in enumerate(assessment.districts, 1):
        sheet.row([number, line.line.name, *(_cell(figure, rate, blank) for figure in line.figures)], least=ROW)
    city = [_cell(figure, rate, blank) for figure in assessment.city.figures]
    sheet.row([assessment.city.line.name, "", *city], bold=True, least=ROW, joined=2)
    sheet.notes(_notes(texts, assessment))


def _cell(figure: Figure, rate: Style, blank: str) -> Value:
    """A rate as it is printed: 0.703 for 70.3 %."""
    if isinstance(figure, Fraction):
        return Written(float(printed(figure)), rate)
    return blank if figure is None else figure


def _notes(texts: WorkbookWords, assessment: Assessment) -> list[str]:
    separator = texts.raw("separator")
    first_year = assessment.issued.period.year == texts.programme.start.year
    absent = [line.line.name for line in assessment.districts if line.line.absent]
    periods = separator.join(period_label(day, texts.programme) for day in assessment.periods)
    wanted = [
        "figures",
        "annual_first" if first_year else "annual",
        "ranks",
        "conduct",
        *(["absent"] if absent else []),
        *(["reopened"] if assessment.reopened else []),
    ]
    year, number, count = assessment.issued.period.year, assessment.issue.number, len(assessment.periods)
    filled = {"before": year - 1, "number": number, "periods": periods, "count": count, "districts": separator.join(absent)}
    notes = [texts.text(f"notes.{key}", **filled) for key in wanted]
    return [texts.raw("note_head") + "".join(f"{number}.{note}" for number, note in enumerate(notes, 1))]
