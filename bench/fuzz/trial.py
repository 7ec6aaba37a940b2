"""One mutant read, placed and judged by the product's own code, and its marked copy made."""

from __future__ import annotations

import time
import traceback
from dataclasses import asdict, dataclass
from typing import Any

from bench.fuzz.mutants import Mutant, mutant
from pipeline.model import Known, Status, Submission
from pipeline.model.view import FileRecord
from pipeline.products import return_copy
from pipeline.products.return_copy.sheet import sender_of
from pipeline.reading.read import read_submission
from pipeline.rules.judging.batch import check_batch
from pipeline.rules.place import place
from tests.products.return_copies import original
from tests.support.judging import NOW

RAISED, HUNG, DIED = "raised", "hung", "died"
ASIDE = ("F18", "Z01")
"""What the product says of an exception that it caught itself."""
COPY_EVERY = 3
"""Of the mutants that go back, one in so many is copied with its findings: a copy takes longer than judging."""


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant. ``used``: (sheet, row, column, value) of the numbers read in the own row."""

    number: int
    fmt: str
    family: str
    name: str
    status: str
    rules: tuple[str, ...] = ()
    used: tuple[tuple[str, int, int, int], ...] = ()
    told: str = ""
    """The traceback of what was raised."""
    calculated: tuple[tuple[int, int], ...] = ()
    """(row, column) of the numbers that are a formula's stored result, and said to be (C09)."""
    seconds: float = 0.0
    shown: str = ""
    """What LibreOffice shows: see ``office``."""

    @property
    def accepted(self) -> bool:
        return self.status == Status.ACCEPTED

    @property
    def as_line(self) -> dict[str, Any]:
        return asdict(self)


def outcome_of(line: dict[str, Any]) -> Outcome:
    """From ``as_line``, after JSON."""
    used = tuple((s, r, c, v) for s, r, c, v in line["used"])
    calculated = tuple((r, c) for r, c in line["calculated"])
    return Outcome(**{**line, "rules": tuple(line["rules"]), "used": used, "calculated": calculated})


def attempt(seed: int, number: int) -> Outcome:
    """The mutant of this number, tried."""
    return tried(mutant(seed, number))


def tried(made: Mutant) -> Outcome:
    """Whatever is raised on the way is the outcome."""
    began = time.perf_counter()
    about = (made.number, made.fmt, made.family, made.name)
    try:
        submission = judged(made)
        if submission.status is not Status.ACCEPTED and made.number % COPY_EVERY == 0:
            _copied(made, submission)
    except Exception:
        return Outcome(*about, RAISED, told=traceback.format_exc(), seconds=_since(began))
    rules = tuple(finding.rule for finding in submission.findings)
    status = RAISED if set(rules) & set(ASIDE) else str(submission.status)
    results = tuple((e.row, e.column) for e in submission.entries if any(problem.rule == "C09" for problem in e.problems))
    seconds = _since(began)
    return Outcome(*about, status, rules, _used(submission), told=_aside(submission), calculated=results, seconds=seconds)


def _since(began: float) -> float:
    return round(time.perf_counter() - began, 3)


def judged(made: Mutant) -> Submission:
    """Against an empty ledger."""
    programme = made.calendar.programme
    placed = place(read_submission(made.name, made.content, programme), made.calendar)
    return check_batch([(placed, NOW)], Known(), made.calendar)[0]


def _used(submission: Submission) -> tuple[tuple[str, int, int, int], ...]:
    sheet = submission.table.sheet if submission.table else ""
    return tuple((sheet, entry.row, entry.column, entry.value) for entry in submission.entries if entry.value is not None)


def _aside(submission: Submission) -> str:
    return "\n".join(finding.message for finding in submission.findings if finding.rule in ASIDE)


def _copied(made: Mutant, submission: Submission) -> None:
    """The marked copy, as a run makes it of a return that goes back."""
    programme = made.calendar.programme
    record = FileRecord(
        file=made.name,
        sha256=submission.reading.sha256,
        status=submission.status,
        received=NOW,
        district=submission.district,
        period=submission.period,
        findings=submission.findings,
    )
    if return_copy.is_wanted(programme, record):
        return_copy.render(programme, sender_of(None, record), record, original(made.name, made.content, programme))
