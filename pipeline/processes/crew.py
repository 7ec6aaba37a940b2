"""The processes that work for a run: the judge and the workers, kept for the next run where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from pipeline.model.work import Workers
from pipeline.processes.judge_process import AMONG_THREADS, METHOD, Judge, start_judge
from pipeline.processes.pool import start_workers
from schemas.programme import Programme


class Crew:
    """Each is started when it is first asked for and ended with the block. ``least`` workers are started even for less work."""

    def __init__(self, least: int = 1) -> None:
        self._least = least
        self._judges, self._pools = ExitStack(), ExitStack()
        self._judge: Judge | None = None
        self._workers: Workers | None = None
        self._count = 0
        self._programme: Programme | None = None

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def judge(self) -> Judge:
        """The judge; it imports what it needs meanwhile."""
        if self._judge is None:
            self._judge = self._judges.enter_context(start_judge(METHOD if self._workers is None else AMONG_THREADS))
        return self._judge

    def workers(self, programme: Programme, count: int) -> Workers:
        """``count`` workers or more. Those there are stay, unless they are too few or have another programme at hand."""
        if self._workers is None or self._count < count or self._programme is not programme:
            self._pools.close()
            self._count, self._programme = max(count, self._least), programme
            self._workers = self._pools.enter_context(start_workers(self._count, programme))
        return self._workers

    def end_judge(self) -> None:
        """End the judge; whoever asks for one afterwards gets another."""
        self._judges.close()
        self._judge = None

    @contextmanager
    def ended_on_failure(self) -> Iterator[None]:
        """Where the block fails, nobody goes on with what it had begun: the next one has others."""
        try:
            yield
        except BaseException:
            self.end()
            raise

    def end(self) -> None:
        """End the processes; whoever is asked for afterwards is started anew."""
        self._pools.close()
        self.end_judge()
        self._workers = None
