"""One fault, one more run, and what is wrong then."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.torture.faults import PROCESSES, Call, Fault, calls_of, is_confirmed, recording
from bench.torture.scene import Scene, run_once, state_of
from bench.torture.verdict import BROKEN, Violation, after_fault, after_next_run, lying_after

ENDED_SECONDS = 15
"""Orphans end once they notice; a busy machine takes its time."""


@dataclass(frozen=True)
class Trial:
    """``status`` is how the disturbed run ended (None: it hung), ``hit`` whether the fault is confirmed."""

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
        lying = lying_after(scene, workspace, disturbed)
        found += after_next_run(scene, workspace, run_once(workspace), state_of(workspace), lying)
        found += _left_behind(folder)
        return Trial(fault, is_confirmed(fault, log), disturbed.status, disturbed.said, tuple(found))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _left_behind(folder: Path) -> Iterator[Violation]:
    """Processes of the runs in ``folder`` that are still there a while later."""
    until = time.monotonic() + ENDED_SECONDS
    while found := _processes(str(folder).encode()):
        if time.monotonic() > until:
            yield BROKEN, f"processes left behind: {found}"
            for process in found:
                os.kill(process, signal.SIGKILL)
            return
        time.sleep(0.1)


def _processes(mention: bytes) -> list[int]:
    """Those that were started with a mention of it in their arguments or environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mention in process.joinpath("cmdline").read_bytes() + process.joinpath("environ").read_bytes():
                found.append(int(process.name))
    return found
