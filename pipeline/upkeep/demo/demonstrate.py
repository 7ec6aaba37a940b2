"""``annex2 demo``: a fresh workspace, sample returns of three periods dropped one after the other, the main job run on each."""

from __future__ import annotations

import datetime as dt
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.model.errors import OccupiedFolder
from pipeline.run import Outcome, run
from pipeline.workspace.workspace import Workspace, open_workspace

SAMPLES = Path(__file__).parent
MARK = ".annex2-demo"
"""Says that a folder is a demonstration and may be made anew."""


Report = Callable[[Workspace, str, int, tuple[Outcome, float] | None], None]


def demonstrate(folder: Path, programme: Path, now: dt.datetime, report: Report) -> Workspace:
    """Make ``folder`` a fresh workspace and run the main job on it, period by period.

    ``report`` is told each period with the number of its files before the run, and the outcome with its seconds after it.
    Raises OccupiedFolder when the folder holds something else.
    """
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise OccupiedFolder(str(folder))
        shutil.rmtree(folder)
    inbox = folder / "inbox"
    inbox.mkdir(parents=True)
    (folder / MARK).touch()
    workspace = open_workspace(folder, programme)
    for period in sorted(sample.name for sample in SAMPLES.iterdir() if sample.is_dir() and sample.name[:1].isdecimal()):
        files = sorted(file for file in (SAMPLES / period).iterdir() if file.is_file())
        for file in files:
            shutil.copyfile(file, inbox / file.name)
        report(workspace, period, len(files), None)
        begun = time.monotonic()
        outcome = run(workspace, None, now)
        report(workspace, period, len(files), (outcome, time.monotonic() - begun))
    return workspace
