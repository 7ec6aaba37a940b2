"""The process the checks run in: importing pandas and pandera is what a small run waits for, so it begins before all else."""

from __future__ import annotations

import contextlib
import gc
import logging
import multiprocessing
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from pipeline.stops import STOPS, held_back

METHOD = "fork" if sys.platform == "linux" else "spawn"
"""Forking is safe only while this process has no threads: the judge is started first, and one in its place is not forked."""
AMONG_THREADS = "spawn"


DIED = "the process of the checks died"


class JudgeFailed(Exception):
    """The checks raised, or their process died: a mistake of the program, with the traceback as its text."""


class JudgeDied(JudgeFailed):
    """There is no process any more that could be asked."""


@dataclass(frozen=True)
class Judge:
    """One task at a time: ``submit`` sends it, ``result`` waits for its answer."""

    _line: Connection

    def submit(self, task: Callable[..., Any], *arguments: Any) -> None:
        """Hand over a task. Large arguments are taken only once the process is ready for them. Raises JudgeFailed."""
        try:
            self._line.send((task, arguments))
        except ConnectionError:
            raise JudgeDied(DIED) from None

    def result(self) -> Any:
        """The answer to the task; what was logged over there is logged here. Raises JudgeFailed."""
        try:
            answer, failure, records = self._line.recv()
        except (EOFError, ConnectionError):
            raise JudgeDied(DIED) from None
        for record in records:
            logging.getLogger(record.name).handle(record)
        if failure:
            raise JudgeFailed(failure)
        return answer


_begun: list[tuple[Any, Connection]] = []


def begin_early() -> None:
    """Have a judge begin to import before this process has imported what it needs itself; ``start_judge`` takes it over."""
    if METHOD == "fork":
        _begun.append(_begin(METHOD))


@contextmanager
def start_judge(method: str = METHOD) -> Iterator[Judge]:
    """A judge, importing already. It holds nothing of its own, so it is not asked to leave but ended."""
    process, line = _begun.pop() if _begun else _begin(method)
    try:
        yield Judge(line)
    finally:
        process.kill()
        process.join()
        line.close()


def _begin(method: str) -> tuple[Any, Connection]:
    context: Any = multiprocessing.get_context(method)  # typeshed gives its Process to each method's context alone
    line, other_end = context.Pipe()
    process = context.Process(target=_serve, args=(other_end, line), daemon=True)
    with held_back():
        process.start()
    other_end.close()
    return process, line


def _serve(line: Connection, callers_end: Connection) -> None:
    """Answer until the caller has gone, killed perhaps: its end of the line must then be open nowhere, so this copy is closed."""
    callers_end.close()
    for stop in STOPS:
        signal.signal(stop, signal.SIG_IGN)
    with contextlib.suppress(EOFError, ConnectionError):
        _answer(line)


def _answer(line: Connection) -> None:
    import traceback

    # pandera takes hypothesis along wherever it is installed, for making up data: a quarter of a second for nothing here.
    sys.modules.setdefault("hypothesis", None)  # type: ignore[arg-type]  # None: not to be imported
    import pipeline.checks.batch  # noqa: F401
    import schemas.observations  # noqa: F401

    gc.freeze()  # what was imported lasts as long as the process
    log = _Log()
    logging.getLogger().addHandler(log)
    while True:
        task, arguments = line.recv()
        try:
            answer, failure = task(*arguments), None
        except Exception:
            answer, failure = None, traceback.format_exc()
        line.send((answer, failure, log.taken()))


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
