"""Programs timed side by side: alternating repetitions, each in a fresh folder, medians compared."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Contestant:
    """``prepare`` fills an empty folder, untimed, and returns the command that is timed."""

    name: str
    prepare: Callable[[Path], list[str]]


def alternate(contestants: Iterable[Contestant], repetitions: int) -> dict[str, list[float]]:
    """Seconds of each repetition by contestant; a first round, untimed, fills the caches of the system.

    Raises RuntimeError with the program's own words when one ends with a status other than 0.
    """
    contestants = tuple(contestants)
    for contestant in contestants:
        seconds(contestant)
    seen: dict[str, list[float]] = {contestant.name: [] for contestant in contestants}
    for _ in range(repetitions):
        for contestant in contestants:
            seen[contestant.name].append(seconds(contestant))
    return seen


def seconds(contestant: Contestant) -> float:
    """Wall time of one run in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="annex2-bench-"))
    try:
        command = contestant.prepare(folder)
        start = time.perf_counter()
        done = subprocess.run(command, capture_output=True, encoding="utf-8", env=clean_environment())
        elapsed = time.perf_counter() - start
    finally:
        shutil.rmtree(folder)
    if done.returncode:
        raise RuntimeError(f"{contestant.name} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return elapsed


def clean_environment() -> dict[str, str]:
    """Without the settings that ANNEX2 variables would bring from outside."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ANNEX2_")}


def median_line(name: str, times: list[float]) -> str:
    return f"  {name:<60} {statistics.median(times):7.2f} s   ({min(times):.2f} to {max(times):.2f}, {len(times)} runs)"
