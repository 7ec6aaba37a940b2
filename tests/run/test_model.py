"""Random events on two offices, held against the model (tests/stateful).

Always the same few sequences; ``ANNEX2_MODEL_MORE=50 pytest tests/run/test_model.py`` tries others, and shrinks what it finds.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

from tests.stateful.machine import Loop

MORE = int(os.environ.get("ANNEX2_MODEL_MORE", "1"))
"""So many times as many sequences; with more than one, others than those that are always tried."""
STEPS = int(os.environ.get("ANNEX2_MODEL_STEPS", "18"))


def bounded(examples: int) -> settings:
    return settings(
        max_examples=examples * MORE,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=MORE == 1,
        database=None,
        phases=(Phase.generate, *((Phase.shrink,) if MORE > 1 else ())),
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )


class OnSqlite(Loop):
    """Two SQLite ledgers: one with clocks that jump."""

    other = "sqlite"


class OnPostgresql(Loop):
    """A SQLite ledger, and one on PostgreSQL that two workspaces share."""


TestOnSqlite = OnSqlite.TestCase
TestOnSqlite.settings = bounded(4)
TestOnPostgresql = OnPostgresql.TestCase
TestOnPostgresql.settings = bounded(8)
