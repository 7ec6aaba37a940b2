"""What is done to a run: a kill or an error at one system call of one of its processes."""

from __future__ import annotations

import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

CALLS = (
    "write", "pwrite64", "writev", "fsync", "fdatasync", "ftruncate", "fallocate", "openat", "close", "chmod", "rename",
    "renameat", "renameat2", "link", "linkat", "symlink", "unlink", "unlinkat", "rmdir", "mkdir", "mkdirat",
)  # fmt: skip
"""Write-class system calls."""

PROCESSES = ("main", "worker", "judge")

KILL, IO_ERROR, DISK_FULL = "kill", "EIO", "ENOSPC"
ACTIONS = {KILL: "signal=SIGKILL", IO_ERROR: "error=EIO", DISK_FULL: "error=ENOSPC"}
NEED_NO_SPACE = ("unlink", "unlinkat", "rmdir", "chmod")

KILLS, ERRORS = (KILL,), (IO_ERROR, DISK_FULL)
KILLED = "+++ killed by SIGKILL +++"
INJECTED = "(INJECTED)"
"""What strace says at the end of a process that was killed, and of a call that it made fail."""

OUTSIDE = 10
"""Of so many calls outside of both (imports, pipes) one is chosen; and there is no error there, only a kill."""


@dataclass(frozen=True)
class Call:
    """A system call that an undisturbed run made: the ``number``-th of its name in that process, counted from 1."""

    process: str
    name: str
    number: int
    inside: bool
    """Whether it touches the workspace or the folder for temporary files."""


@dataclass(frozen=True)
class Fault:
    call: Call
    action: str

    def __str__(self) -> str:
        return f"{self.action} at {self.call.name} no. {self.call.number} of {self.call.process}"

    def strace(self, mark: Path, log: Path) -> str:
        """What ``bench.torture.process`` takes."""
        name = self.call.name
        inject = f"inject={name}:{ACTIONS[self.action]}:when={self.call.number}"
        return _strace(self.call.process, mark, log, "-e", f"trace={name}", "-e", inject)


def is_confirmed(fault: Fault, log: Path) -> bool:
    """Whether the fault came about in the process that was meant, by what strace saw there.

    A kill is one only where the process never came back from that call: a run ends its own judge by the same signal.
    """
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    calls = [number for number, line in enumerate(lines) if line.startswith(f"{fault.call.name}(")]
    if len(calls) < fault.call.number:
        return False
    hit = lines[calls[fault.call.number - 1] :]
    if fault.action == KILL:
        return len(hit) == 2 and hit[0].rstrip().endswith("= ?") and hit[1].strip() == KILLED
    return hit[0].rstrip().endswith(INJECTED)


def recording(process: str, mark: Path, log: Path) -> str:
    """What ``bench.torture.process`` takes to write every call of a process into ``log``."""
    return _strace(process, mark, log, "-y", "-s", "400", "-e", f"trace={','.join(CALLS)}")


def at_path(process: str, path: Path, call: str, error: str, log: Path) -> str:
    """What ``bench.torture.process`` takes to have every ``call`` on a path fail, whichever process of the kind makes it."""
    return _strace(process, None, log, "-A", "-P", str(path), "-e", f"trace={call}", "-e", f"inject={call}:error={error}")


def _strace(process: str, mark: Path | None, log: Path, *options: str) -> str:
    return json.dumps([process, str(mark or ""), "-q", "-o", str(log), *options])


def calls_of(process: str, log: Path, workspace: Path) -> list[Call]:
    """The calls that ``recording`` wrote, in order."""
    places = (str(workspace), f"{tempfile.gettempdir()}/annex2-")
    counts: dict[str, int] = defaultdict(int)
    found = []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if match := re.match(r"(\w+)\(", line):
            counts[match[1]] += 1
            found.append(Call(process, match[1], counts[match[1]], any(place in line for place in places)))
    return found


def choose(calls: Iterable[Call], actions: Sequence[str], points: int) -> list[Fault]:
    """``points`` faults of these actions, spread evenly over processes, calls and actions, and within each of these over the run.

    Kills outside get a tenth; kinds of which there are few are taken whole. They are in no order.
    """
    kinds: dict[tuple[str, str, str], list[Fault]] = defaultdict(list)
    outside: list[Fault] = []
    for call in calls:
        if not call.inside:
            outside += [Fault(call, KILL)] if KILL in actions else []
            continue
        for action in actions:
            if not (action == DISK_FULL and call.name in NEED_NO_SPACE):
                kinds[call.process, call.name, action].append(Fault(call, action))
    chosen = _spread(outside, points // OUTSIDE)
    groups = sorted(kinds.values(), key=len)
    for number, group in enumerate(groups):
        chosen += _spread(group, -(-(points - len(chosen)) // (len(groups) - number)))
    Random(0).shuffle(chosen)
    return chosen


def _spread(group: Sequence[Fault], count: int) -> list[Fault]:
    """At even distances."""
    count = max(0, min(count, len(group)))
    return [group[(2 * n + 1) * len(group) // (2 * count)] for n in range(count)]
