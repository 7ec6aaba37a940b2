"""A watcher as an office has one: a process of its own, in a process group of its own, that says what it does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tests import ROOT

INTERVAL = 0.2
LONG = 20.0
BEGUN = "已开始自动接收"


class Window:
    """The watcher's process and what it has said so far."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self._said = b""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr
        while chunk := os.read(self.process.stderr.fileno(), 65536):
            self._said += chunk

    @property
    def said(self) -> str:
        return self._said.decode("utf-8", "replace")

    def says(self, text: str, times: int = 1) -> None:
        """Wait until it has said this so often."""
        wait(lambda: self.said.count(text) >= times, f"“{text}”", lambda: self.said)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to end; its exit status."""
        self.process.send_signal(number)
        status = self.process.wait(LONG)
        self._reader.join(LONG)
        return status

    def judges(self) -> set[int]:
        """The processes of the checks: forked, they bear the watcher's own command line."""
        own = Path(f"/proc/{self.process.pid}/cmdline").read_bytes()
        same = {process for process in self.group() if Path(f"/proc/{process}/cmdline").read_bytes() == own}
        return same - {self.process.pid}

    def group(self) -> set[int]:
        """The processes of its group that live."""
        found = set()
        for folder in Path("/proc").iterdir():
            with suppress(OSError, ValueError):
                state, _parent, group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
                if int(group) == self.process.pid and state != "Z":
                    found.add(int(folder.name))
        return found


@contextmanager
def watching(folder: Path, *arguments: str, program: Sequence[str] = ("-m", "pipeline"), **environment: str) -> Iterator[Window]:
    """``annex2 watch`` in ``folder``, begun. Whatever happens, its group is ended with the block."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("ANNEX2_", "PYTHONIO"))}
    process = subprocess.Popen(
        [sys.executable, *program, *arguments, "watch", "--interval", str(INTERVAL)],
        cwd=folder,
        env=inherited | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **environment},
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    window = Window(process)
    try:
        window.says(BEGUN)
        yield window
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait(condition: Callable[[], bool], what: str, shown: Callable[[], object] = lambda: "") -> None:
    """Until it holds; AssertionError after a long time, with what there is to show."""
    until = time.monotonic() + LONG
    while not condition():
        if time.monotonic() > until:
            raise AssertionError(f"waited in vain for {what}; {shown()}")
        time.sleep(0.02)
