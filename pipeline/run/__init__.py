"""The one place that puts the stages in order: inbox → readings → checks → ledger → outbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.model.work import Progress, silent
from pipeline.processes.crew import Crew
from pipeline.reading.inbox import Arrival, Ripe, everything, scan
from pipeline.reading.unreadable import limits_of
from pipeline.run.outcome import Outcome, stays
from pipeline.run.taking import take
from pipeline.workspace.workspace import Workspace

__all__ = ["Outcome", "run", "run_waiting", "run_with"]


def run(workspace: Workspace, given: dt.date | None, now: dt.datetime, progress: Progress = silent) -> Outcome:
    """The main job on everything in the inbox, and on what waits in the ledger. One bad file never stops the others.

    ``given`` is the period of files that state none, ``now`` is UTC. Raises WorkspaceBusy, SettingsError, ProgrammeError, and
    OSError when the workspace cannot be read or written.
    """
    with Crew() as crew:
        workspace.inbox.mkdir(parents=True, exist_ok=True)
        return run_with(crew, workspace, given, now, progress)


def run_with(
    crew: Crew,
    workspace: Workspace,
    given: dt.date | None,
    now: dt.datetime,
    progress: Progress = silent,
    ripe: Ripe = everything,
) -> Outcome:
    """``run`` by a crew that may be at work already, on the files that are ``ripe``: the others are left for a later run.

    The inbox is not made: one that has gone away must not be taken for an empty one. Raises FileNotFoundError as well.
    """
    crew.judge()  # begins to import before anything else
    with workspace.locked(), workspace.staging() as staging, crew.ended_on_failure():
        arrivals = [arrival for arrival in scan(workspace.inbox, limits_of(workspace.programme), now) if ripe(arrival.path)]
        taken = [arrival for arrival in arrivals if not arrival.stays]
        outcome = _run(crew, workspace, taken, given, now, progress, ripe, staging)
    stayed = [stays(arrival, None, workspace) for arrival in arrivals if arrival.stays]
    return replace(outcome, files=tuple(sorted((*outcome.files, *stayed), key=lambda record: record.file)))


def run_waiting(workspace: Workspace, now: dt.datetime, progress: Progress = silent) -> Outcome:
    """Judge again what waits in the ledger, after a decision; the inbox is left for the next run. The workspace is locked."""
    with Crew() as crew:
        return _run(crew, workspace, (), None, now, progress, everything)


def _run(
    crew: Crew,
    workspace: Workspace,
    arrivals: Sequence[Arrival],
    given: dt.date | None,
    now: dt.datetime,
    progress: Progress,
    ripe: Ripe,
    staging: Path | None = None,
) -> Outcome:
    """The workers begin to read first; then this process imports the ledger."""
    crew.judge()
    taken = take(crew, workspace, arrivals, now, progress, ripe, staging)
    from pipeline.run.stages import Batch

    with workspace.ledger() as ledger:
        return Batch(crew, taken.workers, ledger, workspace, given, now, progress).walk(taken)
