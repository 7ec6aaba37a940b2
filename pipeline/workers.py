"""Worker processes with time limits: a hostile file can hang or kill its reader, never the run."""

from __future__ import annotations

import gc
import multiprocessing.connection
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from pipeline.stops import held_back
from schemas.programme import Programme

METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
PRELOAD = ["pebble.pool.process", "pipeline.intake.reader"]
"""What every worker runs and what it is asked for first: imported once, in the server."""

OBJECTS_BETWEEN_COLLECTIONS = 200_000  # readings and workbooks are many objects and little garbage

_programme: list[Programme] = []


class Workers(Protocol):
    """What a stage needs of an executor: a task, its arguments, its time limit in seconds; the answer has ``result()``."""

    def schedule(self, function: Callable[..., Any], args: Any = ..., kwargs: Any = ..., timeout: float | None = None) -> Any: ...


def workers_for(items: int, each: int) -> int:
    """How many processes: another one for every ``each`` items, while there are processors."""
    return min(1 + items // each, os.cpu_count() or 1)


def begin_early() -> None:
    """Have the server that workers are forked from import what they need, before this process has imported what it needs."""
    if METHOD == "forkserver":
        from multiprocessing import forkserver, resource_tracker

        forkserver.set_forkserver_preload(PRELOAD)
        resource_tracker.ensure_running()  # which the server would begin, and with it let through what is held back
        with held_back():
            forkserver.ensure_running()


@contextmanager
def start_workers(count: int, programme: Programme) -> Iterator[Workers]:
    """``count`` processes, each with the programme at hand. They are ended with the block.

    They are forked, where that is possible, from a server and not from this process, which has threads by then.
    """
    from pebble import CONSTS, ProcessPool

    CONSTS.sleep_unit = 0.03  # seconds until the end of the pool is noticed; its threads look around as often all the time
    begin_early()
    context = multiprocessing.get_context(METHOD)
    pool = ProcessPool(max_workers=count, context=context, initializer=_begin, initargs=(programme,))
    try:
        yield pool
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _begin(programme: Programme) -> None:
    _programme[:] = [programme]
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)  # a library's panic is caught and judged here; its words are not for the user's window
    os.close(silence)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Where the run was killed, its workers end at once: the next run may be writing the same products already."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def at_hand() -> Programme:
    """In a worker: the programme it was started with. One object, so that what is derived from it is derived once."""
    return _programme[0]
