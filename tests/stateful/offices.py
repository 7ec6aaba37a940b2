"""Offices at work in this process: the product's own use cases at a time that is given, fast enough for thousands of events.

Nothing is forked: files are read, judged and issued where the test runs. The products of a period are not made unless they are
asked for; what is issued is made and frozen as ever.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Connection, select, text

import pipeline.decisions.record
import pipeline.issue.gate.acceptance
import pipeline.processes.pool
import pipeline.rules.judging.judge
import pipeline.run
import pipeline.run.looking
import pipeline.run.rebuild
from pipeline.decisions import Refused, Request
from pipeline.issue.issuing import Issued, Order
from pipeline.ledger import tables as t
from pipeline.ledger.all_versions import versions
from pipeline.ledger.entries import entry_by
from pipeline.ledger.store import Ledger
from pipeline.model import Status
from pipeline.model.view import DistrictRecord, PeriodView
from pipeline.model.work import put_at_hand
from pipeline.processes.crew import Crew
from pipeline.processes.publish import Published, publish_period, publish_unplaced_files
from pipeline.rules.judging.verdicts import Verdicts
from pipeline.run import Outcome
from pipeline.workspace.workspace import Workspace, open_workspace
from schemas.programme import Programme, load_programme

if TYPE_CHECKING:
    import pandas as pd

    from schemas.observations import Kept

BY, BASIS = "张三", "2025年4月18日来函"
RIVALS = ("F17", None)
"""Of several files that came together none is the latest."""
TABLES = (
    "submissions",
    "judgements",
    "findings",
    "versions",
    "observations",
    "decisions",
    "retractions",
    "explanations",
    "issues",
)
"""What must not grow where nothing happened."""


@functools.cache
def small_programme() -> Programme:
    """The programme with its first three districts and without the notice, which takes longer than all the rest of an issue."""
    whole = load_programme()
    return dataclasses.replace(whole, districts=whole.districts[:3], notices={}, rank_groups=None)


def _done(function: Callable[..., Any], args: Sequence[Any]) -> Future[Any]:
    """A task that is done when it is handed over."""
    done: Future[Any] = Future()
    try:
        done.set_result(function(*args))
    except Exception as error:
        done.set_exception(error)
    return done


class _Here:
    """Workers that are this process. ``products``: whether products that nobody issues are made."""

    def __init__(self, products: bool) -> None:
        self._products = products

    def schedule(self, function: Callable[..., Any], args: Any = (), allowance: Any = None, fresh: bool = False) -> Any:
        if not self._products and function in (publish_period, publish_unplaced_files):
            return _done(Published, (args[0], ()))
        return _done(function, args)


def _crew(products: bool) -> type[Crew]:
    class Here(Crew):
        """A judge and workers that are this process."""

        def judge(self) -> Any:
            return self

        def submit(self, task: Callable[..., Any], *arguments: Any, allowance: Any = None) -> None:
            self._task = _done(task, arguments)

        def result(self) -> Any:
            return self._task.result()

        def workers(self, programme: Programme, count: int) -> Any:
            put_at_hand(programme)
            return _Here(products)

    return Here


def _plain_verdicts(frame: pd.DataFrame, rules: Mapping[str, Kept], programme: Programme) -> Verdicts:
    """The rules' verdicts without pandera around them, which takes five times as long for three rows."""
    result = Verdicts({}, {})
    for rule, kept in rules.items():
        result.note(rule, frame[~kept(frame, programme).fillna(True).astype(bool)])
    return result


@contextmanager
def in_this_process(products: bool = False) -> Iterator[None]:
    """Within the block every office works in this process."""

    @contextmanager
    def workers(_count: int, programme: Programme) -> Iterator[_Here]:
        put_at_hand(programme)
        yield _Here(products)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline.run, "Crew", _crew(products))
        patch.setattr(pipeline.run.rebuild, "start_workers", workers)
        patch.setattr(pipeline.rules.judging.judge, "verdicts", _plain_verdicts)
        if not products:
            patch.setattr(pipeline.issue.gate.acceptance, "write_docs", lambda *_: None)
        yield


@dataclass(frozen=True)
class Told:
    """What a district's state in a period is told to be. ``open`` are (rule, indicator, state) of errors and queries of the file
    in force and of the latest one, with their files' sha256."""

    state: str
    marks: tuple[str, ...]
    version: int | None
    values: Mapping[str, int | None]
    current: tuple[str, Mapping[tuple[str, str | None], str]] | None
    latest: tuple[str, Mapping[tuple[str, str | None], str]] | None
    waiting: bool
    """The latest file is not accepted."""


