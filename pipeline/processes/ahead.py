"""What a process imports before it is asked for anything, so that nobody waits for it then.

Named, not imported: whoever has a process get ready need not have any of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

READERS = ["pipeline.processes.helper", "pipeline.processes.read_files"]
"""What every worker runs and what it is asked for first: imported once, by the server that workers are forked from."""

JUDGE = ("pipeline.rules.judging.batch", "schemas.observations")
"""pandas and pandera: what a small run waits for."""

PRODUCTS = ("pipeline.products.working_papers", "pipeline.products.report.page:template")
"""For a worker that has read what there was to read."""


def get_ready(names: Iterable[str]) -> None:
    """Import these modules; a function named behind one is called, and keeps what it makes. A task for a worker process."""
    for name in names:
        module, _, function = name.partition(":")
        imported = import_module(module)
        if function:
            getattr(imported, function)()
