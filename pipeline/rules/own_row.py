"""What the sheet, the rows and the total say once the district is known: S01-S12; and the entries that count."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Iterator

from pipeline.model import Area, Entry, Finding, History, Problem, Row, Table, Unseen, address, column_letters
from pipeline.model.catalogue import make_finding, place_name
from pipeline.rules.form_changes import changes, columns
from pipeline.rules.other_rows import own_filled, row_range, strange_rows, strangers
from pipeline.rules.place import Placed
from pipeline.rules.totals import wrong_totals
from schemas.programme import Programme

log = logging.getLogger(__name__)


def own_entries(placed: Placed, programme: Programme) -> tuple[Entry, ...]:
    """The district's own row in programme order, values taken away where S01, S03, S06 or S09 make them unusable."""
    table = placed.table
    row = _own_row(placed)
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


def structure(placed: Placed, history: History, programme: Programme) -> tuple[Finding, ...]:
    """Structural findings of a placed return. ``history`` tells left-over published values from strange ones (S10, S12).

    A check that raises is Z01 of this return, and the traceback is logged.
    """
    table = placed.table
    if table is None:
        return ()
    findings = list(table.flaws)
    for rule, check in CHECKS:
        try:
            findings += check(placed, table, history, programme)
        except Exception:
            log.exception("rule %s failed", rule)
            findings.append(make_finding(programme, "Z01", rule=rule))
    return tuple(dataclasses.replace(finding, sheet=table.sheet) for finding in findings)


def _own_row(placed: Placed) -> Row | None:
    """The district's row: a filled one before a blank one."""
    rows = placed.table.rows if placed.table and placed.district else ()
    own = [row for row in rows if row.district == placed.district]
    return next((row for row in own if row.filled), own[0] if own else None)


def _rows(placed: Placed, table: Table, history: History, programme: Programme) -> Iterator[Finding]:
    """S08 and S09: no usable row of the district's own."""
    if placed.district is None:
        return
    words = programme.wording["findings"]
    filled = own_filled(placed)
    unknown = strangers(table)
    if len(filled) > 1:
        problem = words["S09"]["repeated"].format(district=placed.district, count=len(filled))
        for row in filled:
            yield make_finding(programme, "S09", cell=row_range(row), problem=problem)
    elif not filled and unknown:
        for row in unknown:
            yield _unknown_region(row, programme)
    elif _own_row(placed) is None:
        problem = words["S09"]["missing"].format(district=placed.district)
        yield make_finding(programme, "S09", problem=problem)


def _unknown_region(row: Row, programme: Programme) -> Finding:
    words = programme.wording["findings"]
    suggestion = words["S08"]["suggestion"].format(candidate=row.suggestion) if row.suggestion else ""
    return make_finding(
        programme,
        "S08",
        cell=address(row.number, row.region_column),
        observed=row.region.strip() or words["blank"],
        row=str(row.number),
        suggestion=suggestion,
        districts="、".join(programme.district_names),
    )


def _own(placed: Placed, table: Table, history: History, programme: Programme) -> Iterator[Finding]:
    """S05, S06, S07 of the district's own row."""
    row = _own_row(placed)
    if row is not None:
        yield from about_row(table, row, programme)


def _astray(placed: Placed, table: Table, history: History, programme: Programme) -> Iterator[Finding]:
    """S14: numbers of the own row under no heading, each a finding at its cell."""
    for row in (row for row in table.rows if placed.district and row.district == placed.district):
        for column, observed in row.astray:
            name = place_name(programme, row.number, column, addressed=table.addressed)
            yield make_finding(programme, "S14", cell=address(row.number, column), observed=observed, cell_=name)


def about_row(table: Table, row: Row, programme: Programme) -> Iterator[Finding]:
    """S05, S06, S07: how a row and its values stand in the sheet."""
    if row.filled:
        yield from _unseen(table, row, programme)
    for area in _merged_over(table, row):
        yield make_finding(programme, "S06", cell=area.address, observed=area.address, range=area.address)
    if row.matched == "alias":
        cell = address(row.number, row.region_column)
        yield make_finding(programme, "S07", cell=cell, observed=row.region, expected=row.district, district=row.district or "")


def _unseen(table: Table, row: Row, programme: Programme) -> Iterator[Finding]:
    """S05: parts of the sheet that are hidden, then cells by what keeps them from being seen."""
    how = programme.wording["findings"]["S05"]["how"]
    if where := "、".join(_hidden(table, row, programme)):
        yield make_finding(programme, "S05", cell=row_range(row), observed=where, where=where, how=how["hidden"])
    for reason in Unseen:
        entries = [entry for entry in row.entries if entry.unseen is reason]
        if entries:
            names = "、".join(place_name(programme, entry.row, entry.column, addressed=table.addressed) for entry in entries)
            cell = entries[0].cell if len(entries) == 1 else row_range(row)
            yield make_finding(programme, "S05", cell=cell, observed=names, where=names, how=how[reason])


def _hidden(table: Table, row: Row, programme: Programme) -> Iterator[str]:
    words = programme.wording["findings"]["S05"]
    if table.hidden:
        yield words["sheet"].format(sheet=table.sheet)
    if row.hidden:
        yield words["row"].format(row=row.number)
    for entry in row.entries:
        if entry.column in table.hidden_columns:
            yield words["column"].format(column=column_letters(entry.column))


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


def _total(placed: Placed, table: Table, history: History, programme: Programme) -> Iterator[Finding]:
    """S12: the stated total is neither the sum of the filled rows, nor 0, nor an earlier figure. It is never used."""
    own = {own.indicator: own.value for own in own_entries(placed, programme)}
    for entry, stated, expected in wrong_totals(placed, table, history):
        if own.get(entry.indicator, 0) is not None:  # a cell with a finding of its own is not reported again
            yield make_finding(
                programme, "S12", cell=entry.cell, indicator=entry.indicator, observed=str(stated), expected=str(expected)
            )


Check = Callable[[Placed, Table, History, Programme], Iterator[Finding]]
CHECKS: tuple[tuple[str, Check], ...] = (
    ("S02", columns),
    ("S09", _rows),
    ("S06", _own),
    ("S14", _astray),
    ("S10", strange_rows),
    ("S11", changes),
    ("S12", _total),
)
"""Each under the rule that Z01 names when it fails."""
