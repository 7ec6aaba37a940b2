"""Runs that are killed, meet a bad disk, or come eight at once: ``make torture`` in small (bench/torture)."""

from __future__ import annotations

import os
import platform
from functools import partial
from multiprocessing.pool import ThreadPool
from pathlib import Path

import pytest

from bench.torture.crowd import crowd
from bench.torture.faults import ERRORS, INJECTED, KILLS, at_path, choose
from bench.torture.scene import Scene, make_scene, run_once, state_of
from bench.torture.trial import attempt, record_calls
from bench.torture.verdict import after_fault, after_next_run, lying_after
from tests.support.programs import STRACE, needs

POINTS, ROUNDS = 24, 2


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return make_scene(tmp_path_factory.mktemp("scene"))


@needs(STRACE)
def test_a_run_disturbed_at_any_system_call_is_made_good_by_the_next(scene: Scene, tmp_path: Path) -> None:
    calls = record_calls(scene, tmp_path)
    faults = [fault for actions in (KILLS, ERRORS) for fault in choose(calls, actions, POINTS // 2)]
    with ThreadPool(os.cpu_count()) as pool:  # each waits for processes
        trials = pool.map(partial(attempt, scene), faults, chunksize=1)
    assert [(str(trial.fault), trial.violations) for trial in trials if trial.violations] == []
    assert sum(trial.hit for trial in trials) >= 0.9 * POINTS


def test_of_eight_runs_at_once_each_file_is_taken_in_once(scene: Scene) -> None:
    assert [crowd(scene) for _ in range(ROUNDS)] == [[]] * ROUNDS


OUTBOX = "outbox/2025-03-31/.通报表_2025-03-31.xlsx.part"
ORIGINALS = "ledger/originals/{sha256}.{node}.part"
LEDGER, AHEAD, LOCK = "ledger/ledger.db", "ledger/ledger.db-wal", "ledger/annex2.lock"

FAULTS = {
    "a read-only outbox": ("worker", OUTBOX, "openat", "EROFS", "不能读写："),
    "a closed outbox": ("worker", OUTBOX, "openat", "EACCES", "不能读写："),
    "a full disk under the outbox": ("worker", OUTBOX, "write", "ENOSPC", "磁盘空间不足，不能写入："),
    "read-only originals": ("main", ORIGINALS, "openat", "EROFS", "不能读写："),
    "a full disk under the originals": ("main", ORIGINALS, "write", "ENOSPC", "磁盘空间不足，不能写入："),
    "a read-only ledger": ("main", LEDGER, "openat", "EROFS", "台账"),
    "a full disk under the ledger": ("main", AHEAD, "pwrite64", "ENOSPC", "磁盘空间不足，不能登记台账："),
    "a bad disk under the ledger": ("main", AHEAD, "pwrite64", "EIO", "台账读写出错："),
    "a read-only folder of the ledger": ("main", LOCK, "openat", "EROFS", "不能读写："),
}


@needs(STRACE)
@pytest.mark.parametrize("fault", FAULTS)
def test_what_keeps_a_run_from_its_work_is_told_and_the_next_run_does_it(scene: Scene, tmp_path: Path, fault: str) -> None:
    process, name, call, error, message = FAULTS[fault]
    workspace = scene.copy(tmp_path / "workspace")
    path = workspace / name.format(sha256=scene.received[0], node=platform.node())
    done = run_once(workspace, at_path(process, path, call, error, tmp_path / "log"))
    assert (done.status, message in done.said) == (2, True), done.said
    assert list(after_fault(scene, workspace, done)) == []
    assert after_next_run(scene, workspace, run_once(workspace), state_of(workspace)) == []


READS = {
    "a disk that fails under it": ("鹿城区_2025年第一季度.xlsx", "read", "EIO"),
    "no permission": ("鹿城区_2025年第一季度.xlsx", "openat", "EACCES"),
    "another of its district and period beside it": ("甲/文成县_2025年第一季度.xlsx", "openat", "EIO"),
}


@needs(STRACE)
@pytest.mark.parametrize("case", READS)
def test_a_file_that_cannot_be_read_stays_and_stops_no_other(scene: Scene, tmp_path: Path, case: str) -> None:
    workspace = scene.copy(tmp_path / "workspace")
    name, call, error = READS[case]
    path = workspace / "inbox" / name
    done = run_once(workspace, at_path("worker", path, call, error, tmp_path / "log"))
    assert INJECTED in (tmp_path / "log").read_text(encoding="utf-8")
    assert (done.status, path.exists()) == (1, True), done.said
    assert path.name in done.said
    assert list(after_fault(scene, workspace, done)) == []
    lying = lying_after(scene, workspace, done)
    assert after_next_run(scene, workspace, run_once(workspace), state_of(workspace), lying) == []


@needs(STRACE)
def test_a_disk_that_fails_once_a_file_is_read_changes_nothing(scene: Scene, tmp_path: Path) -> None:
    workspace = scene.copy(tmp_path / "workspace")
    path = workspace / "inbox" / "甲" / "文成县_2025年第一季度.xlsx"
    done = run_once(workspace, at_path("worker", path, "close", "EIO", tmp_path / "log"))
    assert INJECTED in (tmp_path / "log").read_text(encoding="utf-8")
    assert (done.status, lying_after(scene, workspace, done)) == (1, ()), done.said
    assert after_next_run(scene, workspace, done, state_of(workspace)) == []
