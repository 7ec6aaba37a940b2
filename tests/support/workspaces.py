"""Workspaces for tests: folders with returns in the inbox, run at a fixed time, and what stands in their ledgers."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import text

from pipeline.model.view import FileRecord
from pipeline.run import Outcome, run
from pipeline.workspace.workspace import Workspace, open_workspace
from schemas.programme import DEFAULT_PROGRAMME, Programme
from tests.returns import ReturnSpec, Value, file_name, write_return

NOW = dt.datetime(2025, 4, 3, 2, 0, tzinfo=dt.UTC)
"""Before any file of a test is made, so that every file counts as received now."""
MARCH, SEPTEMBER, DECEMBER = dt.date(2025, 3, 31), dt.date(2024, 9, 30), dt.date(2024, 12, 31)
NUMBERS = (20, 30, 18, 8)


def workspace_at(folder: Path, programme: Path = DEFAULT_PROGRAMME) -> Workspace:
    """The workspace at ``folder``, with an inbox."""
    (folder / "inbox").mkdir(parents=True, exist_ok=True)
    return open_workspace(folder, programme)


def numbers_of(programme: Programme, district: str) -> tuple[int, ...]:
    """NUMBERS of the first district; no two districts report the same (P03)."""
    first, second, *others = NUMBERS
    return (first, second + programme.district_names.index(district), *others)


def spec(
    programme: Programme, district: str, period: dt.date = MARCH, values: Sequence[Value] | None = None, **changes: Any
) -> ReturnSpec:
    """A return with values in programme order, else ``numbers_of`` the district; ``changes`` are other fields of ReturnSpec."""
    values = numbers_of(programme, district) if values is None else values
    return ReturnSpec(
        district, period, dict(zip(programme.indicator_ids, values, strict=True)), **({"programme": programme} | changes)
    )


def drop(workspace: Workspace, name: str, content: bytes) -> Path:
    """A file laid into the inbox."""
    target = workspace.inbox / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return target


def drop_return(
    workspace: Workspace, district: str, period: dt.date = MARCH, values: Sequence[Value] | None = None, **changes: Any
) -> str:
    """A return laid into the inbox under the name its office gives it; the name."""
    made = spec(workspace.programme, district, period, values, **changes)
    drop(workspace, file_name(made), write_return(made))
    return file_name(made)


def run_now(workspace: Workspace, given: dt.date | None = None, now: dt.datetime = NOW) -> Outcome:
    return run(workspace, given, now)


def by_name(outcome: Outcome) -> dict[str, FileRecord]:
    return {file.file: file for file in outcome.files}


def rules(file: FileRecord) -> list[str]:
    """What was found, but for T01: the numbers of the tests follow no plan."""
    return [finding.rule for finding in file.findings if finding.rule != "T01"]


def left(workspace: Workspace) -> list[str]:
    """What still lies in the inbox."""
    return sorted(path.name for path in workspace.inbox.rglob("*") if not path.is_dir() or path.is_symlink())


def age(path: Path, minutes: float) -> None:
    """Make a file last written so many minutes before NOW."""
    moment = NOW.timestamp() - minutes * 60
    os.utime(path, (moment, moment))


def rows(workspace: Workspace, query: str, **params: object) -> list[tuple[Any, ...]]:
    """What a query of the ledger's database gives; dates and times as text."""
    with workspace.ledger() as ledger, ledger.reading() as connection:
        found = connection.execute(text(query), params)
        return [tuple(str(each) if isinstance(each, dt.date) else each for each in row) for row in found]


VALUES_IN_FORCE = """
select v.district, v.period, v.number, o.indicator, o.value from versions v join observations o on o.version_id = v.id
where v.number = (select max(w.number) from versions w where w.district = v.district and w.period = v.period)
order by 1, 2, 4
"""

CONTENT = (
    "select sha256, size from originals order by 1",
    "select s.file, s.sha256, j.district, j.period, j.status, j.sheet, j.entries, j.undecided, j.rules_version "
    "from submissions s join judgements j on j.submission_id = s.id order by 1, 2",
    "select s.file, f.position, f.rule, f.grade, f.message, f.fix, f.sheet, f.cell, f.district, f.indicator, f.period, "
    "f.observed, f.expected, f.state from findings f join judgements j on j.id = f.judgement_id "
    "join submissions s on s.id = j.submission_id order by 1, 2",
    "select s.file, v.district, v.period, v.number, o.indicator, o.value, o.sheet, o.cell from versions v "
    "join observations o on o.version_id = v.id join judgements j on j.id = v.judgement_id "
    "join submissions s on s.id = j.submission_id order by 1, 2, 3, 4, 5",
)
"""The whole content of a ledger without its row numbers and times."""


def content(workspace: Workspace) -> list[list[tuple[Any, ...]]]:
    return [rows(workspace, query) for query in CONTENT]


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def statuses(outcome: Outcome) -> Mapping[str, str]:
    return {file.file: str(file.status) for file in outcome.files}


def report(office: Workspace, period: dt.date = MARCH) -> dict[str, Any]:
    """The period's report as it stands in the outbox."""
    name = office.programme.wording["outbox"]["files"]["report_json"].format(as_of=period)
    record: dict[str, Any] = json.loads((office.outbox / period.isoformat() / name).read_text(encoding="utf-8"))
    return record


def states(office: Workspace, period: dt.date = MARCH) -> dict[str, str]:
    return {entry["district"]: entry["state"] for entry in report(office, period)["districts"]}
