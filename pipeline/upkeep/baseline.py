"""基期数: a consolidated table of an earlier time, taken over whole or not at all, every value with its cell."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.decisions import authorised
from pipeline.ledger.baselines import baselines, other_periods, resting
from pipeline.ledger.entries import LedgerEntry
from pipeline.ledger.issued import issues
from pipeline.ledger.lookup import history, in_force
from pipeline.ledger.originals import keep_originals
from pipeline.ledger.records import Posting, record_decision, register_originals, standing
from pipeline.model import Act, Decision, Entry, Finding, Grade, PeriodMention, Reading, Row, State, Status, Submission, Table
from pipeline.model.catalogue import make_finding, place_name
from pipeline.model.labels import date_label, period_label
from pipeline.model.view import SHOWN_ZONE
from pipeline.model.words import Words
from pipeline.model.work import silent
from pipeline.processes.pool import start_workers
from pipeline.processes.read_files import Item, start_reading
from pipeline.reading.values import is_preset_end
from pipeline.rules.column_meanings import settle
from pipeline.rules.judging.calendar import Calendar
from pipeline.rules.own_row import about_row
from pipeline.rules.place import contradiction
from pipeline.rules.totals import is_placeholder
from pipeline.run import Outcome, run_waiting
from pipeline.upkeep.neighbours import against_neighbours
from pipeline.workspace.known_around import calendar
from pipeline.workspace.workspace import Workspace
from schemas.programme import Programme

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pipeline.ledger.store import Ledger


class ImportRefused(Exception):
    """Nothing is taken over: ``lines`` say why, in Chinese."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = tuple(lines)
        super().__init__(*self.lines)


@dataclass(frozen=True)
class Imported:
    """Districts taken over, those without numbers in the table, and those whose baseline had these numbers already; ``asked`` is
    what was found about neighbours and confirmed."""

    districts: tuple[str, ...]
    without: tuple[str, ...]
    unchanged: tuple[str, ...] = ()
    asked: tuple[Finding, ...] = ()


def take_over(
    workspace: Workspace, path: Path, period: dt.date, by: str, now: dt.datetime, reason: str = ""
) -> tuple[Imported, Outcome]:
    """``import_baseline``, then judge again what is compared with the baseline: what was taken over, and what that changed."""
    with workspace.locked():
        imported = import_baseline(workspace, path, period, by, now, reason)
        return imported, run_waiting(workspace, now)


def import_baseline(workspace: Workspace, path: Path, period: dt.date, by: str, now: dt.datetime, reason: str = "") -> Imported:
    """Take the table in ``path`` over as what was accepted of every district for ``period``. The workspace is locked.

    ``reason`` confirms values below those of an earlier period or above those of a later one.
    Raises ImportRefused when any of it is not what it must be, decisions.Refused when ``by`` may not decide.
    """
    by, programme = authorised(by, workspace.settings.decide.names), workspace.programme
    reading = _read(workspace, path)
    with workspace.ledger() as ledger:
        with ledger.reading() as connection:
            days = calendar(connection, workspace, now)
            if flaw := _not_importable(period, days):
                raise ImportRefused([flaw])
            table = _table(reading, period, days)
            rows = _rows(table, programme)
            refused = [*_flaws(table, rows, period, programme), *_taken(connection, reading, rows, period, programme)]
            asked = tuple(against_neighbours(table, rows, history(connection, rows, period, period), period, programme))
            known = _unchanged(connection, rows, period)
        if asked and not reason.strip():
            refused += [*(_words(programme).text("import.neighbour", district=f.district, message=f.message) for f in asked)]
            refused.append(_words(programme).text("import.unconfirmed"))
        if refused:
            raise ImportRefused(refused)
        new = {name: row for name, row in rows.items() if name not in known}
        if new and not keep_originals(ledger, [(path, reading.sha256)]):
            raise ImportRefused([_words(programme).text("import.changed", file=path.name)])
        if new:
            _record(ledger, programme, reading, table, new, asked, period, by, now, reason.strip())
    without = tuple(name for name in programme.district_names if name not in rows)
    return Imported(tuple(new), without, tuple(known), asked)


