"""The total's row of a return: its sums, and the figures of an earlier time that may have been left in it. It is never used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from pipeline.model import Entry, History, Table
from pipeline.rules.place import Placed

Wrong = tuple[Entry, int, int]
"""A cell of the total's row, what it states, and the sum of the rows."""


def wrong_totals(placed: Placed, table: Table, history: History) -> Iterator[Wrong]:
    """Totals that differ from the sum and are neither the last bulletin's nor what the district itself had before (S12)."""
    different = list(_different(table))
    if is_stale(placed, table, history):
        return
    bulletin = _last_totals(history, placed.period)
    yield from (each for each in different if each[1] != bulletin.get(each[0].indicator))


def is_stale(placed: Placed, table: Table, history: History) -> bool:
    """Whether the totals that differ from the sums are all values the district had at one earlier time (S11)."""
    stated = {entry.indicator: number for entry, number, _ in _different(table)}
    return bool(stated) and any(_holds(values, stated) for values in _own_earlier(placed, history))


def _holds(values: Mapping[str, int], stated: Mapping[str, int]) -> bool:
    return all(values.get(indicator) == number for indicator, number in stated.items())


def _own_earlier(placed: Placed, history: History) -> Iterator[Mapping[str, int]]:
    for day, accepted in history.get(placed.district or "", {}).items():
        if placed.period is None or day < placed.period:
            yield accepted.values


def _different(table: Table) -> Iterator[Wrong]:
    """Totals that are not the sum of the rows; blank ones, 0, and those over cells that cannot be read are left out."""
    for entry in table.total.entries if table.total else ():
        cells = [e for row in table.rows for e in row.entries if e.indicator == entry.indicator and not e.blank]
        unreadable = any(cell.value is None and not is_placeholder(cell) for cell in cells)
        if not entry.value or unreadable or entry.indicator in table.unusable:
            continue
        expected = sum(cell.value or 0 for cell in cells)
        if entry.value != expected:
            yield entry, entry.value, expected


def is_placeholder(entry: Entry) -> bool:
    """A mark in place of a number (C03)."""
    return any(problem.rule == "C03" for problem in entry.problems)


def _last_totals(history: History, period: dt.date | None) -> dict[str, int]:
    """City totals of the latest period before this one that has accepted values."""
    earlier = [day for periods in history.values() for day in periods if period is None or day < period]
    if not earlier:
        return {}
    last = max(earlier)
    totals: dict[str, int] = {}
    for periods in history.values():
        if last in periods:
            for indicator, value in periods[last].values.items():
                totals[indicator] = totals.get(indicator, 0) + value
    return totals
