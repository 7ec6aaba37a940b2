"""Worker processes with time limits: a hostile file can hang or kill its reader, never the run."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

Result = TypeVar("Result")


class Future(Protocol[Result]):  # type: ignore[misc]  # pebble's future is concurrent.futures' by behaviour
    def result(self, timeout: float | None = None) -> Result: ...


class Workers(Protocol):
    """What the run needs of an executor: a task, its time limit in seconds, its arguments."""

    def schedule(self, function: Callable[..., Any], args: Any = ..., kwargs: Any = ..., timeout: float | None = None) -> Any: ...


@contextmanager
def start_workers(most: int, preload: tuple[str, ...]) -> Iterator[Workers]:
    """Up to ``most`` processes, no more than there are cores, forked where that is possible from a server that has ``preload`` imported.

    A server, because the parent imports pandas in the meantime: forking a process in the middle of an import is no good.
    """
    from pebble import ProcessPool

    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload(list(preload))
    count = max(1, min(most, os.cpu_count() or 1))
    with ProcessPool(max_workers=count, context=context) as pool:
        try:
            yield pool
        except BaseException:
            pool.stop()
            raise
