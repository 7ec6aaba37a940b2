"""A city's office in tests of what holds: files, runs and decisions one after the other, judged by one crew, without products."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pipeline import run as running
from pipeline.decisions import Refused, Request
from pipeline.decisions.record import record_request
from pipeline.model.view import DistrictRecord, FileRecord
from pipeline.processes.crew import Crew
from pipeline.run import rebuild, stages
from pipeline.run.looking import look
from pipeline.workspace.workspace import Workspace
from tests.support import copied_workspaces
from tests.support.filled_templates import fill, template
from tests.support.workspaces import MARCH, drop, workspace_at

START = dt.datetime(2025, 4, 3, 2, tzinfo=dt.UTC)
LUCHENG = "鹿城区"


@dataclass
class Bureau:
    """An office and its clock, which goes on by an hour with every act."""

    office: Workspace
    now: dt.datetime = START
    sent: dict[str, bytes] = field(default_factory=dict)

    def send(
        self,
        *values: int,
        period: dt.date = MARCH,
        district: str = LUCHENG,
        why: Sequence[Sequence[object]] = (),
        by: str = "张某",
        remark: str = "",
    ) -> str:
        """A template filled in with these values and lines of 情况说明; another ``by`` is another file. Its name."""
        name = f"{district}_{period}_{len(self.sent)}.xlsx"
        blank = template(self.office.programme, district, period, None)
        self.sent[name] = fill(blank, values, {"填报人": by, "补充说明": remark}, why, district=district)
        drop(self.office, name, self.sent[name])
        return name

    def send_again(self, name: str) -> None:
        """The same bytes once more."""
        drop(self.office, name, self.sent[name])

    def run(self) -> dict[str, FileRecord]:
        """By name, what this run took in or judged otherwise."""
        self.now += dt.timedelta(hours=1)
        return {file.file: file for file in running.run(self.office, None, self.now).files}

    def take(self, *values: int, **words: Any) -> FileRecord:
        """Sent and run: what became of the file."""
        name = self.send(*values, **words)
        return self.run()[name]

    def decide(self, act: str, period: dt.date = MARCH, district: str | None = LUCHENG, **words: Any) -> None:
        """Recorded, and what waits judged again, as the command does it. Raises Refused."""
        self.now += dt.timedelta(hours=1)
        given = {"by": "王某", "reason": "经研究同意", "basis": "来函", "district": district, "period": period, **words}
        with self.office.locked():
            with self.office.ledger() as ledger:
                record_request(ledger, self.office, Request(act, **given), self.now)
            running.run_waiting(self.office, self.now)

    def refused(self, act: str, **words: Any) -> str:
        """Why the decision is not taken."""
        with pytest.raises(Refused) as refused:
            self.decide(act, **words)
        return refused.value.text(self.office.programme)

    def record(self, period: dt.date = MARCH, district: str = LUCHENG) -> DistrictRecord:
        view = look(self.office, period)
        assert view
        return next(each for each in view.districts if each.district == district)

    def state(self, period: dt.date = MARCH, district: str = LUCHENG) -> str:
        return self.record(period, district).state

    def value(self, indicator: str = "enterprises", period: dt.date = MARCH) -> int | None:
        """In force; None without a version."""
        found = self.record(period)
        return found.values.get(indicator) if found.version else None

    def finding(self, rule: str, period: dt.date = MARCH) -> tuple[str, str | None, str | None]:
        """State, explanation and note of the latest return's finding of a rule; all empty where it has none."""
        latest = self.record(period).latest
        every = latest.findings if latest else ()
        return next(((str(f.state), f.explanation, f.note) for f in every if f.rule == rule), ("", None, None))


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    """One for all runs of the module."""
    with Crew() as kept:
        yield kept


@pytest.fixture
def one_crew(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, crew: Crew) -> None:
    """All runs of this process have the module's crew, but in tests that use ``commands``."""
    if "commands" not in request.fixturenames:
        monkeypatch.setattr(running, "Crew", lambda: _lent(crew))


@pytest.fixture
def ledger_alone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, one_crew: None) -> None:
    """For modules about what stands in the ledger: no product is made, but in tests that use ``products`` or ``commands``."""
    if {"products", "commands"}.isdisjoint(request.fixturenames):
        monkeypatch.setattr(stages, "Publisher", _NoProducts)
        monkeypatch.setattr(rebuild, "Publisher", _NoProducts)
        monkeypatch.setattr(copied_workspaces, "WITH_PRODUCTS", False)


@pytest.fixture
def products() -> None:
    """For a test of such a module that looks at products."""


@pytest.fixture
def commands() -> None:
    """For a test of such a module that starts commands: another process cannot have this one's crew."""


@pytest.fixture
def bureau(tmp_path: Path, ledger_alone: None) -> Bureau:
    return Bureau(workspace_at(tmp_path))


@contextmanager
def _lent(crew: Crew) -> Iterator[Crew]:
    """A run that fails may leave it with something half done: the next one has others."""
    with crew.ended_on_failure():
        yield crew


class _NoProducts:
    """In the publisher's place."""

    def __init__(self, *_: object) -> None:
        pass

    def start(self, editions: object) -> None: ...

    def start_outdated(self) -> None: ...

    def finish(self) -> tuple[Path, ...]:
        return ()

    def note(self) -> None: ...
