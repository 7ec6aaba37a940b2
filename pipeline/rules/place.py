"""Which district and period a file belongs to, and which of its tables counts: F03, F04, F05, S04, from all evidence together."""

from __future__ import annotations

import dataclasses
import datetime as dt
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from pipeline.model import OUTSIDE, Decision, Evidence, Finding, NoPeriod, PeriodMention, Reading, Row, Table
from pipeline.model.catalogue import make_finding, unhandled
from pipeline.model.labels import period_label, some
from pipeline.model.words import Words
from pipeline.rules.column_meanings import settle
from pipeline.rules.judging.calendar import Calendar, month_end
from schemas.programme import Programme

LAST = sys.maxsize
"""The place in the ledger's sequence of what is not recorded yet."""
WEAK = (("sheet_name",), OUTSIDE)
"""What counts only where nothing else speaks: names of sheet tabs are often left over, what a file came in is not the file."""


@dataclass(frozen=True)
class Placed:
    """A reading with its place. ``district`` and ``period`` are None where F03 and F04 leave them open."""

    reading: Reading
    district: str | None
    period: dt.date | None
    table: Table | None
    findings: tuple[Finding, ...]
    received: dt.datetime | None = None
    """UTC; put in by the batch."""
    again: int | None = None
    """The ledger's number of a submission that is judged again: it repeats nobody but those before it."""
    entry: int = 0
    """The entry of the ledger's sequence in which that came; 0 for a new file."""

    @cached_property
    def own_row(self) -> Row | None:
        """The district's row of the table: a filled one before a blank one."""
        own = [row for row in self.table.rows if row.district == self.district] if self.table and self.district else []
        return next((row for row in own if row.filled), own[0] if own else None)

    @property
    def order(self) -> int:
        """Its place in the ledger's sequence; what comes now is later than everything recorded."""
        return self.entry or LAST


def place(reading: Reading, calendar: Calendar, given: dt.date | None = None, assigned: Decision | None = None) -> Placed:
    """Resolve district, period and table of a reading. ``given`` is the period for files that state none (``--period``).

    What the city has ``assigned`` settles F03 and F04.
    """
    programme = calendar.programme
    proper = tuple(table for table in reading.tables if not table.example) or reading.tables
    filled = tuple(table for table in proper if any(row.filled for row in table.rows)) or proper
    current = _without_zeros(_of_the_period(filled, reading, calendar, given))
    district, district_flaw = _district(reading, current, programme)
    rows = _own_rows(current, assigned.district if assigned and assigned.district else district)
    period, period_flaw = _period(reading, current, rows, calendar, given)
    current = tuple(_rows_of_the_period(table, rows, period) for table in current)
    table = _one_of(current)
    several = _several(filled, programme) if current and table is None else None
    if reading.findings:  # unreadable, no form, or an attachment: the place is good to know, its absence no finding
        return Placed(reading, district, period, None, reading.findings)
    if assigned and assigned.district:
        district, district_flaw = assigned.district, None
    if assigned and assigned.period:
        period, period_flaw = assigned.period, None
    table = settle(table, district, period, programme) if table else None
    flaws = (several, district_flaw, period_flaw, _called(period, calendar) if period else None)
    return Placed(reading, district, period, table, tuple(flaw for flaw in flaws if flaw))


def place_unhandled(reading: Reading, assigned: Decision | None, programme: Programme) -> Placed:
    """A reading that could not be placed (F18); where the city has said whose it is and for when, that is known."""
    findings = (unhandled(programme, reading.file),)
    district, period = (assigned.district, assigned.period) if assigned else (None, None)
    return Placed(dataclasses.replace(reading, findings=findings, tables=()), district, period, None, findings)


def _of_the_period(tables: tuple[Table, ...], reading: Reading, calendar: Calendar, given: dt.date | None) -> tuple[Table, ...]:
    """Without the tables that state another period than the file's name does, and without those that say of themselves that they
    hold no running totals (上期情况); all of them where none would be left."""
    wanted, _ = _resolve_period((e for e in reading.periods if e.source not in OUTSIDE), calendar, given)
    fitting = tuple(table for table in tables if wanted is None or not states_another(table, wanted)) or tables
    return tuple(table for table in fitting if not table.statements) or fitting


