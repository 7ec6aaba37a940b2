"""One fault, one more run, and what is wrong then."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.torture.faults import PROCESSES, Call, Fault, calls_of, recording, was_hit
from bench.torture.scene import Scene, run_once, state_of
from bench.torture.verdict import Violation, after_fault, after_next_run


@dataclass(frozen=True)
class Trial:
    """``status`` is how the disturbed run ended (None: it hung), ``hit`` whether the fault came about."""

    fault: Fault
    hit: bool
    status: int | None
    said: str
    violations: tuple[Violation, ...]


def record_calls(scene: Scene, folder: Path) -> list[Call]:
    """What each process of an undisturbed run calls."""
    calls = []
    for process in PROCESSES:
        log, workspace = folder / f"{process}.log", scene.copy(folder / process)
        done = run_once(workspace, recording(process, folder / f"{process}.mark", log))
        if done.status not in (0, 1):
            raise RuntimeError(f"a run under strace ended with {done.status}:\n{done.said}")
        calls += calls_of(process, log, workspace)
    return calls


def attempt(scene: Scene, fault: Fault) -> Trial:
    """In a fresh copy of the scene."""
    folder = Path(tempfile.mkdtemp(prefix="annex2-torture-"))
    try:
        log, workspace = folder / "log", scene.copy(folder / "workspace")
        disturbed = run_once(workspace, fault.strace(folder / "mark", log))
        found = list(after_fault(scene, workspace, disturbed))
        after = run_once(workspace)
        found += after_next_run(scene, workspace, after, state_of(workspace))
        return Trial(fault, was_hit(fault, log), disturbed.status, disturbed.said, tuple(found))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
