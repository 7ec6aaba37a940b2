"""Whatever the order of arrival, and however often it runs: the same ledger, the same outbox, byte for byte."""

from __future__ import annotations

import datetime as dt
import random
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from pipeline.run import Outcome
from pipeline.run.rebuild import rebuild
from pipeline.workspace.workspace import Workspace
from schemas.programme import Programme
from tests.returns import ReturnSpec, file_name, write_return
from tests.support.workspaces import (
    DECEMBER,
    MARCH,
    SEPTEMBER,
    VALUES_IN_FORCE,
    content,
    drop,
    rows,
    run_now,
    spec,
    statuses,
    tree,
    workspace_at,
)
from tests.upkeep import make_demo

Files = dict[str, bytes]


def _mixed(programme: Programme) -> dict[dt.date, list[ReturnSpec]]:
    """Three periods of five districts in several formats: good, faulty, falling, two rivals, one that says no period."""
    a, b, c, d, e = programme.district_names[:5]
    return {
        SEPTEMBER: [
            spec(programme, a, SEPTEMBER, (10, 20, 8, 4)),
            spec(programme, b, SEPTEMBER, (10, 21, 8, 4), fmt="ods"),
            spec(programme, c, SEPTEMBER, (10, "约20", 8, 4)),
        ],
        DECEMBER: [
            spec(programme, a, DECEMBER, (12, 20, 8, 4), fmt="xls"),
            spec(programme, b, DECEMBER, (9, 21, 8, 5), fmt="csv-gbk"),
            spec(programme, c, DECEMBER, (14, 24, 9, 5), layout="grouped"),
            spec(programme, d, DECEMBER, (3, 5, 2, 1)),
            spec(programme, d, DECEMBER, (3, 6, 2, 1), naming="final"),
        ],
        MARCH: [
            spec(programme, a, MARCH, (15, 26, 10, 5)),
            spec(programme, b, MARCH, (9, 22, 8, 5)),
            spec(programme, c, MARCH, (15, 23, 9, 6)),
            spec(programme, d, MARCH, (3, 6, 2, 1)),
            spec(programme, e, MARCH, (1, 2.5, 1, 0)),
        ],
    }


def _written(specs: Iterable[ReturnSpec]) -> Files:
    return {file_name(one): write_return(one) for one in specs}


@pytest.fixture(scope="module")
def mixed(programme: Programme) -> dict[dt.date, Files]:
    return {period: _written(specs) for period, specs in _mixed(programme).items()}


@pytest.fixture(scope="module")
def everything(mixed: dict[dt.date, Files], programme: Programme) -> Files:
    """All periods, a scan, a file without a period, and bytes sent twice under two names."""
    files: Files = {name: body for part in mixed.values() for name, body in part.items()}
    first = next(iter(mixed[MARCH].values()))
    lost = write_return(spec(programme, programme.district_names[5], MARCH, layout="period_nowhere"))
    return {**files, "盖章件.pdf": make_demo.sealed_page(), "附件2.xlsx": lost, "副本 (1).xlsx": first}


def filled(folder: Path, files: Iterable[tuple[str, bytes]]) -> Workspace:
    office = workspace_at(folder)
    for name, body in files:
        drop(office, name, body)
    return office


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory, everything: Files) -> Workspace:
    """Everything dropped in the order of the names, and run once."""
    office = filled(tmp_path_factory.mktemp("reference"), sorted(everything.items()))
    run_now(office)
    return office


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_arrival_changes_nothing(tmp_path: Path, everything: Files, reference: Workspace, seed: int) -> None:
    shuffled = list(everything.items())
    random.Random(seed).shuffle(shuffled)
    office = filled(tmp_path, shuffled)
    run_now(office)
    assert content(office) == content(reference)
    assert tree(office.outbox) == tree(reference.outbox)


def test_the_reference_holds_every_kind_of_file(reference: Workspace) -> None:
    found = {status for (status,) in rows(reference, "select distinct status from judgements")}
    assert found == {"accepted", "pending", "returned", "duplicate", "attachment"}


def test_a_second_run_changes_nothing(reference: Workspace) -> None:
    before, shown = content(reference), tree(reference.outbox)
    outcome = run_now(reference, now=dt.datetime(2025, 5, 6, tzinfo=dt.UTC))
    assert outcome.files == ()
    assert content(reference) == before
    assert tree(reference.outbox) == shown


def test_a_deleted_outbox_is_rebuilt_byte_for_byte(reference: Workspace) -> None:
    before = tree(reference.outbox)
    shutil.rmtree(reference.outbox)
    folders = rebuild(reference, None)
    assert tree(reference.outbox) == before
    assert {folder.name for folder in folders} == {path.name for path in reference.outbox.iterdir()}


def test_rebuilding_over_what_is_there_changes_nothing(reference: Workspace) -> None:
    before = tree(reference.outbox)
    rebuild(reference, None)
    assert tree(reference.outbox) == before


def test_the_same_files_all_again_change_no_value(tmp_path: Path, everything: Files, reference: Workspace) -> None:
    office = filled(tmp_path, everything.items())
    run_now(office)
    filled(tmp_path, everything.items())
    again = statuses(run_now(office))
    assert rows(office, VALUES_IN_FORCE) == rows(reference, VALUES_IN_FORCE)
    assert "accepted" not in again.values()


def _judged(outcomes: Iterable[Outcome]) -> dict[str, tuple[str, dict[str, int | None], list[tuple[str, str | None]]]]:
    """Each file's status, values and findings."""
    return {
        file.file: (str(file.status), dict(file.values), [(f.rule, f.cell) for f in file.findings])
        for outcome in outcomes
        for file in outcome.files
    }


def test_several_periods_at_once_are_several_periods_one_after_the_other(tmp_path: Path, mixed: dict[dt.date, Files]) -> None:
    together = filled(tmp_path / "together", [item for part in mixed.values() for item in part.items()])
    at_once = _judged([run_now(together)])
    apart = workspace_at(tmp_path / "apart")
    outcomes = []
    for _, part in sorted(mixed.items()):
        filled(apart.root, part.items())
        outcomes.append(run_now(apart))
    assert at_once == _judged(outcomes)
    assert rows(together, VALUES_IN_FORCE) == rows(apart, VALUES_IN_FORCE)
    reports = {name: body for name, body in tree(together.outbox).items() if name.endswith(".json")}
    assert reports == {name: body for name, body in tree(apart.outbox).items() if name.endswith(".json")}


def test_each_period_s_products_depend_on_it_and_earlier_ones_only(tmp_path: Path, mixed: dict[dt.date, Files]) -> None:
    office = filled(tmp_path, mixed[SEPTEMBER].items())
    run_now(office)
    before = tree(office.outbox / SEPTEMBER.isoformat())
    filled(tmp_path, mixed[DECEMBER].items())
    run_now(office)
    rebuild(office, None)
    assert tree(office.outbox / SEPTEMBER.isoformat()) == before
