"""The city's decisions carried out: all that was asked for together is recorded, and what waits is judged again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.decisions import Request
from pipeline.decisions.record import record_requests
from pipeline.model import Decision
from pipeline.run import Outcome, run_waiting
from pipeline.workspace.workspace import Workspace


@dataclass(frozen=True)
class CarriedOut:
    """What was recorded, in the order of the requests, and what it changed: the outbox shows it already."""

    decisions: tuple[Decision, ...]
    outcome: Outcome


def carry_out(workspace: Workspace, requests: Sequence[Request], now: dt.datetime) -> CarriedOut:
    """Record what is asked for, all of it or nothing. Raises decisions.Refused, WorkspaceBusy, SettingsError."""
    with workspace.locked():
        with workspace.ledger() as ledger:
            decisions = record_requests(ledger, workspace, requests, now)
        return CarriedOut(decisions, run_waiting(workspace, now))
