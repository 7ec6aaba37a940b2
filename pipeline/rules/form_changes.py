"""Where a return differs from the form without effect on its values: S02 (columns) and S11 (rows, notes, sheets, old values)."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model import History, PeriodMention, Table, column_letters
from pipeline.model.labels import period_label, some
from pipeline.model.words import Words
from pipeline.reading.layout.asides import is_subtotal
from pipeline.rules.judging.cases import FileCase
from pipeline.rules.other_rows import left_over_rows
from pipeline.rules.place import Placed, is_zeroed, states_another
from pipeline.rules.rule import Found
from pipeline.rules.totals import is_stale
from schemas.programme import Programme


def s02(file: FileCase) -> Iterator[Found]:
    """S02: all indicators headed once, not in the programme's order; or one of an indicator's several columns was taken."""
    table, programme = file.table, file.programme
    places = [column for _, column in table.columns]
    whole = len(places) == len(programme.indicator_ids) and not any(flaw.rule == "S01" for flaw in table.flaws)
    if whole and places != sorted(places):
        moved = sorted((c, i) for (i, c), usual in zip(table.columns, sorted(places), strict=True) if c != usual)
        yield _taken_by_heading("order", [(column, "", indicator) for column, indicator in moved], table, programme)
    if table.taken:
        taken = [(column.column, column.name, column.indicator) for column in table.taken]
        yield _taken_by_heading("several", taken, table, programme)


def _taken_by_heading(what: str, taken: list[tuple[int, str, str]], table: Table, programme: Programme) -> Found:
    """S02 with (column, sub-heading, indicator) of what was taken."""
    words = Words(programme, "findings").table("S02")
    mapping = "，".join(
        words[("" if table.addressed else "text_") + ("named_column" if heading else "column")].format(
            column=column_letters(column) if table.addressed else column,
            heading=heading,
            indicator=programme.indicator(indicator).name,
        )
        for column, heading, indicator in taken
    )
    return Found(observed=mapping, words={"mapping": mapping, "what": words[what]})


def s11(file: FileCase) -> Iterator[Found]:
    """S11, one finding for everything that differs."""
    placed, table, history, programme = file.placed, file.table, file.past, file.programme
    details = (
        *_rows(table, programme),
        *placed.reading.strays,
        *_other_sheets(placed, table, programme),
        *_left_over(placed, table, history, programme),
        *_asides(table, programme),
        *((Words(programme, "findings").text("S11.stale"),) if is_stale(placed, table, history) else ()),
    )
    if details:
        detail = some(details, "places", programme, most=len(programme.district_names), joint="；")
        yield Found(observed=detail, words={"detail": detail})


def _rows(table: Table, programme: Programme) -> Iterator[str]:
    """Order and number of the rows. A district's own row alone is a form of its own and no change."""
    words = Words(programme, "findings")
    order = [programme.district_names.index(row.district) for row in table.rows if row.district]
    total = table.total
    sided = any(row.columns for row in table.rows)  # the total stands under one of the blocks
    under = [row for row in table.rows if not (sided and total and row.region_column != total.region_column)]
    last = max((row.number for row in under if row.district), default=0)
    if order != sorted(order) or (total and total.number < last):
        yield words.text("S11.order")
    unread = table.unnamed or any(row.district is None for row in table.rows)  # one of them may be a district's row
    if 1 < len(set(order)) < len(programme.district_names) and not unread:
        yield words.text("S11.rows")
    if table.repeated:
        yield words.text("S11.repeated")


def _other_sheets(placed: Placed, table: Table, programme: Programme) -> Iterator[str]:
    """Filled tables that state another period: left aside when the table that counts was chosen (S04)."""
    words = Words(programme, "findings")
    for other in placed.reading.tables:
        filled = not _is_same(other, table) and any(row.filled for row in other.rows)
        if filled and placed.period and states_another(other, placed.period):
            mention = next(e.says for e in other.periods if isinstance(e.says, PeriodMention))
            period = period_label(mention.as_of, programme) if mention.as_of else mention.text
            yield words.text("S11.sheet", sheet=other.sheet, period=period)
        elif (filled and other.example and not table.example) or (other.asides and not other.rows):
            yield words.text("S11.example")
        elif filled and other.statements and not table.statements:
            yield words.text("S11.other_sheet", sheet=other.sheet)
        elif filled and is_zeroed(other) and not is_zeroed(table):
            yield words.text("S11.zero_table")


def _is_same(other: Table, table: Table) -> bool:
    return (other.sheet, other.header_row) == (table.sheet, table.header_row)


def _left_over(placed: Placed, table: Table, history: History, programme: Programme) -> Iterator[str]:
    words = Words(programme, "findings")
    for row in left_over_rows(placed, table, history):
        yield words.text("S11.left_over" if any(entry.value for entry in row.entries) else "S11.zeros")


def _asides(table: Table, programme: Programme) -> Iterator[str]:
    """Rows that are no return of a district. Of rows that state another period the period is named as well."""
    words = Words(programme, "findings")
    for row in table.asides:
        if is_subtotal(row.region, programme):
            yield words.text("S11.subtotal")
        else:
            yield words.text(
                "S11.aside", row=row.region.strip() + "".join(e.text for e in row.periods if e.text not in row.region)
            )