def _without_zeros(tables: tuple[Table, ...]) -> tuple[Table, ...]:
    """Without the tables that hold nothing but zeros, in the rows of several districts, beside one that holds more."""
    return tuple(table for table in tables if not is_zeroed(table)) or tables


def is_zeroed(table: Table) -> bool:
    """Whether a form was filled with zeros beforehand; a single row of them is a report."""
    rows = [row for row in table.rows if row.filled]
    return len(rows) > 1 and all(entry.value == 0 or entry.blank for row in rows for entry in row.entries)


def _one_of(tables: tuple[Table, ...]) -> Table | None:
    """The table that counts: any of those that say the same, one in sight before a hidden one; None where they differ."""
    if len({_content(table) for table in tables}) != 1:
        return None
    return min(tables, key=lambda table: table.hidden)


def _several(tables: tuple[Table, ...], programme: Programme) -> Finding:
    sheets = some((table.sheet for table in tables), "sheets", programme)
    return make_finding(programme, "S04", observed=sheets, count=str(len(tables)), sheets=sheets)


def _content(table: Table) -> tuple[object, ...]:
    """What a table says, wherever it stands."""
    return tuple(
        (row.district or row.region, tuple((entry.indicator, entry.observed) for entry in row.entries))
        for row in table.rows
        if row.filled
    )


def states_another(table: Table, period: dt.date) -> bool:
    """Whether a table names periods, and not this one."""
    mentions = [e.says for e in _strong(table.periods) if isinstance(e.says, PeriodMention)]
    return bool(mentions) and not any(_agrees(mention, period) for mention in mentions)


