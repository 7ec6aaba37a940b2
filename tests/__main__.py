"""``python -m tests``: ruff, mypy and all tests, one line a step with the time it took. Options go to pytest.

However they end, by Ctrl-C or a signal too, nothing of theirs stays: temporary files lie in one folder, which is removed, and
processes that outlive their step are ended.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

QUIET = {
    "ruff check": ("-m", "ruff", "check"),
    "ruff format --check": ("-m", "ruff", "format", "--check"),
    "mypy --strict (a minute or two the first time)": ("-m", "mypy"),
}
"""Steps that say something only where something is wrong."""
TESTS = ("-m", "pytest", "-n", "auto")
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE, GRACE = 20.0, 5.0
"""Seconds that a step which was interrupted has to end by itself, and that processes have which it leaves behind."""
ADOPT_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER of prctl(2)


class Stopped(BaseException):
    """A signal that asks for the end."""

    def __init__(self, number: int) -> None:
        self.number = number


def main(options: Sequence[str]) -> int:
    """Run the steps until one fails; its exit status, 128 and the signal's number after a signal."""
    for number in STOPS:
        signal.signal(number, _stop)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(ADOPT_ORPHANS, 1, 0, 0, 0)
    try:
        with _temporary() as folder:
            environment = {**os.environ, "TMPDIR": str(folder)}
            for name, arguments in QUIET.items():
                if status := _quiet(name, arguments, environment):
                    return status
            print("all tests (minutes):", flush=True)
            return _run((*TESTS, *options), environment)
    except Stopped as stopped:
        return 128 + stopped.number


def _stop(number: int, _frame: FrameType | None) -> None:
    for each in STOPS:
        signal.signal(each, signal.SIG_IGN)  # the end has begun, and takes no longer than the step's patience
    raise Stopped(number)


@contextmanager
def _temporary() -> Iterator[Path]:
    """A folder for everything temporary; a server that runs as another user finds its own in it."""
    folder = Path(tempfile.mkdtemp(prefix="annex2-tests-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        for inner, _, _ in os.walk(folder):
            with suppress(OSError):
                os.chmod(inner, 0o700)  # noqa: PTH101 - a test may have taken its own permission away
        shutil.rmtree(folder, ignore_errors=True)


def _quiet(name: str, arguments: Sequence[str], environment: dict[str, str]) -> int:
    print(f"{name} ... ", end="", flush=True)
    begun = time.monotonic()
    with tempfile.TemporaryFile() as said:
        status = _run(arguments, environment, said.fileno())
        print(f"{time.monotonic() - begun:.0f} s" if status == 0 else "failed", flush=True)
        said.seek(0)
        if status:
            sys.stdout.write(said.read().decode("utf-8", "replace"))
    return status


def _run(arguments: Sequence[str], environment: dict[str, str], output: int | None = None) -> int:
    """One step, in a process group of its own: it gets a terminal's Ctrl-C once, from here."""
    process = subprocess.Popen([sys.executable, *arguments], env=environment, stdout=output, stderr=output, process_group=0)
    try:
        return process.wait()
    except Stopped:
        with suppress(ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(process.pid, signal.SIGINT)
            process.wait(PATIENCE)
        raise
    finally:
        _end_the_rest()


def _end_the_rest() -> None:
    """Wait a while for what the step left behind, then kill it."""
    until = time.monotonic() + GRACE
    while left := _children():
        if time.monotonic() > until:
            for process in left:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.05)


def _children() -> set[int]:
    """The processes whose parent is this one: on Linux orphans of orphans too, one after the other."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError):
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            if int(parent) == os.getpid():
                found.add(int(folder.name))
    return found


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
