"""定稿前验收: the merged period in the ledger held against the suite of schemas/ledger_suite.py, before it is issued.

Great Expectations is imported here when it is asked, and nowhere else: 4 seconds and 220 MB.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from sqlalchemy import Engine

from pipeline.issue.gate.task import GateTask
from pipeline.model import Acceptance


def accept(ledger: Engine, task: GateTask, docs: Path) -> Acceptance:
    """Hold the period, as it stands in the ledger's database, against the suite.

    ``docs`` becomes the folder 质量验收: index.html and the page of details. What it held before is replaced.
    Nothing is written into the ledger. Raises whatever Great Expectations raises when it cannot run at all; one expectation that
    breaks is a line that could not be done.
    """
    with _quiet():
        from pipeline.issue.gate.suite_run import hold

        acceptance, pages = hold(ledger, task)
    write_docs(docs, pages)
    return acceptance


def write_docs(folder: Path, pages: Mapping[str, bytes]) -> None:
    """Make the folder anew: it is written beside its place and renamed."""
    staged = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    for name, page in pages.items():
        (staged / name).write_bytes(page)
    shutil.rmtree(folder, ignore_errors=True)
    staged.replace(folder)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Great Expectations reports to nobody, draws no progress bars, and its log says nothing: what broke is in the result."""
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    log = logging.getLogger("great_expectations")
    before = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(before)
