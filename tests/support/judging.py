"""From a return to its findings, without ledger and command line: what the tests of layout and checks share."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.model import Accepted, Cell, Grid, History, Kind, Known, Reading, Seen, Status, Submission, Table
from pipeline.reading.layout import find_tables
from pipeline.reading.read import read_submission
from pipeline.rules.judging.batch import check_batch, run_batch
from pipeline.rules.judging.calendar import Calendar
from pipeline.rules.place import Placed, place
from schemas.programme import Programme, load_programme
from tests.returns import ReturnSpec, file_name, write_return

PROGRAMME = load_programme()
JUNE, SEPTEMBER, DECEMBER, MARCH = (dt.date(*day) for day in ((2024, 6, 30), (2024, 9, 30), (2024, 12, 31), (2025, 3, 31)))
TODAY = dt.date(2025, 4, 3)
NOW = dt.datetime(2025, 4, 3, 1, 0, tzinfo=dt.UTC)
OWN = {"enterprises": 8, "projects": 12, "transfers": 7, "institutes": 3}
LUCHENG = "鹿城区"
GOOD = ReturnSpec(LUCHENG, JUNE, OWN)
"""A return that no rule minds."""


def spec(**changes: Any) -> ReturnSpec:
    """``GOOD`` with other fields; ``values`` are laid over its own."""
    values = {**GOOD.values, **changes.pop("values", {})}
    return dataclasses.replace(GOOD, values=values, **changes)


def calendar(programme: Programme = PROGRAMME, called: Sequence[dt.date] = (), today: dt.date = TODAY) -> Calendar:
    return Calendar(programme, today, frozenset(called))


def read(return_spec: ReturnSpec, name: str | None = None) -> Reading:
    """The return written to bytes and read again, under its own file name or another."""
    return read_submission(name or file_name(return_spec), write_return(return_spec), return_spec.programme)


def placed(return_spec: ReturnSpec, name: str | None = None, **options: Any) -> Placed:
    given = options.pop("given", None)
    return place(read(return_spec, name), calendar(return_spec.programme, **options), given)


def history(*accepted: tuple[str, dt.date, Sequence[int]], programme: Programme = PROGRAMME) -> History:
    """The ledger as (district, period, values in programme order)."""
    known: History = {}
    for district, period, values in accepted:
        known.setdefault(district, {})[period] = Accepted(1, dict(zip(programme.indicator_ids, values, strict=True)))
    return known


def check(return_spec: ReturnSpec, *, name: str | None = None, ledger: History | None = None, **options: Any) -> Submission:
    """One return judged alone."""
    files = [(placed(return_spec, name, **options), NOW)]
    return check_batch(files, Known({}, ledger or {}), calendar(return_spec.programme))[0]


def run(
    files: Sequence[Placed], *, seen: Mapping[str, tuple[Seen, ...]] | None = None, ledger: History | None = None
) -> list[Submission]:
    """A run's files judged together, in this order."""
    return run_batch([(file, NOW) for file in files], Known(seen or {}, ledger or {}), calendar())


def every_rule(submission: Submission | Placed) -> list[str]:
    return [finding.rule for finding in submission.findings]


def rules(submission: Submission | Placed) -> list[str]:
    """What was found, but for T01: the numbers of the tests follow no plan."""
    return [rule for rule in every_rule(submission) if rule != "T01"]


def serious(submission: Submission) -> list[str]:
    """Rules of errors and queries: what a good return has none of."""
    return [finding.rule for finding in submission.findings if finding.grade != "hint"]


def at(submission: Submission) -> list[tuple[str, str | None]]:
    """(rule, cell) of errors and queries."""
    return [(finding.rule, finding.cell) for finding in submission.findings if finding.grade != "hint"]


def values(submission: Submission) -> tuple[int | None, ...]:
    return tuple(entry.value for entry in submission.entries)


def seen(return_spec: ReturnSpec, status: Status, **fields: Any) -> dict[str, tuple[Seen, ...]]:
    """The ledger has these bytes already."""
    sha256 = hashlib.sha256(write_return(return_spec)).hexdigest()
    known = {"district": return_spec.district, "period": return_spec.period, "status": status, "received": NOW, **fields}
    return {sha256: (Seen(**known),)}


def grid(*lines: Sequence[object], name: str = "附件2", **fields: Any) -> Grid:
    """A sheet row by row, from A1 on: texts, numbers, None for blanks."""
    cells = {(r, c): _cell(v) for r, line in enumerate(lines, 1) for c, v in enumerate(line, 1) if v is not None}
    return Grid(name, cells, **fields)


def _cell(value: object) -> Cell:
    if isinstance(value, Cell):
        return value
    return Cell(Kind.NUMBER, str(value), value) if isinstance(value, int) else Cell(Kind.TEXT, str(value))


def reading(*grids: Grid, name: str = "鹿城区_2024年6月.xlsx", programme: Programme = PROGRAMME) -> Reading:
    """Sheets as the reading of a file of this name."""
    tables: list[Table] = [table for sheet in grids for table in find_tables(sheet, programme)]
    evidence = read_submission(name, b"", programme)
    return dataclasses.replace(
        evidence, findings=(), tables=tuple(tables), sha256=hashlib.sha256(repr(grids).encode()).hexdigest()
    )


def check_grid(*grids: Grid, name: str = "鹿城区_2024年6月.xlsx", ledger: History | None = None) -> Submission:
    files = [(place(reading(*grids, name=name), calendar()), NOW)]
    return check_batch(files, Known({}, ledger or {}), calendar())[0]
