"""What counts as a fault that came about: `make torture` believes strace's log and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.torture.faults import ERRORS, KILLS, Call, Fault, choose, is_confirmed

WRITTEN = 'write(3, "x", 1) = 1\n'
CUT, KILLED = 'write(3, "x", 1) = ?\n', "+++ killed by SIGKILL +++\n"
FAILED = 'write(3, "x", 1) = -1 EIO (Input/output error) (INJECTED)\n'
REFUSED = 'write(3, "x", 1) = -1 EIO (Input/output error)\n'

LOGS = {
    "killed at the call": ("kill", WRITTEN + CUT + KILLED, True),
    "killed at another call by somebody else": ("kill", CUT + KILLED, False),
    "ended by its run after the call": ("kill", WRITTEN * 2 + KILLED, False),
    "ended by its run, later": ("kill", WRITTEN * 5 + KILLED, False),
    "went on": ("kill", WRITTEN * 5 + "+++ exited with 0 +++\n", False),
    "failed as injected": ("EIO", WRITTEN + FAILED + WRITTEN, True),
    "failed by itself": ("EIO", WRITTEN + REFUSED, False),
    "failed at another call": ("EIO", FAILED + WRITTEN, False),
    "did not come so far": ("EIO", WRITTEN, False),
    "nothing": ("kill", "", False),
}


@pytest.mark.parametrize(("action", "log", "confirmed"), LOGS.values(), ids=LOGS)
def test_a_fault_is_confirmed_by_what_strace_saw(tmp_path: Path, action: str, log: str, confirmed: bool) -> None:
    (tmp_path / "log").write_text(log, encoding="utf-8")
    assert is_confirmed(Fault(Call("judge", "write", 2, inside=True), action), tmp_path / "log") is confirmed


def test_without_a_log_nothing_is_confirmed(tmp_path: Path) -> None:
    assert not is_confirmed(Fault(Call("judge", "write", 1, inside=True), "kill"), tmp_path / "log")


def test_errors_are_of_the_workspace_and_kills_are_everywhere() -> None:
    calls = [Call("main", name, number, inside=number % 2 == 0) for name in ("write", "unlink") for number in range(1, 101)]
    kills, errors = choose(calls, KILLS, 60), choose(calls, ERRORS, 60)
    assert (len(kills), len(errors)) == (60, 60)
    assert {fault.action for fault in kills} == {"kill"}
    assert {(fault.action, fault.call.name) for fault in errors} == {("EIO", "write"), ("EIO", "unlink"), ("ENOSPC", "write")}
    assert all(fault.call.inside for fault in errors)
    assert sum(not fault.call.inside for fault in kills) == 6
