"""What the sheet, the rows and the total say once the district is known: S05-S14; and the entries that count."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from pipeline.model import Area, Entry, Finding, Problem, Row, Table, Unseen, address, column_letters
from pipeline.model.catalogue import place_name
from pipeline.model.words import Words
from pipeline.rules.judging.cases import FileCase
from pipeline.rules.other_rows import own_filled, row_range, strangers
from pipeline.rules.place import Placed
from pipeline.rules.rule import Found, finding_of
from pipeline.rules.totals import wrong_totals
from schemas.programme import Programme


def own_entries(placed: Placed, programme: Programme) -> tuple[Entry, ...]:
    """The district's own row in programme order, values taken away where S01, S03, S06 or S09 make them unusable."""
    table = placed.table
    row = placed.own_row
    if table is None or row is None or (not row.filled and strangers(table)):
        return ()  # S08: the values stand in a row of no known name; that the own row is blank follows from it
    repeated = len(own_filled(placed)) > 1
    spoilt = set(table.unusable) | {entry.indicator for area in _merged_over(table, row) for entry in _under(area, row)}
    return tuple(
        dataclasses.replace(entry, value=None, problems=()) if repeated or entry.indicator in spoilt else entry
        for entry in row.entries or _blank_entries(table, row)
    )


def _blank_entries(table: Table, row: Row) -> tuple[Entry, ...]:
    """The cells of a row that holds nothing: each is C02."""
    return tuple(Entry(i, row.number, column, "", None, (Problem("C02"),)) for i, column in row.columns or table.columns)


def s08(file: FileCase) -> Iterator[Found]:
    """S08: instead of the district's own row one of no known region holds the values."""
    if file.placed.district is not None and not own_filled(file.placed):
        yield from (_unknown_region(row, file.programme) for row in strangers(file.table))


def s09(file: FileCase) -> Iterator[Found]:
    """S09: no row of the district's own, or several."""
    district, words = file.placed.district, Words(file.programme, "findings")
    if district is None:
        return
    filled = own_filled(file.placed)
    if len(filled) > 1:
        problem = words.text("S09.repeated", district=district, count=len(filled))
        yield from (Found(row_range(row), words={"problem": problem}) for row in filled)
    elif not filled and not strangers(file.table) and file.placed.own_row is None:
        yield Found(words={"problem": words.text("S09.missing", district=district)})


def _unknown_region(row: Row, programme: Programme) -> Found:
    words = Words(programme, "findings")
    said = {
        "row": str(row.number),
        "suggestion": words.text("S08.suggestion", candidate=row.suggestion) if row.suggestion else "",
        "districts": "、".join(programme.district_names),
    }
    return Found(address(row.number, row.region_column), observed=row.region.strip() or words.text("blank"), words=said)


def s14(file: FileCase) -> Iterator[Found]:
    """S14: numbers of the own row under no heading, each a finding at its cell."""
    placed, table = file.placed, file.table
    for row in (row for row in table.rows if placed.district and row.district == placed.district):
        for column, observed in row.astray:
            name = place_name(file.programme, row.number, column, addressed=table.addressed)
            yield Found(address(row.number, column), observed=observed, words={"cell_": name})


def s05(file: FileCase) -> Iterator[Found]:
    """S05: how the district's own row is kept from being seen."""
    row = file.placed.own_row
    return _unseen(file.table, row, file.programme) if row else iter(())


def s06(file: FileCase) -> Iterator[Found]:
    """S06: ranges merged over the own row's values and others."""
    row = file.placed.own_row
    return _merged(file.table, row) if row else iter(())


def s07(file: FileCase) -> Iterator[Found]:
    """S07: the district is named otherwise than in the form."""
    row = file.placed.own_row
    if row and row.matched == "alias":
        cell, words = address(row.number, row.region_column), {"district": row.district or ""}
        yield Found(cell, observed=row.region, expected=row.district, words=words)


def about_row(table: Table, row: Row, programme: Programme) -> Iterator[Finding]:
    """S05, S06: how any row and its values stand in the sheet."""
    yield from (finding_of("S05", found, None, programme) for found in _unseen(table, row, programme))
    yield from (finding_of("S06", found, None, programme) for found in _merged(table, row))


def _merged(table: Table, row: Row) -> Iterator[Found]:
    for area in _merged_over(table, row):
        yield Found(area.address, observed=area.address, words={"range": area.address})


def _unseen(table: Table, row: Row, programme: Programme) -> Iterator[Found]:
    """Parts of the sheet that are hidden, then cells by what keeps them from being seen."""
    if not row.filled:
        return
    how = Words(programme, "findings").table("S05.how")
    if where := "、".join(_hidden(table, row, programme)):
        yield Found(row_range(row), observed=where, words={"where": where, "how": how["hidden"]})
    for reason in Unseen:
        entries = [entry for entry in row.entries if entry.unseen is reason]
        if entries:
            names = "、".join(place_name(programme, entry.row, entry.column, addressed=table.addressed) for entry in entries)
            cell = entries[0].cell if len(entries) == 1 else row_range(row)
            yield Found(cell, observed=names, words={"where": names, "how": how[reason]})


def _hidden(table: Table, row: Row, programme: Programme) -> Iterator[str]:
    words = Words(programme, "findings")
    if table.hidden:
        yield words.text("S05.sheet", sheet=table.sheet)
    if row.hidden:
        yield words.text("S05.row", row=row.number)
    for entry in row.entries:
        if entry.column in table.hidden_columns:
            yield words.text("S05.column", column=column_letters(entry.column))


def _under(area: Area, row: Row) -> list[Entry]:
    return [entry for entry in row.entries if (entry.row, entry.column) in area]


def _merged_over(table: Table, row: Row) -> list[Area]:
    """Merged ranges over the row's values that also cover another indicator or another district (S06)."""
    others = [other.number for other in table.rows if other.district != row.district]
    others += [table.total.number] if table.total else []
    return [
        area
        for area in table.merges
        if _under(area, row) and (len(_under(area, row)) > 1 or any(area.top <= number <= area.bottom for number in others))
    ]


def s12(file: FileCase) -> Iterator[Found]:
    """S12: the stated total is neither the sum of the filled rows, nor 0, nor an earlier figure. It is never used."""
    own = {entry.indicator: entry.value for entry in file.entries}
    for entry, stated, expected in wrong_totals(file.placed, file.table, file.past):
        if own.get(entry.indicator, 0) is not None:  # a cell with a finding of its own is not reported again
            yield Found(entry.cell, entry.indicator, str(stated), str(expected))
