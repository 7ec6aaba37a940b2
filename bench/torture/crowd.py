"""Several runs at once on one workspace."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from bench.torture.scene import Scene, start_run, state_of
from bench.torture.verdict import SILENT, Violation, after_next_run
from schemas.programme import read_wording

RUNS = 8
BUSY = 2
"""The exit status of a run that waited in vain."""


def crowd(scene: Scene) -> list[Violation]:
    """All start together in a fresh copy of the scene; what is wrong once the last has ended."""
    folder = Path(tempfile.mkdtemp(prefix="annex2-crowd-"))
    try:
        workspace = scene.copy(folder / "workspace")
        every = [running.end() for running in [start_run(workspace) for _ in range(RUNS)]]
        locked = read_wording("messages")["locked"]
        found: list[Violation] = [
            (SILENT, f"one of them ended with {done.status}: {done.said[-300:]!r}")
            for done in every
            if done.status not in (0, 1) and (done.status, done.said.strip()) != (BUSY, locked)
        ]
        best = next((done for done in every if done.status in (0, 1)), every[0])
        return [*found, *after_next_run(scene, workspace, best, state_of(workspace))]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
