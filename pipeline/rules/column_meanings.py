"""Which column of an indicator holds its running totals, once district and period are known (S13, S02)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence

from pipeline.model import Column, Entry, Finding, Meaning, PeriodMention, Problem, Row, Said, Table, address, column_letters
from pipeline.model.catalogue import make_finding, place_name
from pipeline.model.labels import period_label, some
from pipeline.model.words import Words
from pipeline.reading.layout.spread import holds_figure
from pipeline.reading.layout.statements import OTHERWISE
from schemas.programme import Programme

Meanings = Mapping[Column, Meaning | None]


def settle(table: Table, district: str | None, period: dt.date | None, programme: Programme) -> Table:
    """The table with the columns of running totals taken; S13 and no value where there is none, or more than one may be it.

    Which columns hold figures is the district's own row to say; without a district any row's.
    """
    about = (*table.statements, *_said_of_own(table, district))
    if not table.choices and not about:
        return table
    taken: dict[str, int] = dict(table.columns)
    flaws = [_about_all(said, table, programme) for said in about if _told(said, period, alone=True) in OTHERWISE]
    spoilt = set(programme.indicator_ids) if flaws else set()
    several: list[Column] = []
    for indicator in dict.fromkeys(choice.indicator for choice in table.choices):
        columns = [choice for choice in table.choices if choice.indicator == indicator]
        column, flaw = _decide(columns, _figures(table, district, indicator), period, table, programme)
        if flaw and indicator not in table.unusable:
            flaws.append(flaw)
            spoilt.add(indicator)
        if column:
            taken[indicator] = column.column
            several += [column] if len(columns) > 1 and column.name else []
    rows = tuple(_with_columns(row, taken, table.columns) for row in table.rows)
    total = _with_columns(table.total, taken, table.columns) if table.total else None
    return dataclasses.replace(
        table,
        rows=rows,
        total=total,
        columns=tuple((i, taken[i]) for i in programme.indicator_ids if i in taken),
        flaws=(*table.flaws, *_once_for_each_place(flaws)),
        unusable=table.unusable | spoilt,
        taken=tuple(column for column in several if column.indicator not in spoilt),
    )


def _said_of_own(table: Table, district: str | None) -> tuple[Said, ...]:
    """What stands in the district's one filled row beside its figures; of two rows S09 asks."""
    own = [row for row in table.rows if row.filled and row.district == district]
    return own[0].said if len(own) == 1 else ()


def _figures(table: Table, district: str | None, indicator: str) -> dict[int, set[str]]:
    """column → what the own row has in it for the indicator, figures only."""
    rows = [row for row in table.rows if row.district == district] or list(table.rows)
    found: dict[int, set[str]] = {}
    for row in rows if any(row.filled for row in rows) else table.rows:
        for entry in (*row.entries, *row.beside):
            if entry.indicator == indicator and holds_figure(entry.observed, entry.problems):
                found.setdefault(entry.column, set()).add(entry.observed.strip() if entry.value is None else str(entry.value))
    return found


def _decide(
    columns: Sequence[Column],
    figures: Mapping[int, set[str]],
    period: dt.date | None,
    table: Table,
    programme: Programme,
) -> tuple[Column | None, Finding | None]:
    """The column that holds the running totals, or S13."""
    if len(columns) == 1:
        (column,) = columns
        said = _against(column, period)
        return column, _about_column(said, column, table, programme) if said else None
    means = _beside_stages({column: meaning_of(column, period, alone=False) for column in columns})
    chosen = _the_one(columns, means, figures)
    if chosen:
        return chosen, None
    said = _common(columns, period)
    return None, _about_column(said, columns[0], table, programme) if said else _unclear(columns, figures, table, programme)


def _beside_stages(means: Meanings) -> Meanings:
    """What is completed is one stage of several, beside a column of another (已立项｜已完成)."""
    if Meaning.STAGE not in means.values():
        return means
    return {c: Meaning.STAGE if m is Meaning.TOTAL and c.said[-1].done else m for c, m in means.items()}


def _the_one(columns: Sequence[Column], means: Meanings, figures: Mapping[int, set[str]]) -> Column | None:
    """Exactly one column of running totals; without any words the only one that holds a figure."""
    if Meaning.OTHER in means.values() and Meaning.TOTAL not in means.values():
        means = {column: Meaning.TOTAL if meaning is Meaning.CURRENT else meaning for column, meaning in means.items()}
    totals = [column for column in columns if means[column] is Meaning.TOTAL]
    own = [column for column in columns if column.own and means[column] is None]
    holding = [column for column in columns if column.column in figures]
    if len(totals) == 1:
        rivals = [column for column in own if column in holding and figures[column.column] != figures.get(totals[0].column)]
        return None if rivals else totals[0]
    if len(totals) > 1:
        return holding[0] if len(holding) == 1 and holding[0] in totals else None
    if len(own) == 1 and all(means[column] not in (None, Meaning.UNKNOWN) for column in columns if column not in own):
        return own[0]
    if any(column.name for column in columns):
        return None
    return (holding or list(columns))[0] if len(holding) < 2 and not any(means.values()) else None


def meaning_of(column: Column, period: dt.date | None, *, alone: bool) -> Meaning | None:
    """What the texts over a column say, the lowest first; a text higher up may still say that it is something else."""
    told = [(said, meaning) for said in reversed(column.said) if (meaning := _told(said, period, alone=alone))]
    if not told:
        return None
    lowest, meaning = told[0]
    against = [m for said, m in told[1:] if m in OTHERWISE and Meaning.TOTAL not in said.every]
    if meaning is Meaning.CURRENT and lowest.level == "group" and alone:
        return None
    return against[0] if meaning in (Meaning.TOTAL, Meaning.CURRENT) and against else meaning


