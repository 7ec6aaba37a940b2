"""The command line as a script meets it: another process, with its exit status and what it wrote."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import ROOT

LEDGER = "ANNEX2_LEDGER__URL"


@dataclass(frozen=True)
class Done:
    """What a command did. ``said`` is standard error."""

    status: int
    output: bytes
    said: str

    @property
    def json(self) -> Any:
        return json.loads(self.output.decode("utf-8"))


def annex2(*arguments: str | Path, folder: Path, encoding: str = "utf-8", **environment: str) -> Done:
    """``python -m pipeline`` in ``folder``, without the settings of whoever runs the tests, but with the ledger of the test's
    ``database``."""
    return run([*map(str, arguments)], folder, encoding, environment)


def run(
    arguments: list[str], folder: Path, encoding: str, environment: dict[str, str], first: Callable[[], None] | None = None
) -> Done:
    """``annex2``; ``first`` is done by the process before it begins."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("ANNEX2_", "PYTHONIO"))}
    inherited |= {name: os.environ[name] for name in (LEDGER,) if name in os.environ}
    own = {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding, **environment}
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *arguments],
        cwd=folder,
        env=inherited | own,
        capture_output=True,
        timeout=300,
        preexec_fn=first,
    )
    return Done(done.returncode, done.stdout, done.stderr.decode(encoding))