def _words(programme: Programme) -> Words:
    return Words(programme, "messages")


def _read(workspace: Workspace, path: Path) -> Reading:
    with start_workers(1, workspace.programme) as workers:
        (reading,) = start_reading(workers, [Item(path, path.name)], workspace.programme, workspace.called, silent)()
    return reading


def _not_importable(period: dt.date, days: Calendar) -> str | None:
    """F05, but for the start: what is before the programme, or before anything was called, is what an import is for."""
    programme = days.programme
    words, label = Words(programme, "findings"), period_label(period, programme)
    earlier = not days.called or period < min(days.called)
    if period > days.today:
        problem = words.text("F05.too_early")
    elif period in days.called or (earlier and is_preset_end(period, programme.presets)):
        return None
    else:
        known = Words(programme, "messages").text("separator").join(period_label(day, programme) for day in sorted(days.called))
        problem = words.text("F05.not_called", open=known) if days.called else _words(programme).text("import.no_end")
    finding = make_finding(programme, "F05", observed=label, period=label, problem=problem)
    return finding.message


def _table(reading: Reading, period: dt.date, days: Calendar) -> Table:
    """The one table of the file, of this period or of none that is stated. Raises ImportRefused."""
    programme = days.programme
    words = _words(programme)
    if reading.findings:
        raise ImportRefused(f"{finding.message}{finding.fix}" for finding in reading.findings)
    filled = [table for table in reading.tables if any(row.filled for row in table.rows)]
    if len(filled) != 1:
        raise ImportRefused([words.text("import.tables", count=len(filled))])
    (table,) = filled
    mentions = (evidence.says for evidence in (*reading.periods, *table.periods))
    stated = {mention.as_of for mention in mentions if isinstance(mention, PeriodMention) and mention.as_of}
    if stated - {period}:
        named = "、".join(period_label(day, programme) for day in sorted(stated - {period}))
        raise ImportRefused([words.text("import.period", stated=named, period=period_label(period, programme))])
    if flaw := contradiction(reading, table, days, period):
        raise ImportRefused([f"{flaw.message}{flaw.fix}"])
    return settle(table, None, period, programme)


def _rows(table: Table, programme: Programme) -> dict[str, Row]:
    """district → its row, in form order; districts without numbers (blank, or 未报 in every cell) are left out."""
    found = {row.district: row for row in table.rows if row.district and row.filled and not _unreported(row, programme)}
    return {name: found[name] for name in programme.district_names if name in found}


def _unreported(row: Row, programme: Programme) -> bool:
    words = {record["text"] for record in Words(programme, "baseline").raw("unreported")}
    return all(entry.blank or entry.observed.strip() in words for entry in row.entries)


def _taken(
    connection: Connection, reading: Reading, rows: Mapping[str, Row], period: dt.date, programme: Programme
) -> Iterator[str]:
    """What is in the ledger already and not to be written over."""
    words, label = _words(programme), period_label(period, programme)
    if issues(connection, period):
        yield words.text("import.issued", period=label)
    for other in other_periods(connection, reading.sha256, period):
        yield words.text("import.same_file", period=period_label(other, programme))
    there, known = in_force(connection, period), baselines(connection, period)
    for name, row in rows.items():
        if name in there and not there[name].baseline:
            yield words.text("import.reported", district=name, period=label)
        elif name in known and _values(row) != known[name].values and (day := resting(connection, period, [known[name]])):
            yield words.text("import.resting", district=name, period=label, later=period_label(day, programme))


def _unchanged(connection: Connection, rows: Mapping[str, Row], period: dt.date) -> tuple[str, ...]:
    """Districts whose baseline in force has these numbers already."""
    known = baselines(connection, period)
    return tuple(name for name, row in rows.items() if name in known and known[name].values == _values(row))


def _values(row: Row) -> dict[str, int]:
    return {entry.indicator: entry.value for entry in row.entries if entry.value is not None}