@dataclass
class Office:
    """One workspace with its ledger."""

    root: Path
    originals: str | None = None
    url: str | None = None
    workspace: Workspace = field(init=False)
    _ledger: Ledger | None = field(init=False, default=None)
    _seen: tuple[int, int] = field(init=False, default=(0, 0))
    _told: dict[dt.date, dict[str, Told]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        (self.root / "inbox").mkdir(parents=True, exist_ok=True)
        own = [f'url = "{self.url}"'] if self.url else []
        own += [f'originals = "{self.originals}"'] if self.originals else []
        settings = ["[book]", "versions = 0", "[ledger]", *own]
        (self.root / "settings.toml").write_text("\n".join(settings) + "\n", encoding="utf-8")
        self.workspace = open_workspace(self.root)
        vars(self.workspace)["programme"] = small_programme()

    def send(self, files: Mapping[str, bytes]) -> None:
        for name, content in files.items():
            (self.workspace.inbox / name).write_bytes(content)

    def run(self, now: dt.datetime) -> Outcome:
        return pipeline.run.run(self.workspace, None, now)

    def decide(self, request: Request, now: dt.datetime) -> str | None:
        return self.decide_together((request,), now)

    def decide_together(self, requests: Sequence[Request], now: dt.datetime) -> str | None:
        """As the command does it; what it is refused for, None where it is recorded."""
        with self.workspace.locked():
            try:
                with self.workspace.ledger() as ledger:
                    pipeline.decisions.record.record_requests(ledger, self.workspace, requests, now)
            except Refused as refused:
                return self._told_why(refused)
            pipeline.run.run_waiting(self.workspace, now)
        return None

    def _told_why(self, refused: Refused) -> str:
        assert refused.text(self.workspace.programme)
        return refused.problem

    def issue(self, period: dt.date, missing: Sequence[str], now: dt.datetime) -> tuple[Issued | None, str]:
        """What was issued, or why not: the problem it is refused for, or the rules of the gate that are not met."""
        try:
            issued = pipeline.run.rebuild.issue_period(self.workspace, Order(period, BY, "经研究同意", tuple(missing)), now)
        except Refused as refused:
            return None, self._told_why(refused)
        refusals = issued.acceptance.refusals if issued.acceptance else ()
        return (issued if issued.folder else None), "、".join(sorted({check.rule for check in refusals}))

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """What is asked again and again is asked of a ledger that stays open; the product opens its own."""
        if self._ledger is None:
            self._ledger = self.workspace.ledger()
        with self._ledger.reading() as connection:
            yield connection

    def close(self) -> None:
        if self._ledger is not None:
            self._ledger.engine.dispose()

    def in_force(self, until: dt.datetime | None = None) -> dict[tuple[str, dt.date], dict[str, int]]:
        """What ``history`` answers, now or as of a time: one set of values for each place."""
        found: dict[tuple[str, dt.date], dict[str, int]] = {}
        with self._reading() as connection:
            up_to = entry_by(connection, until) if until else None
            for version in versions(connection, self.workspace.programme, up_to=up_to):
                if version.in_force:
                    place = (version.district, version.period)
                    assert place not in found, f"two values in force for {place}"
                    found[place] = {indicator: stated.value for indicator, stated in version.values.items()}
        return found

    def told(self) -> dict[dt.date, dict[str, Told]]:
        """What ``status`` says of the districts, by period. Looked at again is what was judged or decided about since."""
        with self._reading() as connection:
            judged = select(t.judgements.c.id, t.judgements.c.period).where(t.judgements.c.id > self._seen[0])
            decided = select(t.decisions.c.id, t.decisions.c.period).where(t.decisions.c.id > self._seen[1])
            new = [[tuple(row) for row in connection.execute(query)] for query in (judged, decided)]
        self._seen = (max([self._seen[0], *(n for n, _ in new[0])]), max([self._seen[1], *(n for n, _ in new[1])]))
        for period in sorted({period for rows in new for _, period in rows if period}):
            self._told[period] = {record.district: _told(record) for record in self.view(period).districts}
        return self._told

    def view(self, period: dt.date) -> PeriodView:
        view = pipeline.run.looking.look(self.workspace, period)
        assert view
        return view

    def issued(self) -> dict[dt.date, list[dict[str, dict[str, int]]]]:
        """The values of every bulletin by period, oldest first."""
        i, v = t.issues.c, t.issued_values.c
        found: dict[dt.date, list[dict[str, dict[str, int]]]] = {}
        with self._reading() as connection:
            every = connection.execute(select(i.decision_id, i.period).order_by(i.decision_id)).all()
            rows = connection.execute(select(v.issue_id, v.district, v.indicator, v.value)).all()
        for issue, period in every:
            values: dict[str, dict[str, int]] = {}
            for _, district, indicator, value in (row for row in rows if row.issue_id == issue):
                values.setdefault(district, {})[indicator] = value
            found.setdefault(period, []).append(values)
        return found

    def frozen(self) -> dict[str, bytes]:
        """Every product that was ever issued, as the ledger gives it back."""
        from pipeline.issue.in_place import restore_issues

        with self.workspace.ledger() as ledger:
            folders = restore_issues(ledger, self.workspace)
        paths = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
        return {str(path.relative_to(self.workspace.outbox)): path.read_bytes() for path in paths}

    def grown(self) -> dict[str, int]:
        """How much is recorded."""
        with self._reading() as connection:
            counted = {name: connection.execute(text(f"select count(*) from {name}")).scalar_one() for name in TABLES}
        return {name: int(count) for name, count in counted.items()}

    def left(self) -> list[str]:
        return sorted(path.name for path in self.workspace.inbox.iterdir())


def _told(record: DistrictRecord) -> Told:
    values = record.values if record.version else {}
    waiting = record.latest is not None and record.latest.status != Status.ACCEPTED
    found = _findings(record.current), _findings(record.latest)
    return Told(record.state, record.marks, record.version, dict(values), *found, waiting)


def _findings(file: Any) -> tuple[str, Mapping[tuple[str, str | None], str]] | None:
    if file is None:
        return None
    found = {(f.rule, f.indicator): str(f.state) for f in file.findings if f.grade != "hint"}
    return ("", {RIVALS: found[RIVALS]}) if RIVALS in found else (file.sha256, found)