def _strong(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Without the weak sources, unless they are all there is; the less weak ones then."""
    left = tuple(evidence)
    for weak in reversed(WEAK):
        left = tuple(e for e in left if e.source not in weak) or left
    return left


def _agrees(mention: PeriodMention, period: dt.date) -> bool:
    if mention.as_of:
        return mention.as_of == period
    day = mention.day or month_end(period.year, mention.month).day
    return (mention.month, day) == (period.month, period.day)


def _own_rows(tables: tuple[Table, ...], district: str | None) -> tuple[Row, ...]:
    """The district's rows that hold something and state a period; all such rows where the district is not known."""
    rows = (row for table in tables for row in table.rows if row.filled and row.periods)
    return tuple(row for row in rows if row.district and (district is None or row.district == district))


def _rows_of_the_period(table: Table, own: tuple[Row, ...], period: dt.date | None) -> Table:
    """Without the rows of the district that state another period: they are left aside, where one states this period."""
    others = tuple(row for row in own if row in table.rows and period and not _states(row.periods, period))
    if not others or not any(row.district == other.district and row not in others for other in others for row in own):
        return table
    kept = tuple(row for row in table.rows if row not in others)
    return dataclasses.replace(table, rows=kept, asides=(*table.asides, *others))


def _states(evidence: Iterable[Evidence], period: dt.date) -> bool:
    return any(_agrees(e.says, period) for e in evidence if isinstance(e.says, PeriodMention))


def _period(
    reading: Reading, tables: tuple[Table, ...], rows: tuple[Row, ...], calendar: Calendar, given: dt.date | None
) -> tuple[dt.date | None, Finding | None]:
    """The period, or F04. ``rows`` are the district's own that state one: a single one is evidence, of several one must agree."""
    every = (*reading.periods, *(e for table in tables for e in table.periods))
    stated = tuple(e for row in rows for e in row.periods)
    single = stated if len(rows) == 1 else ()
    evidence = _strong(e for e in (*every, *single) if isinstance(e.says, PeriodMention))
    strange = tuple(e for e in (*every, *single) if isinstance(e.says, NoPeriod))
    binding = tuple(e for e in strange if isinstance(e.says, NoPeriod) and e.says.binding)
    period, problem = _resolve_period(evidence, calendar, given)
    if problem is None and binding:
        problem = "differs" if evidence or given else "unknown"
    if len(rows) > 1 and not (period and any(_states(row.periods, period) for row in rows)):
        problem, evidence = "differs", (*evidence, *stated)
    if problem is None:
        return period, None
    option = (Evidence("option", period_label(given, calendar.programme), ""),) if given else ()
    seen = (*evidence, *option)
    return None, _unclear(calendar.programme, "F04", problem, (*seen, *(binding if seen or binding else strange)))


def contradiction(reading: Reading, table: Table, calendar: Calendar, period: dt.date) -> Finding | None:
    """F04 where a file, or a row of its table, says that it is of another period than the one it is taken for."""
    rows = tuple(row for row in table.rows if row.filled and row.periods and not _states(row.periods, period))
    return _period(reading, (table,), rows[:1], calendar, period)[1]


def _resolve_period(evidence: Iterable[Evidence], calendar: Calendar, given: dt.date | None) -> tuple[dt.date | None, str | None]:
    """(period, None), or (None, ``unknown`` or ``differs``). What one text says twice must be cleared up by another."""
    texts: dict[tuple[str, str], list[PeriodMention]] = {}
    for item in evidence:
        if isinstance(item.says, PeriodMention):
            texts.setdefault((item.source, item.text), []).append(item.says)
    dated = [{m.as_of for m in mentions if m.as_of} for mentions in texts.values()]
    dated = [days for days in dated if days]
    undated = [mentions for mentions in texts.values() if not any(m.as_of for m in mentions)]
    if given:
        dated.append({given})
    candidates = set.intersection(*dated) if dated else set(calendar.open_periods())
    candidates = {day for day in candidates if all(any(_agrees(m, day) for m in mentions) for mentions in undated)}
    if len(candidates) == 1:
        return candidates.pop(), None
    return None, "differs" if dated else "unknown"


def _district(reading: Reading, tables: tuple[Table, ...], programme: Programme) -> tuple[str | None, Finding | None]:
    """The district, or F03. Rows left over from a bulletin hold many districts: then the other sources say whose return it is."""
    filled = [row for table in tables for row in table.rows if row.district and row.filled]
    rows = [Evidence("row", row.district, row.district) for row in filled if row.district]
    evidence = _strong((*reading.districts, *(e for table in tables for e in table.districts), *rows))
    texts: dict[tuple[str, str], set[str]] = {}
    for item in evidence:
        texts.setdefault((item.source, "" if item.source == "row" else item.text), set()).add(str(item.says))
    candidates = set.intersection(*texts.values()) if texts else set()
    if len(candidates) > 1:  # rows of others filled with 0 do not speak against the one that says something
        candidates &= {row.district for row in filled if row.district and _says_something(row)}
    if len(candidates) == 1:
        return candidates.pop(), None
    problem = "differs" if texts and not set.intersection(*texts.values()) else "unknown"
    return None, _unclear(programme, "F03", problem, evidence)


def _says_something(row: Row) -> bool:
    return any(entry.observed.strip() and entry.value != 0 for entry in row.entries)


def _unclear(programme: Programme, rule: str, problem: str, evidence: tuple[Evidence, ...]) -> Finding:
    words = Words(programme, "findings")
    seen = some((_told(item, words.table("evidence")) for item in evidence), "places", programme, joint="，")
    shown = seen or words.text("evidence.absent")
    return make_finding(
        programme, rule, observed=shown if seen else None, problem=words.table("problem")[problem], evidence=shown
    )


def _told(item: Evidence, words: Mapping[str, str]) -> str:
    if isinstance(item.says, NoPeriod):
        return words["no_end" if item.says.real else "no_day"].format(where=item.says.where, text=item.says.text)
    return words[item.source].format(text=item.text)


def _called(period: dt.date, calendar: Calendar) -> Finding | None:
    """F05: before the programme, too far ahead, or not called."""
    programme = calendar.programme
    words = Words(programme, "findings")
    if period < programme.start:
        problem = words.text("F05.before_start", start=period_label(programme.start, programme))
    elif period > calendar.last_open:
        problem = words.text("F05.too_early")
    elif not calendar.is_called(period):
        open_periods = "、".join(period_label(day, programme) for day in calendar.open_periods())
        problem = words.text("F05.not_called", open=open_periods or words.text("F05.no_open"))
    else:
        return None
    label = period_label(period, programme)
    return make_finding(programme, "F05", observed=label, period=label, problem=problem)
