"""走势: the period beside those before it, four charts and the tables they are drawn from (wording.md 5.6)."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from xlsxwriter.utility import xl_range_formula

from pipeline.model.labels import period_label
from pipeline.products.bulletin.bulletin_words import BulletinWords, Notes
from pipeline.products.figures.counts import Count
from pipeline.products.figures.neutral_table import Value, Written
from pipeline.products.figures.progress import printed
from pipeline.products.figures.trend import Trend, trend
from pipeline.products.workbook.charts import Design, Drawing, Range, Series, content
from pipeline.products.workbook.sheets import Book, BookSheet
from pipeline.products.workbook.styles import BODY, HEADER, LEFT_CAPTION, PIXELS, Column, Style

LOWEST, HIGHEST = 270.0, 400.0
"""Heights of a chart, in points; a row may be no higher than 409."""
NAMED, HEADS, ROW, ROOM = 22.0, 36.0, 17.0, 30.0
"""Heights of a table's name, heads and rows, and what notes under it may take."""
SIZE = 10.5
"""Of the tables' text: the longest and its chart fill a page."""
LABEL, NAME = replace(BODY, align="left", wrap=False), replace(LEFT_CAPTION, font=HEADER.font)


@dataclass(frozen=True)
class Figure:
    """A chart and its table: a row for each series under ``heads``.

    None is a blank, which a chart leaves out: a text would be drawn as 0. ``beside``: a year ago, behind each row, not drawn.
    ``said`` are the names, values and units that the alternative text compares.
    """

    title: str
    heads: Sequence[str]
    names: Sequence[str]
    rows: Sequence[Sequence[int | Fraction | None]]
    said: Sequence[tuple[str, int | Fraction | None, str]]
    beside: Sequence[Count] = ()
    notes: Sequence[str] = ()


def write(book: Book, words: BulletinWords) -> None:
    """Add the sheet; of the first period it says that there is no trend."""
    known, width = trend(words.view), words.table("trend.widths")
    columns = max(len(words.programme.districts) + 1, len(known.moments) + 2)
    widths = [width["label"], *([width["column"]] * columns)]
    page = words.page(alone=len(known.moments) < 2)
    sheet = book.sheet(words.text("trend.sheet"), [Column(each) for each in widths], page)
    words.heading(sheet, words.text("trend.title"))
    if len(known.moments) < 2:
        return sheet.band(words.text("trend.first"), replace(BODY, border=0), least=ROW * 3)
    starts = []
    for number, figure in enumerate(_figures(words, known), 1):
        starts.append(sheet.at)
        _draw(sheet, words, number, figure)
        _tabulate(sheet, words, number, figure)
    return sheet.raw.set_h_pagebreaks(starts[1:])


def _figures(words: BulletinWords, known: Trend) -> Iterable[Figure]:
    yield _rates(words)
    programme, periods = words.programme, [moment.period for moment in known.moments]
    heads = [_broken(words, period_label(day, programme)) for day in periods]
    headline, unit = programme.headline, programme.indicator(programme.headline).unit
    counts = [moment.city(headline) for moment in known.moments]
    yield Figure(
        title=words.text("trend.titles.headline"),
        heads=heads,
        names=[words.text("trend.headline")],
        rows=[counts],
        said=[(period_label(day, programme), count, unit) for day, count in zip(periods, counts, strict=True)],
        beside=[known.city(headline)],
        notes=_notes(words, known, [headline]),
    )
    others = [indicator for indicator in programme.indicators if indicator.id != headline]
    if others:
        yield Figure(
            title=words.text("trend.titles.others"),
            heads=heads,
            names=[words.text("trend.other", short=indicator.short, unit=indicator.unit) for indicator in others],
            rows=[[moment.city(indicator.id) for moment in known.moments] for indicator in others],
            said=[(indicator.short, known.now.city(indicator.id), indicator.unit) for indicator in others],
            beside=[known.city(indicator.id) for indicator in others],
            notes=_notes(words, known, [indicator.id for indicator in others]),
        )
    names = programme.district_names
    rows = [[moment.of(headline).get(name) for moment in known.moments] for name in names]
    yield Figure(
        title=words.text("trend.titles.districts"),
        heads=heads,
        names=names,
        rows=rows,
        said=[(name, known.now.of(headline).get(name), unit) for name in names],
        beside=[known.district(name, headline) for name in names],
        notes=_blanks(words, rows),
    )


def _rates(words: BulletinWords) -> Figure:
    """The completion of each district beside its pace."""
    table = words.progress
    lines = (*table.rows, table.city)
    rows = [[line.completion for line in lines], [line.pace for line in lines]]
    return Figure(
        title=words.text("trend.titles.rates"),
        heads=[line.name for line in lines],
        names=words.texts("trend.rates"),
        rows=rows,
        said=[(line.name, line.completion, "") for line in table.rows],
        notes=_blanks(words, rows),
    )


def _broken(words: BulletinWords, label: str) -> str:
    """A period over two lines: 2025年 and 6月底; 2024年底 stays whole."""
    year, mark, rest = label.partition(words.raw("trend.break_behind"))
    return f"{year}{mark}\n{rest}" if len(rest) > 1 else label


