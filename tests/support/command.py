"""The command line as a script meets it: another process, with its exit status and what it wrote."""

from __future__ import annotations

import importlib
import io
import json
import logging
import multiprocessing
import os
import pkgutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import forkserver
from pathlib import Path
from typing import IO, Any

from pipeline.__main__ import main
from pipeline.processes import pool
from tests import ROOT

LEDGER = "ANNEX2_LEDGER__URL"
PATIENCE = 300.0
"""Seconds until a command has ended."""


@dataclass(frozen=True)
class Done:
    """What a command did. ``said`` is standard error."""

    status: int
    output: bytes
    said: str

    @property
    def json(self) -> Any:
        return json.loads(self.output.decode("utf-8"))


def annex2(*arguments: str | Path, folder: Path, **environment: str) -> Done:
    """The command in ``folder``, without the settings of whoever runs the tests, but with the ledger of the test's ``database``.

    Its process is forked from this one, which has imported what it needs: most of the time of a command goes into imports. Not
    for a thread: what is forked from one cannot end as a command does (``annex2_anew``).
    """
    if sys.platform != "linux":
        return annex2_anew(*arguments, folder=folder, **environment)
    import_all()
    pool.begin_early()
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as said:
        words = [*map(str, arguments)]
        process = multiprocessing.get_context("fork").Process(target=_be_it, args=(words, folder, environment, output, said))
        process.start()
        process.join(PATIENCE)
        status = process.exitcode
        if status is None:
            process.kill()
            raise subprocess.TimeoutExpired(words, PATIENCE)
        output.seek(0)
        said.seek(0)
        return Done(status, output.read(), said.read().decode("utf-8"))


def annex2_anew(*arguments: str | Path, folder: Path, encoding: str = "utf-8", **environment: str) -> Done:
    """The command by a Python of its own: ``python -m pipeline``."""
    return run([*map(str, arguments)], folder, encoding, environment)


def run(
    arguments: list[str], folder: Path, encoding: str, environment: dict[str, str], first: Callable[[], None] | None = None
) -> Done:
    """``annex2_anew``; ``first`` is done by the process before it begins."""
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *arguments],
        cwd=folder,
        env=_surroundings() | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding, **environment},
        capture_output=True,
        timeout=PATIENCE,
        preexec_fn=first,
    )
    return Done(done.returncode, done.stdout, done.stderr.decode(encoding))


def import_all() -> None:
    """Have every module of the pipeline in this process; what is forked from it has them too."""
    if "pipeline" not in _imported:
        _imported.add("pipeline")
        _import("pipeline")


_imported: set[str] = set()


def _import(name: str) -> None:
    for part in pkgutil.iter_modules(getattr(importlib.import_module(name), "__path__", [])):
        if part.name != "migrations":
            _import(f"{name}.{part.name}")


def _surroundings() -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("ANNEX2_", "PYTHONIO"))}
    return inherited | {name: os.environ[name] for name in (LEDGER,) if name in os.environ}


def _be_it(words: list[str], folder: Path, environment: dict[str, str], output: IO[bytes], said: IO[bytes]) -> None:
    """In the forked process: it becomes the command."""
    os.dup2(output.fileno(), 1)
    os.dup2(said.fileno(), 2)
    sys.stdout = io.TextIOWrapper(open(1, "wb", closefd=False), encoding="utf-8")  # noqa: SIM115 - as long as the process
    sys.stderr = io.TextIOWrapper(open(2, "wb", closefd=False), encoding="utf-8", line_buffering=True)  # noqa: SIM115
    inherited = _surroundings()
    os.environ.clear()
    os.environ.update(inherited | environment)
    time.tzset()
    os.chdir(folder)
    # The server that workers are forked from is the tests': the process that began it looks after it, not this one.
    forkserver.ensure_running = forkserver._forkserver.ensure_running = lambda: None  # type: ignore[method-assign]
    for name in (None, *logging.root.manager.loggerDict):
        logging.getLogger(name).handlers.clear()  # of tests before, their files closed
    sys.argv[1:] = words
    main()
