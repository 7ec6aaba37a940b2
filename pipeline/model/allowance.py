"""What a task may use up of the machine: the programme's thresholds, grown with the size of the task."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from schemas.programme import Programme

PATIENCE = 10  # seconds by the clock for each of the processor's, where the programme says nothing else


@dataclass(frozen=True)
class Allowance:
    """``seconds`` of the processor's time, which a busy machine takes nothing of; ``patience`` in seconds by the clock, for what
    waits for something; ``memory`` in bytes beyond what the process had when it began. None: without limit."""

    seconds: float | None = None
    patience: float | None = None
    memory: int | None = None


UNLIMITED = Allowance()


def for_reading(programme: Programme) -> Allowance:
    """Of one file."""
    return _allowance(programme, "F01", "read", 1)


def for_judging(programme: Programme, files: int) -> Allowance:
    """Of a batch: what one file may take, and a hundredth more for each."""
    times = 1 + files / 100
    alone = _allowance(programme, "F18", "judge", times)
    return dataclasses.replace(alone, memory=int((alone.memory or 0) * times))


def for_products(programme: Programme, originals: int) -> Allowance:
    """Of a period: the originals are read again and copied."""
    return _allowance(programme, "F18", "product", 1 + originals / 10)


def _allowance(programme: Programme, rule: str, what: str, times: float) -> Allowance:
    limits = programme.thresholds
    seconds = limits.get(f"{rule}_{what}_seconds", DEFAULTS[what][0])
    patience = limits.get(f"{rule}_{what}_patience", PATIENCE * seconds)
    memory = limits.get(f"{rule}_{what}_memory", DEFAULTS[what][1])
    return Allowance(seconds * times, patience * times, int(memory))


DEFAULTS = {"read": (30, 600 << 20), "judge": (60, 600 << 20), "product": (300, 800 << 20)}
"""Seconds of the processor and bytes, where a programme says nothing else."""
