"""A batch given to the judge and its answer awaited; a file that makes the checks fail is told apart from the others (F18)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from pipeline.model import Known, Submission
from pipeline.model.allowance import for_judging
from pipeline.processes.apart import failing
from pipeline.processes.crew import Crew
from pipeline.processes.judge_process import JudgeEnded, JudgeFailed
from pipeline.rules.judging.batch import Received, Settled, put_together, settle_unhandled
from pipeline.rules.judging.calendar import Calendar

log = logging.getLogger(__name__)

Task = Callable[[Sequence[Received], Known, Calendar], list[Settled]]
"""``settle_run`` or ``settle_check``."""


def start_judging(
    crew: Crew, task: Task, files: Sequence[Received], known: Known, calendar: Calendar
) -> Callable[[], list[Submission]]:
    """Hand the files over; the result, when called, waits for the submissions in their order.

    A file without which the checks go through is F18. Raises JudgeFailed where they fail without any file.
    """
    failure = _handed_over(crew, task, files, known, calendar)

    def submissions() -> list[Submission]:
        try:
            if failure:
                raise failure
            settled = crew.judge().result()
        except JudgeFailed as error:
            log.error("the checks of %d files failed", len(files), exc_info=error)
            if isinstance(error, JudgeEnded):
                crew.end_judge()
            settled = _settled_apart(crew, task, files, known, calendar)
        return put_together(files, settled)

    return submissions


def _handed_over(crew: Crew, task: Task, files: Sequence[Received], known: Known, calendar: Calendar) -> JudgeFailed | None:
    """Why not, where the judge has ended meanwhile."""
    try:
        crew.judge().submit(task, files, known, calendar, allowance=for_judging(calendar.programme, len(files)))
    except JudgeFailed as failure:
        return failure
    return None


def _settled_apart(crew: Crew, task: Task, files: Sequence[Received], known: Known, calendar: Calendar) -> list[Settled]:
    """What is found in the files that go through together, and F18 in those with which they would not."""

    def ask(part: Sequence[Received]) -> list[Settled]:
        judge = crew.judge()
        try:
            judge.submit(task, part, known, calendar, allowance=for_judging(calendar.programme, len(part)))
            answer: list[Settled] = judge.result()
        except JudgeEnded:
            crew.end_judge()
            raise
        return answer

    failed = failing(files, ask)
    for number, error in failed.items():
        reading = files[number][0].reading
        log.error("file %s (sha256 %s) could not be judged", reading.file, reading.sha256, exc_info=error)
    rest = iter(ask([file for number, file in enumerate(files) if number not in failed]))
    return [
        settle_unhandled(placed, calendar.programme) if number in failed else next(rest)
        for number, (placed, _) in enumerate(files)
    ]
