"""A consolidated table held against what was accepted of its districts before and after it (P01, P08)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping

from pipeline.model import Accepted, Entry, Finding, History, Row, Table
from pipeline.model.catalogue import make_finding
from pipeline.model.labels import period_label
from schemas.programme import Programme


def against_neighbours(
    table: Table, rows: Mapping[str, Row], accepted: History, period: dt.date, programme: Programme
) -> Iterator[Finding]:
    """Every value below the last one accepted of an earlier period, or above the next one of a later period. ``accepted`` are the
    values in force around the period."""
    for name, row in rows.items():
        days = accepted.get(name, {})
        before = max((day for day in days if day < period), default=None)
        after = min((day for day in days if day > period), default=None)
        for entry in row.entries:
            found = [
                *(_fall(entry, before, days[before], programme) if before else ()),
                *(_excess(entry, after, days[after], programme) if after else ()),
            ]
            for finding in found:
                yield dataclasses.replace(finding, sheet=table.sheet, district=name, period=period.isoformat())


def _fall(entry: Entry, day: dt.date, accepted: Accepted, programme: Programme) -> Iterator[Finding]:
    known = accepted.values.get(entry.indicator)
    if known is not None and entry.value is not None and entry.value < known:
        gap = f"{known - entry.value}{programme.indicator(entry.indicator).unit}"
        words = {"gap": gap, "previous_period": period_label(day, programme)}
        yield _finding("P01", entry, known, words, programme)


def _excess(entry: Entry, day: dt.date, accepted: Accepted, programme: Programme) -> Iterator[Finding]:
    known = accepted.values.get(entry.indicator)
    if known is not None and entry.value is not None and entry.value > known:
        yield _finding("P08", entry, known, {"later_period": period_label(day, programme)}, programme)


def _finding(rule: str, entry: Entry, known: int, words: Mapping[str, str], programme: Programme) -> Finding:
    observed, expected = str(entry.value), str(known)
    return make_finding(
        programme, rule, cell=entry.cell, indicator=entry.indicator, observed=observed, expected=expected, **words
    )