def _flaws(table: Table, rows: Mapping[str, Row], period: dt.date, programme: Programme) -> Iterator[str]:
    """Everything that keeps the table from being taken over. Nobody is asked about a baseline: a query refuses it too."""
    words = _words(programme)
    if not rows:
        yield words.text("import.nothing")
    yield from (f"{flaw.message}{flaw.fix}" for flaw in table.flaws if flaw.grade != Grade.HINT)
    for row in table.rows:
        if row.filled and row.district is None and row.region.strip():
            yield words.text("import.stranger", region=row.region.strip(), row=row.number)
    for name in rows:
        if sum(row.filled and row.district == name for row in table.rows) > 1:
            yield words.text("import.twice", district=name)
    for name, row in rows.items():
        found = (finding for finding in about_row(table, row, programme) if finding.grade != Grade.HINT)
        yield from (words.text("import.row", district=name, message=finding.message, fix=finding.fix) for finding in found)
        yield from (_cell(row, entry, table, programme) for entry in row.entries if _doubtful(entry, programme))
    yield from _totals(table, rows, programme)


def _doubtful(entry: Entry, programme: Programme) -> bool:
    """No number, or one that would be asked about."""
    return entry.value is None or any(programme.rules[problem.rule].grade != Grade.HINT for problem in entry.problems)


def _cell(row: Row, entry: Entry, table: Table, programme: Programme) -> str:
    """What is wrong with a cell that is no number, or no certain one."""
    name = place_name(programme, entry.row, entry.column, addressed=table.addressed)
    rules = "、".join(programme.rules[problem.rule].name for problem in entry.problems)
    indicator = programme.indicator(entry.indicator).name
    shown = entry.observed.strip() or Words(programme, "findings").text("blank")
    whose = row.district or row.region.strip()
    return _words(programme).text("import.cell", cell=name, district=whose, indicator=indicator, seen=shown, rules=rules)


def _totals(table: Table, rows: Mapping[str, Row], programme: Programme) -> Iterator[str]:
    """A total that is stated must be the sum; a blank or a mark states none."""
    if table.total is None:
        return
    for entry in table.total.entries:
        if entry.value is None and not is_placeholder(entry) and not entry.blank:
            yield _cell(table.total, entry, table, programme)
        numbers = [e.value or 0 for row in rows.values() for e in row.entries if e.indicator == entry.indicator]
        if entry.value is not None and entry.value != sum(numbers):
            name = programme.indicator(entry.indicator).name
            yield _words(programme).text("import.total", indicator=name, stated=entry.value, sum=sum(numbers))


def _record(
    ledger: Ledger,
    programme: Programme,
    reading: Reading,
    table: Table,
    rows: Mapping[str, Row],
    asked: Sequence[Finding],
    period: dt.date,
    by: str,
    now: dt.datetime,
    reason: str,
) -> None:
    """One transaction: the original, a baseline of each district, and who took it over."""
    with ledger.writing() as connection:
        register_originals(connection, [(reading.sha256, reading.size)], now)
        entry = LedgerEntry(now)
        posting = Posting(connection, entry, programme.version, standing(connection, period))
        for name, row in rows.items():
            entries = tuple(dataclasses.replace(entry, problems=()) for entry in row.entries)
            findings = tuple(_confirmed(finding, by, now, programme) for finding in asked if finding.district == name)
            submission = Submission(reading, Status.BASELINE, now, name, period, table, entries, findings)
            posting.add(submission, f"import:{reading.sha256}:{period}:{name}:{now.isoformat()}")
        posting.finish()
        taken = Words(programme, "baseline").text("confirmed" if reason else "reason", file=reading.file, reason=reason)
        record_decision(connection, Decision(Act.IMPORT, by, now, taken, period=period, sha256=reading.sha256), entry)


def _confirmed(finding: Finding, by: str, now: dt.datetime, programme: Programme) -> Finding:
    said = Words(programme, "answers").text(
        "decided.approve", by=by, date=date_label(now.astimezone(SHOWN_ZONE).date(), programme)
    )
    return dataclasses.replace(finding, state=State.APPROVED, note=said)
