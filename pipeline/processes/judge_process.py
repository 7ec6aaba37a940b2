"""The process the checks run in: importing pandas and pandera is what a small run waits for, so it begins before all else."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pipeline.model.allowance import UNLIMITED, Allowance
from pipeline.model.errors import MachineShort
from pipeline.model.work import HelperEnded
from pipeline.processes.ahead import JUDGE, get_ready
from pipeline.processes.helper import Helper

METHOD = "fork" if sys.platform == "linux" else "spawn"
"""Forking is safe only while this process has no threads: the judge is started first, and one in its place is not forked."""
AMONG_THREADS = "spawn"


class JudgeFailed(Exception):
    """The checks raised, or their process ended: a mistake of the program, with the traceback as its text."""


class JudgeEnded(JudgeFailed):
    """There is no process any more that could be asked: it died, or used up what it was allowed."""


class Judge:
    """One task at a time: ``submit`` sends it, ``result`` waits for its answer."""

    def __init__(self, helper: Helper) -> None:
        self._helper = helper
        self._allowance = UNLIMITED

    def submit(self, task: Callable[..., Any], *arguments: Any, allowance: Allowance = UNLIMITED) -> None:
        """Hand over a task. Large arguments are taken only once the process is ready. Raises JudgeFailed and MachineShort."""
        self._allowance = allowance
        with _told_of_the_judge():
            self._helper.submit(task, arguments, allowance)

    def result(self) -> Any:
        """The answer to the task; what was logged over there is logged here. Raises JudgeFailed and MachineShort."""
        with _told_of_the_judge():
            return self._helper.result(self._allowance.patience)


@contextmanager
def _told_of_the_judge() -> Iterator[None]:
    try:
        yield
    except MachineShort:
        raise
    except HelperEnded as ended:
        raise JudgeEnded(f"the process of the checks ended: {ended.reason}, {ended.status}") from None
    except Exception as error:
        raise JudgeFailed("".join(traceback.format_exception(error))) from None


_begun: list[Helper] = []


def begin_early() -> None:
    """Have a judge begin to import before this process has imported what it needs itself; ``start_judge`` takes it over."""
    if METHOD == "fork":
        with contextlib.suppress(MachineShort):  # whoever needs it says so
            _begun.append(_begin(METHOD))


@contextmanager
def start_judge(method: str = METHOD) -> Iterator[Judge]:
    """A judge, importing already, ended with the block. Raises MachineShort."""
    helper = _begun.pop() if _begun else _begin(method)
    try:
        yield Judge(helper)
    finally:
        helper.end()


def _begin(method: str) -> Helper:
    return Helper(method, _prepare)


def _prepare() -> None:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a few rows need no threads, and each of them takes memory
    # pandera takes hypothesis along wherever it is installed, for making up data: a quarter of a second for nothing here.
    sys.modules.setdefault("hypothesis", None)  # type: ignore[arg-type]  # None: not to be imported
    get_ready(JUDGE)
    gc.freeze()  # what was imported lasts as long as the process
