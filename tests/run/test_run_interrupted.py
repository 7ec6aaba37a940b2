"""Runs that are stopped anywhere: nothing is lost, nothing is counted twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from pipeline.ledger import originals, records
from pipeline.run import publishing, stages
from pipeline.workspace.workspace import Workspace
from tests.returns import file_name, write_return
from tests.support.workspaces import (
    NOW,
    drop,
    drop_return,
    left,
    rows,
    rules,
    run_now,
    spec,
    states,
    statuses,
    tree,
    workspace_at,
)

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    return workspace_at(tmp_path)


def test_interrupted_before_the_file_left_the_inbox_it_is_not_counted_twice(
    office: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = drop_return(office, "鹿城区")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            run_now(office)
    assert left(office) == [name]
    posted = rows(office, "select count(*) from submissions")
    outcome = run_now(office)
    assert posted == rows(office, "select count(*) from submissions") == [(1,)]
    assert outcome.files == ()
    assert left(office) == []
    assert states(office)["鹿城区"] == "审核通过"


def test_a_file_that_cannot_be_removed_is_counted_once_and_stops_nobody(
    office: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for district in ("鹿城区", "龙湾区"):
        drop_return(office, district)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", _deny)
        assert set(statuses(run_now(office)).values()) == {"accepted"}
    assert len(left(office)) == 2
    run_now(office)
    assert rows(office, "select count(*) from submissions") == [(2,)]
    assert left(office) == []


def test_interrupted_within_a_period_none_of_it_is_posted(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    for district in office.programme.district_names[:3]:
        drop_return(office, district)
    _run_stopped_at_the_second_file(office, monkeypatch)
    assert rows(office, "select count(*) from submissions") == [(0,)]
    assert len(left(office)) == 3
    assert sorted(statuses(run_now(office)).values()) == ["accepted"] * 3
    assert rows(office, "select count(*) from versions") == [(3,)]


def test_interrupted_between_rivals_the_next_run_still_knows_them_as_rivals(
    office: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (50, 51):
        made = spec(office.programme, "鹿城区", values=(20, number, 18, 8))
        drop(office, f"{number}/{file_name(made)}", write_return(made))
    _run_stopped_at_the_second_file(office, monkeypatch)
    later = run_now(office, now=NOW + dt.timedelta(hours=1))
    assert [rules(file) for file in later.files] == [["F17"], ["F17"]]
    assert set(statuses(later).values()) == {"pending"}


def _run_stopped_at_the_second_file(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    write = records.Posting.add
    written: list[object] = []

    def post(*arguments: Any) -> None:
        if written:
            raise KeyboardInterrupt
        written.append(arguments)
        write(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(records.Posting, "add", post)
        with pytest.raises(KeyboardInterrupt):
            run_now(office)


def test_interrupted_before_publishing_the_next_run_publishes(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    drop_return(office, "鹿城区")
    with monkeypatch.context() as patched:
        patched.setattr(publishing.Publisher, "start", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            run_now(office)
    assert not office.outbox.exists()
    assert run_now(office).folders == (office.outbox / "2025-03-31",)
    assert states(office)["鹿城区"] == "审核通过"


def test_interrupted_before_noting_what_was_published_the_products_are_the_same(
    office: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop_return(office, "鹿城区")
    with monkeypatch.context() as patched:
        patched.setattr(publishing.Publisher, "note", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            run_now(office)
    before = tree(office.outbox)
    assert run_now(office).folders == (office.outbox / "2025-03-31",)
    assert tree(office.outbox) == before
    assert run_now(office).folders == ()


def test_what_a_stopped_run_left_of_a_copy_is_written_over(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    drop_return(office, "鹿城区")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            run_now(office)
    originals = office.root / "ledger" / "originals"
    assert [path.suffix for path in originals.iterdir()] == [".part"]
    run_now(office)
    assert [path.suffix for path in originals.iterdir()] == [""]


def _interrupt(*_arguments: object, **_words: object) -> None:
    raise KeyboardInterrupt


def _deny(*_arguments: object, **_words: object) -> None:
    raise PermissionError(13, "denied")


def test_a_file_that_changes_while_it_is_judged_waits(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    name = drop_return(office, "鹿城区")
    other = drop_return(office, "龙湾区")
    keep = originals.keep_originals

    def late(ledger: Any, files: Sequence[tuple[Path, str]], *others: Any) -> set[Path]:
        drop(office, name, b"changed")
        return keep(ledger, files, *others)

    with monkeypatch.context() as patched:
        patched.setattr(stages, "keep_originals", late)
        found = statuses(run_now(office))
    assert found == {name: "waiting", other: "accepted"}
    assert left(office) == [name]
    assert rows(office, "select file from submissions") == [(other,)]


def test_a_file_that_goes_while_it_is_judged_stops_nobody(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    name = drop_return(office, "鹿城区")
    other = drop_return(office, "龙湾区")
    keep = originals.keep_originals

    def late(ledger: Any, files: Sequence[tuple[Path, str]], *others: Any) -> set[Path]:
        (office.inbox / name).unlink()
        return keep(ledger, files, *others)

    monkeypatch.setattr(stages, "keep_originals", late)
    assert statuses(run_now(office)) == {name: "waiting", other: "accepted"}


def test_a_rival_that_cannot_be_kept_now_keeps_the_other_waiting(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = originals.keep_originals
    drop_return(office, "龙湾区")
    for folder, number in (("甲", 50), ("乙", 51)):
        made = spec(office.programme, "鹿城区", values=(20, number, 18, 8))
        drop(office, f"{folder}/{file_name(made)}", write_return(made))

    def but_one(ledger: Any, files: Any, workers: Any = None) -> set[Path]:
        return {path for path in kept(ledger, files, workers) if path.parent.name != "甲"}

    with monkeypatch.context() as patched:
        patched.setattr(stages, "keep_originals", but_one)
        assert sorted(statuses(run_now(office)).values()) == ["accepted", "waiting", "waiting"]
    assert [rules(file) for file in run_now(office).files] == [["F17"], ["F17"]]
