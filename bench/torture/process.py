"""``python -m bench.torture.process …``: the annex2 command with a fixed clock, and strace on one of its processes.

The clock makes products comparable byte for byte. strace attaches to a process once it is about to do its work: counts of system
calls then do not hang on how many modules were imported before, and nobody but that process is hit.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

from pipeline.processes import judge_process
from pipeline.processes import pool as workers

CLOCK, STRACE = "TORTURE_CLOCK", "TORTURE_STRACE"
"""An ISO time; ``[process, file made when strace is attached to the first of its kind, or empty, option, …]`` as JSON."""

ATTACH_SECONDS = 20
TRACED_BY, ANYBODY = 0x59616D61, ctypes.c_ulong(-1)
"""PR_SET_PTRACER of prctl(2): where Yama guards processes, only a parent may trace one, and strace is a child here."""

_begin, _prepare = workers._begin, judge_process._prepare


def main() -> None:
    """As ``pipeline.__main__`` does it: the judge begins first, then the command line is imported."""
    judge_process._prepare = prepare
    workers._begin = begin
    judge_process.begin_early()
    from pipeline import cli
    from pipeline.cli import given

    given.now = lambda: dt.datetime.fromisoformat(os.environ[CLOCK])
    attach("main")
    raise SystemExit(cli.run_cli())


def begin(programme: Any, temporary: Path) -> None:
    """A worker's start."""
    _begin(programme, temporary)
    attach("worker")


def prepare() -> None:
    """The judge's start."""
    attach("judge")
    _prepare()


def attach(process: str) -> None:
    """Have this process traced, if it is one meant: with a mark only the first of its kind, and none that replaces it."""
    wanted, mark, *options = json.loads(os.environ.get(STRACE, '["", ""]'))
    if process != wanted:
        return
    try:
        if mark:
            Path(mark).touch(exist_ok=False)
    except FileExistsError:
        return
    ctypes.CDLL(None).prctl(TRACED_BY, ANYBODY, 0, 0, 0)
    quiet = subprocess.DEVNULL
    subprocess.Popen(["strace", *options, "-p", str(os.getpid())], stdin=quiet, stdout=quiet, stderr=quiet)
    until = time.monotonic() + ATTACH_SECONDS
    while not _traced():
        if time.monotonic() > until:
            raise RuntimeError("strace does not attach")
        time.sleep(0.005)
    time.sleep(0.02)  # attached, but perhaps not stopped yet


def _traced() -> bool:
    return "TracerPid:\t0\n" not in Path("/proc/self/status").read_text(encoding="ascii")


if __name__ == "__main__":
    main()
