"""Worker processes: a hostile file can hang its reader, kill it or use up its memory, never the run."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from pipeline.model.allowance import UNLIMITED, Allowance
from pipeline.model.errors import MachineShort
from pipeline.model.work import HelperEnded, Workers, put_at_hand
from pipeline.processes.ahead import READERS
from pipeline.processes.helper import Helper
from pipeline.processes.stops import held_back, silenced
from pipeline.processes.temporary import temporary_folder
from schemas.programme import Programme

METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"

OBJECTS_BETWEEN_COLLECTIONS = 200_000  # readings and workbooks are many objects and little garbage


def workers_for(items: int, each: int) -> int:
    """How many processes: another one for every ``each`` items, while there are processors."""
    return min(1 + items // each, os.cpu_count() or 1)


def begin_early() -> None:
    """Have the server that workers are forked from import what they need, before this process has imported what it needs.

    Raises MachineShort.
    """
    if METHOD == "forkserver":
        from multiprocessing import forkserver, resource_tracker

        forkserver.set_forkserver_preload(READERS)
        try:
            with silenced():
                resource_tracker.ensure_running()  # which the server would begin, and with it let through what is held back
                with held_back():
                    forkserver.ensure_running()
        except OSError as error:
            raise MachineShort from error


@contextmanager
def start_workers(count: int, programme: Programme) -> Iterator[Workers]:
    """``count`` processes, each with the programme at hand. They are ended with the block.

    They are forked, where that is possible, from a server and not from this process, which has threads by then. Raises
    TemporaryFolder and MachineShort.
    """
    with temporary_folder() as folder:
        begin_early()
        pool = _Pool(count, (programme, folder))
        try:
            yield pool
        finally:
            pool.end()


@dataclass
class _Task:
    function: Callable[..., Any]
    arguments: Sequence[Any]
    allowance: Allowance
    fresh: bool
    future: Future[Any] = field(default_factory=Future)


class _Pool:
    """A thread for each process: it hands over one task after another and waits for the answers."""

    def __init__(self, count: int, at_hand: tuple[Programme, Path]) -> None:
        self._at_hand = at_hand
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._helpers: dict[int, Helper] = {}
        self._ending = False
        self._threads: list[threading.Thread] = []
        try:
            for number in range(count):
                thread = threading.Thread(target=self._work, args=(number,), daemon=True)
                thread.start()
                self._threads.append(thread)
        except RuntimeError as error:  # can't start new thread
            self.end()
            raise MachineShort from error

    def schedule(
        self,
        function: Callable[..., Any],
        args: Sequence[Any] = (),
        allowance: Allowance = UNLIMITED,
        fresh: bool = False,
    ) -> Future[Any]:
        task = _Task(function, args, allowance, fresh)
        self._tasks.put(task)
        return task.future

    def end(self) -> None:
        """End the processes, whatever they are at; a task that is not done has no answer."""
        self._ending = True
        for _ in self._threads:
            self._tasks.put(None)
        for helper in list(self._helpers.values()):
            helper.kill()
        for thread in self._threads:
            thread.join()
        while not self._tasks.empty():
            if task := self._tasks.get():
                task.future.cancel()

    def _work(self, number: int) -> None:
        """One thread's life. Its process is begun before there is a task, and anew where there is none any more."""
        with contextlib.suppress(MachineShort):  # the task that needs it says so
            self._helper(number)
        while (task := self._tasks.get()) and not self._ending:
            self._do(task, number)
        self._leave(number)

    def _helper(self, number: int, fresh: bool = False) -> Helper:
        if fresh and number in self._helpers and self._helpers[number].used:
            self._leave(number)
        if number not in self._helpers:
            self._helpers[number] = Helper(METHOD, _begin, self._at_hand)
        return self._helpers[number]

    def _leave(self, number: int) -> None:
        if helper := self._helpers.pop(number, None):
            helper.end()

    def _do(self, task: _Task, number: int) -> None:
        try:
            self._at_hand[1].mkdir(exist_ok=True)  # a system may clear away what nobody has touched for days
            helper = self._helper(number, task.fresh)
            if self._ending:  # begun after all were ended
                helper.kill()
            helper.submit(task.function, task.arguments, task.allowance)
            answer = helper.result(task.allowance.patience)
        except (HelperEnded, MachineShort) as failure:
            self._leave(number)
            task.future.set_exception(failure)
        except BaseException as failure:
            task.future.set_exception(failure)
        else:
            task.future.set_result(answer)


def _begin(programme: Programme, temporary: Path) -> None:
    put_at_hand(programme)
    tempfile.tempdir = str(temporary)  # libraries keep files there that nobody takes away where their process is ended
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