def _told(said: Said, period: dt.date | None, *, alone: bool) -> Meaning | None:
    """By its words and by its dates: those of the return's own period make a running total, others another period's figure."""
    if period and any((year or period.year, month) <= (period.year, period.month) for year, month in said.without):
        return Meaning.INCREASE
    if said.meaning in (None, Meaning.TOTAL, Meaning.CURRENT) and said.periods and period:
        if not any(agrees(mention, period) for mention in said.periods):
            return Meaning.OTHER
        if said.meaning is not Meaning.TOTAL:
            return Meaning.TOTAL if said.as_of else said.meaning if alone else _among_others(said)
    if said.meaning in (None, Meaning.TOTAL, Meaning.CURRENT) and said.years and period and period.year not in said.years:
        return Meaning.OTHER
    return said.meaning


def _among_others(said: Said) -> Meaning:
    """The return's own quarter or month beside another one: only with a year may it be the day up to which is counted."""
    return Meaning.INCREASE if said.span and said.meaning is None else Meaning.CURRENT


def agrees(mention: PeriodMention, period: dt.date) -> bool:
    """Whether a period named is this one; without a year its month and day decide, without a day any day of the month."""
    if mention.as_of:
        return mention.as_of == period
    return mention.month == period.month and mention.day in (0, period.day)


def _against(column: Column, period: dt.date | None) -> Said | None:
    """The text that makes a column that stands alone something else than running totals."""
    meaning = meaning_of(column, period, alone=True)
    if meaning in (None, Meaning.TOTAL):
        return None
    return next(said for said in reversed(column.said) if _told(said, period, alone=True) is meaning)


def _common(columns: Sequence[Column], period: dt.date | None) -> Said | None:
    """A text over all of an indicator's columns that says what they are."""
    shared = [said for said in columns[0].said if all(said in column.said for column in columns[1:])]
    return next((said for said in reversed(shared) if _told(said, period, alone=True) in OTHERWISE), None)


def _with_columns(row: Row, taken: Mapping[str, int], before: tuple[tuple[str, int], ...]) -> Row:
    """The row with its values from these columns."""
    if tuple((indicator, taken[indicator]) for indicator, _ in before) == before:
        return row
    every = {(entry.indicator, entry.column): entry for entry in (*row.entries, *row.beside)}
    entries = tuple(
        every.get((indicator, taken[indicator]), Entry(indicator, row.number, taken[indicator], "", None, (Problem("C02"),)))
        for indicator, _ in before
    )
    places = {(entry.indicator, entry.column) for entry in entries}
    beside = tuple(entry for place, entry in every.items() if place not in places and not entry.blank)
    return dataclasses.replace(row, entries=() if all(entry.blank for entry in entries) else entries, beside=beside)


def _once_for_each_place(flaws: Sequence[Finding]) -> tuple[Finding, ...]:
    """One finding for a text that speaks of several indicators."""
    first: dict[tuple[str | None, str], Finding] = {}
    for flaw in flaws:
        known = first.get((flaw.cell, flaw.message))
        first[flaw.cell, flaw.message] = dataclasses.replace(known, indicator=None) if known else flaw
    return tuple(first.values())


def _finding(programme: Programme, detail: str, cell: str | None, indicator: str | None, observed: str, sheet: str) -> Finding:
    start = period_label(programme.start, programme)
    words = {"detail": detail, "start_label": start}
    return make_finding(programme, "S13", sheet=sheet, cell=cell, indicator=indicator, observed=observed, **words)


def _about_all(said: Said, table: Table, programme: Programme) -> Finding:
    words = Words(programme, "findings")
    if not said.row:
        return _finding(programme, words.text("S13.sheet", seen=said.text), None, None, said.text, table.sheet)
    return _finding(programme, _quoted(said, table, programme), address(said.row, said.column), None, said.text, table.sheet)


def _about_column(said: Said, column: Column, table: Table, programme: Programme) -> Finding:
    cell = address(said.row, said.column)
    return _finding(programme, _quoted(said, table, programme), cell, column.indicator, said.text, table.sheet)


def _quoted(said: Said, table: Table, programme: Programme) -> str:
    cell = place_name(programme, said.row, said.column, addressed=table.addressed)
    return Words(programme, "findings").text("S13.cell", cell=cell, seen=said.text)


def _unclear(columns: Sequence[Column], figures: Mapping[int, set[str]], table: Table, programme: Programme) -> Finding:
    """S13 at the first of the columns that hold figures."""
    holding = [column for column in columns if column.column in figures] or list(columns)
    named = some((_column_name(column, table, programme) for column in holding), "columns", programme)
    indicator = columns[0].indicator
    detail = Words(programme, "findings").text(
        "S13.columns", indicator=programme.indicator(indicator).name, count=len(holding), columns=named
    )
    cell = address(table.header_row, columns[0].column)
    return _finding(programme, detail, cell, indicator, named, table.sheet)


def _column_name(column: Column, table: Table, programme: Programme) -> str:
    key = ("" if table.addressed else "text_") + ("named_column" if column.name else "column")
    letters = column_letters(column.column) if table.addressed else str(column.column)
    return Words(programme, "findings").text(f"S13.{key}", column=letters, heading=column.name)
