"""Each stage made to raise for one of thirteen files: that file is F18, the other twelve are accepted, in one run."""

from __future__ import annotations

import datetime as dt
import functools
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli.failures import log_into
from pipeline.ledger import records
from pipeline.model import Status
from pipeline.model.allowance import Allowance
from pipeline.processes import judging as judging_stage
from pipeline.processes import read_files as reader
from pipeline.rules.judging import batch
from pipeline.rules.place import place
from pipeline.run import stages
from pipeline.run.checking import check
from pipeline.workspace import known_around as context
from pipeline.workspace.workspace import Workspace
from tests.returns import write_return
from tests.support import hostile
from tests.support.hostile_checks import settle_but
from tests.support.workspaces import MARCH, NOW, by_name, drop, left, rows, rules, run_now, spec, states, statuses, workspace_at

BAD = "瓯海区"

Break = Callable[[pytest.MonkeyPatch], None]


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    return workspace_at(tmp_path)


def drop_returns(office: Workspace, count: int = 13) -> list[str]:
    """A return of each of the first districts that no rule minds; their names, that of BAD's first."""
    names = []
    for number, district in enumerate(office.programme.district_names[:count]):
        made = spec(office.programme, district, MARCH, (4, 10 + number, 5, 3))
        names.append(f"{district}2025年3月.xlsx")
        drop(office, names[-1], write_return(made))
    return sorted(names, key=lambda name: not name.startswith(BAD))


def _raise_for(function: Callable[..., Any], name_of: Callable[..., str]) -> Callable[..., Any]:
    """The function, but it raises where the file is BAD's."""

    def broken(*arguments: Any, **words: Any) -> Any:
        if name_of(*arguments).startswith(BAD):
            raise ZeroDivisionError("broken on purpose")
        return function(*arguments, **words)

    return broken


def reading(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reader, "read_files", hostile.read_files_but_one)


def reading_together(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reader, "read_files", hostile.read_files_or_nothing)


def placing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(context, "place", _raise_for(place, lambda reading, *_: reading.file))


def judging(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(batch, "_submission", _raise_for(batch._submission, lambda placed, *_: placed.reading.file))


def posting(patch: pytest.MonkeyPatch) -> None:
    def accepted(_posting: object, _judgement: int, submission: Any) -> str:
        return submission.reading.file if submission.status is Status.ACCEPTED else ""

    patch.setattr(records.Posting, "_version", _raise_for(records.Posting._version, accepted))


STAGES: dict[str, Break] = {each.__name__: each for each in (reading, reading_together, placing, judging, posting)}


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_that_raises_for_one_file_costs_this_file_alone(
    office: Workspace, monkeypatch: pytest.MonkeyPatch, stage: str, caplog: pytest.LogCaptureFixture
) -> None:
    bad, *good = drop_returns(office)
    with monkeypatch.context() as patch:
        STAGES[stage](patch)
        outcome = run_now(office)
    found = by_name(outcome)
    assert {str(found[name].status) for name in good} == {"accepted"}
    assert (str(found[bad].status), rules(found[bad])) == ("returned", ["F18"])
    assert not any(found[bad].values.values())
    assert bad in caplog.text
    assert left(office) == []
    assert (office.root / "ledger" / "originals" / found[bad].sha256).read_bytes()
    assert rows(office, "select count(*) from versions") == [(12,)]


@pytest.mark.parametrize("stage", STAGES)
def test_it_is_judged_again_by_the_next_run(office: Workspace, monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    bad, *_ = drop_returns(office)
    with monkeypatch.context() as patch:
        STAGES[stage](patch)
        run_now(office)
        assert run_now(office).files == ()  # nothing else is said of it, as long as it is so
    assert statuses(run_now(office)) == {bad: "accepted"}
    assert set(states(office).values()) == {"审核通过"}


@pytest.mark.parametrize("stage", [reading, placing, judging])
def test_check_is_isolated_as_well(office: Workspace, monkeypatch: pytest.MonkeyPatch, stage: Break) -> None:
    bad, *_ = drop_returns(office)
    stage(monkeypatch)
    paths = sorted(office.inbox.iterdir())
    found = {path.name: file for path, file in zip(paths, check(office, paths, None, NOW).files, strict=True)}
    assert {name for name, file in found.items() if file.status is Status.ACCEPTED} == {path.name for path in paths} - {bad}
    assert rules(found[bad]) == ["F18"]


def test_a_file_whose_place_nobody_knew_does_not_come_after_a_later_one(
    office: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(office, f"{BAD}.xlsx", write_return(spec(office.programme, BAD, MARCH, (3, 9, 5, 2))))
    with monkeypatch.context() as patch:
        reading(patch)
        assert [(file.district, file.period, rules(file)) for file in run_now(office).files] == [(BAD, None, ["F18"])]
        drop(office, "再报.xlsx", write_return(spec(office.programme, BAD, MARCH, (4, 10, 5, 3))))
        assert statuses(run_now(office, now=NOW + dt.timedelta(hours=1))) == {"再报.xlsx": "accepted"}
    assert run_now(office, now=NOW + dt.timedelta(hours=2)).files == ()
    assert rows(office, "select number, value from versions join observations on version_id = id order by value") == [
        (1, 3), (1, 4), (1, 5), (1, 10)
    ]  # fmt: skip


def test_a_file_whose_place_nobody_knew_is_judged_once_it_can_be(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(office, f"{BAD}.xlsx", write_return(spec(office.programme, BAD, MARCH, (4, 10, 5, 3))))
    with monkeypatch.context() as patch:
        reading(patch)
        run_now(office)
    assert statuses(run_now(office)) == {f"{BAD}.xlsx": "accepted"}
    assert states(office)[BAD] == "审核通过"


def test_a_log_that_cannot_be_written_costs_no_file(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, *good = drop_returns(office)
    (office.root / "annex2.log").mkdir()
    root = logging.getLogger()
    before = list(root.handlers)
    log_into(office.root)
    try:
        with monkeypatch.context() as patch:
            reading(patch)
            found = by_name(run_now(office))
    finally:
        root.handlers[:] = before
    assert {str(found[name].status) for name in good} == {"accepted"}
    assert rules(found[bad]) == ["F18"]


@pytest.mark.parametrize("act", ["spin", "exit"])
def test_a_file_over_which_the_judge_ends_costs_itself_alone(
    office: Workspace, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    bad, *good = drop_returns(office, 4)
    monkeypatch.setattr(stages, "settle_run", functools.partial(settle_but, act))
    monkeypatch.setattr(judging_stage, "for_judging", lambda *_: Allowance(1.0, 60.0, 600 << 20))
    assert statuses(run_now(office)) == {bad: "returned", **dict.fromkeys(good, "accepted")}
    assert left(office) == []
