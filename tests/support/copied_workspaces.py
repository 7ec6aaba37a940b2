"""Workspaces that many tests begin with: made once a process, and copied for each test."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Hashable
from pathlib import Path

from pipeline.workspace.workspace import Workspace, open_workspace
from tests.support.command import LEDGER

WITH_PRODUCTS = True
"""False in a test that makes none (``ledger_alone``): what it begins with is not for the others."""


def copied(make: Callable[..., Workspace], folder: Path, *given: Hashable) -> Workspace:
    """The workspace that ``make(folder, *given)`` makes. One whose ledger is elsewhere (the test's ``database``), or that is made
    where something lies already, cannot be copied: it is made there."""
    if LEDGER in os.environ or (folder.exists() and any(folder.iterdir())):
        return make(folder, *given)
    kept = make, WITH_PRODUCTS, given
    if kept not in _made:
        made = tempfile.TemporaryDirectory()
        make(Path(made.name), *given)
        _made[kept] = made
    return open_workspace(shutil.copytree(_made[kept].name, folder, dirs_exist_ok=True))


_made: dict[Hashable, tempfile.TemporaryDirectory[str]] = {}
"""Gone with the process."""
