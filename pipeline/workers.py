"""Worker processes with time limits: a hostile file can hang or kill its reader, never the run."""

from __future__ import annotations

import multiprocessing
import multiprocessing.context
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, Protocol

from schemas.programme import Programme

_programme: list[Programme] = []


class Workers(Protocol):
    """What a stage needs of an executor: a task, its arguments, its time limit in seconds; the answer has ``result()``."""

    def schedule(self, function: Callable[..., Any], args: Any = ..., kwargs: Any = ..., timeout: float | None = None) -> Any: ...


def _context() -> multiprocessing.context.BaseContext:
    """Processes are forked, where that is possible, from a server and not from this process, which has threads by then."""
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload([])
    return context


@contextmanager
def start_judge(warm: Callable[[], None]) -> Iterator[Executor]:
    """A process of its own for the checks. It begins with ``warm``: importing pandas and pandera is what a small run
    waits for.
    """
    with ProcessPoolExecutor(max_workers=1, mp_context=_context()) as judge:
        judge.submit(warm)
        yield judge


@contextmanager
def start_workers(most: int, programme: Programme) -> Iterator[Workers]:
    """Up to ``most`` processes, no more than there are cores, each with the programme at hand."""
    from pebble import ProcessPool

    count = max(1, min(most, os.cpu_count() or 1))
    with ProcessPool(max_workers=count, context=_context(), initializer=_begin, initargs=(programme,)) as pool:
        try:
            yield pool
        except BaseException:
            pool.stop()  # type: ignore[no-untyped-call]
            raise


def _begin(programme: Programme) -> None:
    _programme[:] = [programme]
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)  # a library's panic is caught and judged here; its words are not for the user's window
    os.close(silence)


def at_hand() -> Programme:
    """In a worker: the programme it was started with. One object, so that what is derived from it is derived once."""
    return _programme[0]