def _blanks(words: BulletinWords, rows: Sequence[Sequence[int | Fraction | None]]) -> list[str]:
    """What blanks among the cells mean."""
    notes = Notes(words)
    if any(value is None for values in rows for value in values):
        notes.note("trend.notes.blank")
    return notes.plain()


def _notes(words: BulletinWords, known: Trend, indicators: Sequence[str]) -> list[str]:
    """Which districts the city's values leave out."""
    notes, names = Notes(words), words.programme.district_names
    for moment in known.moments:
        own = [moment.of(indicator) for indicator in indicators]
        absent = [name for name in names if any(name not in values for values in own)] if min(map(len, own)) < len(names) else []
        if absent:
            label = period_label(moment.period, words.programme)
            notes.note("trend.notes.absent", period=label, districts=words.enumerated(absent))
    if not all(known.compared(indicator) for indicator in indicators):
        notes.note("trend.notes.uncompared")
    return notes.plain()


def _draw(sheet: BookSheet, words: BulletinWords, number: int, figure: Figure) -> None:
    """The chart in a row of its own, as high as its page has room; its table begins two rows below."""
    top, last, own = sheet.at + 2, len(figure.heads), words.text("trend.sheet")
    heads = Range(xl_range_formula(own, top, 1, top, last), figure.heads)
    series = [
        Series(
            Range(xl_range_formula(own, row, 0, row, 0), [label]),
            Range(xl_range_formula(own, row, 1, row, last), _values(values)),
        )
        for row, (label, values) in enumerate(zip(figure.names, figure.rows, strict=True), top + 1)
    ]
    title = words.text("trend.figure", number=number, title=figure.title)
    drawn = content(_design(words, figure), title, heads, series)
    height = sheet.page_height - NAMED - HEADS - ROW * len(figure.rows) - ROOM - (sheet.height if number == 1 else 0)
    height = min(max(height, LOWEST), HIGHEST)
    chart = Drawing(words.text("trend.name", number=number), drawn, int(sheet.width * PIXELS), int(height * PIXELS) - 6)
    sheet.book.raw.insert_drawing(sheet.raw, sheet.at, chart, _described(words, figure))
    sheet.skip(height)


def _values(values: Sequence[int | Fraction | None]) -> list[int | float | None]:
    return [float(printed(value)) if isinstance(value, Fraction) else value for value in values]


def _design(words: BulletinWords, figure: Figure) -> Design:
    """Rates as columns with the pace as a line; counts as lines, the values of a line alone beside it."""
    if figure.beside:
        count = words.raw("formats.count")
        return Design(0, len(figure.rows), count, count if len(figure.rows) == 1 else "")
    return Design(1, len(figure.rows) - 1, words.raw("trend.axis"), words.raw("formats.rate"))


def _described(words: BulletinWords, figure: Figure) -> str:
    """The alternative text: who is highest and who lowest; those level with them too."""
    known = [(name, value, unit) for name, value, unit in figure.said if value is not None]
    if not known:
        return words.text("trend.described_empty", title=figure.title)
    values = [value for _, value, _ in known]
    highest, lowest = (_holding(words, known, value) for value in (max(values), min(values)))
    key = "described_level" if max(values) == min(values) else "described"
    return words.text(f"trend.{key}", title=figure.title, highest=highest[0], most=highest[1], lowest=lowest[0], least=lowest[1])


def _holding(words: BulletinWords, known: Sequence[tuple[str, int | Fraction, str]], value: int | Fraction) -> tuple[str, str]:
    """Whose this value is, and the value as text."""
    own = [(name, unit) for name, found, unit in known if found == value]
    shown = f"{float(printed(value)):.1%}" if isinstance(value, Fraction) else f"{value}{own[0][1]}"
    return words.enumerated(name for name, _ in own), shown


def _tabulate(sheet: BookSheet, words: BulletinWords, number: int, figure: Figure) -> None:
    """The table under a chart. What a chart draws stays blank where there is nothing, for a text would be drawn as 0."""
    sheet.band(words.text("trend.table", number=number), NAME, least=NAMED)
    behind = [words.text("trend.year_ago"), words.text("trend.gain")] if figure.beside else []
    _row(sheet, [Written(text, HEADER) for text in (words.text("trend.period"), *figure.heads, *behind)], HEADS)
    beside = [[words.number(count.value), words.change(count.change)] for count in figure.beside] or [[]] * len(figure.rows)
    for name, values, others in zip(figure.names, figure.rows, beside, strict=True):
        _row(sheet, [Written(name, LABEL), *(_plotted(words, value) for value in values), *others], ROW)
    sheet.notes(figure.notes)
    sheet.skip()


def _plotted(words: BulletinWords, value: int | Fraction | None) -> Value:
    if value is None:
        return Written(None, BODY)
    return words.rate(value) if isinstance(value, Fraction) else words.number(value)


def _row(sheet: BookSheet, cells: Sequence[Value], height: float) -> None:
    """Cells from the left, not over all columns as in the other sheets."""
    written = [cell if isinstance(cell, Written) else Written(cell, BODY) for cell in cells]
    sheet.raw.put_row(sheet.at, [(cell.value, sheet.book.format(_sized(cell.style))) for cell in written])
    sheet.skip(height)


@functools.lru_cache(maxsize=64)
def _sized(style: Style) -> Style:
    return replace(style, size=SIZE)
