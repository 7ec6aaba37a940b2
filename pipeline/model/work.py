"""Work given to other processes, as whoever gives it and whoever does it see it; and how far a run is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, Literal, Protocol

from pipeline.model.allowance import Allowance
from schemas.programme import Programme

Progress = Callable[[str, int, int], None]
"""(stage, done, of), the stage being ``read``, ``post`` or ``publish``."""


def silent(stage: str, done: int, of: int) -> None:
    """Nothing is shown."""


Made = tuple[str, bytes]
"""A product as it was made: file name and content."""

Reason = Literal["time", "memory", "died"]


class HelperEnded(Exception):
    """The process is no more, and there is no answer: it used up its ``time`` or ``memory``, or ``died``."""

    def __init__(self, reason: Reason, status: int | None = None) -> None:
        super().__init__(reason, status)
        self.reason = reason
        self.status = status


class Workers(Protocol):
    """What a stage needs of an executor: a task, its arguments, what it is allowed. The answer's ``result()`` raises what the
    task raised, and HelperEnded. ``fresh``: by a process that has done nothing yet."""

    def schedule(
        self, function: Callable[..., Any], args: Sequence[Any] = ..., allowance: Allowance = ..., fresh: bool = ...
    ) -> Future[Any]: ...


_programme: list[Programme] = []


def put_at_hand(programme: Programme) -> None:
    """Of this process, before its first task."""
    _programme[:] = [programme]


def at_hand() -> Programme:
    """In a task: the programme its process was started with. One object, so that what is derived from it is derived once."""
    return _programme[0]
