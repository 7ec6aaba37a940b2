"""Which district and period a file belongs to, and which of its tables counts: F03, F04, F05, S04, from all evidence together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.checks.calendar import Calendar, month_end
from pipeline.findings import make_finding
from pipeline.labels import period_label
from pipeline.model import Evidence, Finding, PeriodMention, Reading, Table
from schemas.programme import Programme

WEAK = ("sheet_name", "heading")  # names in sheet tabs and headings are often left over: they count only where nothing else speaks


@dataclass(frozen=True)
class Placed:
    """A reading with its place. ``district`` and ``period`` are None where F03 and F04 leave them open."""

    reading: Reading
    district: str | None
    period: dt.date | None
    table: Table | None
    findings: tuple[Finding, ...]


def place(reading: Reading, calendar: Calendar, given: dt.date | None = None) -> Placed:
    """Resolve district, period and table of a reading. ``given`` is the period for files that state none (``--period``)."""
    programme = calendar.programme
    filled = tuple(table for table in reading.tables if any(row.filled for row in table.rows)) or reading.tables
    table, several = _choose(filled, reading, calendar, given)
    tables = (table,) if table else filled
    period, period_flaw = _period(reading, tables, calendar, given)
    district, district_flaw = _district(reading, tables, programme)
    if reading.findings:  # unreadable, no form, or an attachment: the place is good to know, its absence no finding
        return Placed(reading, district, period, None, reading.findings)
    flaws = (several, district_flaw, period_flaw, period and _called(period, calendar))
    return Placed(reading, district, period, table, tuple(filter(None, flaws)))


def _choose(
    tables: tuple[Table, ...], reading: Reading, calendar: Calendar, given: dt.date | None
) -> tuple[Table | None, Finding | None]:
    """The one table of this period, or S04 where several differ and none can be told from the others."""
    if not tables:
        return None, None
    if len({_content(table) for table in tables}) == 1:
        return min(tables, key=lambda table: table.hidden), None
    wanted, _ = _resolve_period(reading.periods, calendar, given)
    if wanted is None:
        open_periods = calendar.open_periods()
        wanted = open_periods[0] if len(open_periods) == 1 else None
    fitting = [table for table in tables if wanted and _fits(table, wanted)]
    if len(fitting) == 1:
        return fitting[0], None
    sheets = "、".join(dict.fromkeys(table.sheet for table in tables))
    return None, make_finding(calendar.programme, "S04", observed=sheets, count=str(len(tables)), sheets=sheets)


def _content(table: Table) -> tuple[object, ...]:
    """What a table says, wherever it stands."""
    return tuple(
        (row.district or row.region, tuple((entry.indicator, entry.observed) for entry in row.entries))
        for row in table.rows
        if row.filled
    )


def _fits(table: Table, period: dt.date) -> bool:
    mentions = [e.says for e in _strong(table.periods) if isinstance(e.says, PeriodMention)]
    return any(_agrees(mention, period) for mention in mentions)


def _strong(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Without the weak sources, unless they are all there is."""
    every = tuple(evidence)
    return tuple(e for e in every if e.source not in WEAK) or every


def _agrees(mention: PeriodMention, period: dt.date) -> bool:
    if mention.as_of:
        return mention.as_of == period
    day = mention.day or month_end(period.year, mention.month).day
    return (mention.month, day) == (period.month, period.day)


def _period(
    reading: Reading, tables: tuple[Table, ...], calendar: Calendar, given: dt.date | None
) -> tuple[dt.date | None, Finding | None]:
    """The period, or F04."""
    evidence = _strong((*reading.periods, *(e for table in tables for e in table.periods)))
    period, problem = _resolve_period(evidence, calendar, given)
    if problem is None:
        return period, None
    option = (Evidence("option", period_label(given, calendar.programme), ""),) if given else ()
    return None, _unclear(calendar.programme, "F04", problem, (*evidence, *option))


def _resolve_period(
    evidence: Iterable[Evidence], calendar: Calendar, given: dt.date | None
) -> tuple[dt.date | None, str | None]:
    """(period, None), or (None, ``unknown`` or ``differs``). What one source says twice must be cleared up by another."""
    sources: dict[str, list[PeriodMention]] = {}
    for item in evidence:
        if isinstance(item.says, PeriodMention):
            sources.setdefault(item.source, []).append(item.says)
    dated = [{m.as_of for m in mentions if m.as_of} for mentions in sources.values()]
    dated = [days for days in dated if days]
    undated = [mentions for mentions in sources.values() if not any(m.as_of for m in mentions)]
    if given:
        dated.append({given})
    candidates = set.intersection(*dated) if dated else set(calendar.open_periods())
    candidates = {day for day in candidates if all(any(_agrees(m, day) for m in mentions) for mentions in undated)}
    if len(candidates) == 1:
        return candidates.pop(), None
    return None, "differs" if dated else "unknown"


def _district(reading: Reading, tables: tuple[Table, ...], programme: Programme) -> tuple[str | None, Finding | None]:
    """The district, or F03. Rows left over from a bulletin hold many districts: then the other sources say whose return it is."""
    rows = [
        Evidence("row", row.district, row.district) for table in tables for row in table.rows if row.district and row.filled
    ]
    evidence = _strong((*reading.districts, *(e for table in tables for e in table.districts), *rows))
    sources: dict[str, set[str]] = {}
    for item in evidence:
        sources.setdefault(item.source, set()).add(str(item.says))
    candidates = set.intersection(*sources.values()) if sources else set()
    if len(candidates) == 1:
        return candidates.pop(), None
    problem = "differs" if sources and not candidates else "unknown"
    return None, _unclear(programme, "F03", problem, evidence)


def _unclear(programme: Programme, rule: str, problem: str, evidence: tuple[Evidence, ...]) -> Finding:
    words = programme.wording["findings"]
    seen = dict.fromkeys(words["evidence"][item.source].format(text=item.text) for item in evidence)
    shown = "，".join(seen) if seen else words["evidence"]["absent"]
    return make_finding(programme, rule, observed=shown if seen else None, problem=words["problem"][problem], evidence=shown)


def _called(period: dt.date, calendar: Calendar) -> Finding | None:
    """F05: before the programme, too far ahead, or not called."""
    programme = calendar.programme
    words = programme.wording["findings"]["F05"]
    if period < programme.start:
        problem = words["before_start"].format(start=period_label(programme.start, programme))
    elif period > calendar.last_open:
        problem = words["too_early"]
    elif not calendar.is_called(period):
        open_periods = "、".join(period_label(day, programme) for day in calendar.open_periods())
        problem = words["not_called"].format(open=open_periods or words["no_open"])
    else:
        return None
    label = period_label(period, programme)
    return make_finding(programme, "F05", observed=label, period=label, problem=problem)
