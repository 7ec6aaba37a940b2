"""A process that works for this one: it takes a task at a time over a line of its own, within what the task is allowed."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import multiprocessing.connection
import os
import pickle
import signal
import threading
import traceback
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any

from pipeline.model.allowance import UNLIMITED, Allowance
from pipeline.model.errors import MachineShort
from pipeline.model.work import HelperEnded
from pipeline.processes.limits_held import begin, held_to, memory_is_short
from pipeline.processes.stops import STOPS, held_back, silenced

READY = b"ready"
OUT_OF_MEMORY = 77
"""The exit status of a helper that was given no more memory: what is left of it is no good for another task."""
STARTING = 300.0  # seconds by the clock until a helper has imported what it needs, on the slowest of machines
ENDING = 10.0  # seconds until a process that has closed its line has ended

_starting = threading.Lock()
"""Beginning one process looks after the others, and so does ending one: two threads must not do so together."""


class TaskFailed(Exception):
    """The task raised. The text is its traceback; where what it raised can be handed over, that is raised from this."""


class Helper:
    """One process. ``prepare`` is called there with ``arguments`` before the first task: imports, and what tasks have at hand."""

    def __init__(self, method: str, prepare: Callable[..., None], arguments: Sequence[Any] = ()) -> None:
        """Raises MachineShort where there is no process to be had."""
        context: Any = multiprocessing.get_context(method)  # typeshed gives its Process to each method's context alone
        self._ready = False
        self.used = False
        try:
            with _starting:
                self._line, other_end = context.Pipe()
                self._process = context.Process(
                    target=_serve, args=(other_end, self._line, prepare, tuple(arguments)), daemon=True
                )
                with held_back(), silenced():
                    self._process.start()
                other_end.close()
        except (OSError, EOFError) as error:
            raise MachineShort from error

    def submit(self, task: Callable[..., Any], arguments: Sequence[Any] = (), allowance: Allowance = UNLIMITED) -> None:
        """Hand over a task; large arguments are taken only once the process is ready for them.

        Raises HelperEnded and MachineShort, and whatever keeps the arguments from being handed over.
        """
        self.used = True
        message = ForkingPickler.dumps((task, tuple(arguments), allowance))
        try:
            self._line.send_bytes(message)
        except OSError:
            raise self._ended() from None

    def result(self, patience: float | None = None) -> Any:
        """The answer, waited for so many seconds; what was logged over there is logged here.

        Raises what the task raised, TaskFailed where that cannot be handed over, HelperEnded and MachineShort.
        """
        try:
            self._await_ready()
            if not self._line.poll(patience):
                self.end()
                raise HelperEnded("time")
            answer, failure, records = pickle.loads(self._line.recv_bytes())
        except (EOFError, OSError):
            raise self._ended() from None
        for record in records:
            logging.getLogger(record.name).handle(record)
        if failure:
            error, trace = failure
            if error is None:
                raise TaskFailed(trace)
            raise error from TaskFailed(trace)
        return answer

    def kill(self) -> None:
        """It holds nothing of its own, so it is not asked to leave. Whoever waits for its answer hears that it ended."""
        with _starting:
            self._process.kill()

    def end(self) -> None:
        """For whoever has nothing more to ask of it."""
        with _starting:
            self._process.kill()
            self._process.join()
        self._line.close()

    def _await_ready(self) -> None:
        if not self._ready:
            if not self._line.poll(STARTING) or self._line.recv_bytes() != READY:
                raise EOFError
            self._ready = True

    def _ended(self) -> HelperEnded | MachineShort:
        """Why there is no answer. Whoever ends before it is ready had no room to begin: that is no task's doing."""
        with contextlib.suppress(OSError, EOFError):
            self._await_ready()
        with _starting:
            self._process.join(ENDING)
        status = self._process.exitcode
        self.end()
        if not self._ready or (status in OF_MEMORY and memory_is_short()):
            return MachineShort()
        return HelperEnded("time" if status in OF_TIME else "memory" if status in OF_MEMORY else "died", status)


OF_TIME = {-signal.SIGXCPU} if hasattr(signal, "SIGXCPU") else set[int]()
OF_MEMORY = {OUT_OF_MEMORY, -signal.SIGABRT}
"""A library that is not Python's aborts where it is given no memory."""


def _serve(line: Connection, callers_end: Connection, prepare: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    """Answer until the caller has gone, killed perhaps: its end of the line must then be open nowhere, so this copy is closed."""
    callers_end.close()
    for stop in STOPS:
        signal.signal(stop, signal.SIG_IGN)
    _silence()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    prepare(*arguments)
    begin()
    log = _Log()
    logging.getLogger().addHandler(log)
    with contextlib.suppress(EOFError, ConnectionError):
        line.send_bytes(READY)
        while True:
            task, arguments, allowance = pickle.loads(line.recv_bytes())
            line.send_bytes(_answer(task, arguments, allowance, log))


def _silence() -> None:
    """A library's panic is caught and judged; its words are not for the user's window."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)
    os.close(silence)


def _end_with_parent() -> None:
    """Where the run was killed, its helpers end at once: the next run may be writing the same products already."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _answer(task: Callable[..., Any], arguments: tuple[Any, ...], allowance: Allowance, log: _Log) -> bytes:
    """The answer or the failure, and what was logged, ready to be sent."""
    answer, failure = None, None
    try:
        with held_to(allowance):
            answer = task(*arguments)
        return bytes(ForkingPickler.dumps((answer, None, log.taken())))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except BaseException as error:  # a panic of a library that is not Python's derives from nothing else
        failure = _portable(error), traceback.format_exc()
    return bytes(ForkingPickler.dumps((None, failure, log.taken())))


def _portable(error: BaseException) -> Exception | None:
    """The error, where it comes through the line as it is."""
    try:
        same = pickle.loads(pickle.dumps(error))
    except Exception:
        return None
    return same if isinstance(same, Exception) else None


class _Log(logging.Handler):
    """Keeps what is logged, tracebacks as text, to be sent to the process that has a log file."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
            record.exc_info = None
        record.msg, record.args = record.getMessage(), None
        self._records.append(record)

    def taken(self) -> list[logging.LogRecord]:
        records, self._records = self._records, []
        return records
