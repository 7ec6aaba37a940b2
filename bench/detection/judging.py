"""Scenes and traps judged by the product's own code, and what came of it."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import random
import unittest.mock
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bench.detection.kinds import KINDS
from bench.detection.kinds_templates import clean_template
from bench.detection.scenes import Scene, draw
from bench.detection.traps import READING, Kind, Mark, Trap, trap
from bench.detection.variants import VARIANTS
from pipeline.model import Finding, Status, Submission
from pipeline.reading.read import read_anyhow
from pipeline.rules.judging.batch import check_batch, run_batch
from pipeline.rules.place import Placed, place
from pipeline.rules.rule import ReturnRule
from pipeline.rules.table import RULES
from tests.returns import FORMATS

CLEAN = "clean"
ATTEMPTS = 20_000


@dataclass(frozen=True)
class Outcome:
    """What the product said to one return. ``strays`` are errors and queries that nobody asked for, hints counted as such."""

    kind: str
    number: int
    found: bool
    ruled: bool
    """Under the right rule, wherever."""
    right: bool
    """Rule and cell."""
    strays: tuple[str, ...]
    errors: int
    queries: int
    hints: int
    wrong: bool
    """Accepted with a number that was not meant."""
    unlike: bool
    """Accepted with another number than a person sees in the sheet."""
    status: str
    fmt: str = ""
    story: str = ""
    """For a miss: what was sent and what was said."""
    files: tuple[tuple[str, bytes], ...] = ()


Item = tuple[str, int]
"""Kind (or CLEAN) and number: all that a return is made from, with the seed."""


def judge_items(items: Sequence[Item], seed: int) -> list[Outcome]:
    """Make the returns of these items and have them judged: those that share a ledger in one pass, as ``check`` does."""
    log = logging.getLogger("pipeline")
    before = log.level
    log.setLevel(logging.CRITICAL)  # crashing rules are part of the exercise
    try:
        return _judge_items(items, seed)
    finally:
        log.setLevel(before)


def _judge_items(items: Sequence[Item], seed: int) -> list[Outcome]:
    made = [(item, make(*item, seed)) for item in items]
    groups: dict[object, list[tuple[Item, Trap]]] = {}
    for item, each in made:
        alone = len(each.files) > 1 or each.crashing
        shared = (id(each.known), each.calendar.today, each.calendar.called, repr(each.calendar.deadlines))
        groups.setdefault((*shared, id(item) if alone else None), []).append((item, each))
    outcomes = []
    for group in groups.values():
        submissions = _judged([each for _, each in group])
        outcomes += [_outcome(item, each, found) for (item, each), found in zip(group, submissions, strict=True)]
    return outcomes


def make(name: str, number: int, seed: int) -> Trap:
    """The return of this kind and number: the same on every call. RuntimeError where no scene suits the kind."""
    rng = random.Random(f"{seed}/{name}/{number}")
    kind = KINDS.get(name)
    for _ in range(ATTEMPTS):
        with contextlib.suppress(ValueError):  # a layout that this format, or this period, cannot be written in
            scene = _scene(kind, number, rng)
            made = kind.spoil(scene) if kind else _clean(scene, number)
            if made:
                return made
    raise RuntimeError(f"no scene for {name}")


def _clean(scene: Scene, number: int) -> Trap | None:
    """Every tenth is the office's template, filled in; of the others every third is a variant. None: not in this scene."""
    if number % 10 == 9:
        return clean_template(scene)
    if number % 3 == 2:
        return [*VARIANTS.values()][number // 3 % len(VARIANTS)](scene)
    return trap(scene, truth=scene.values)


def _scene(kind: Kind | None, number: int, rng: random.Random) -> Scene:
    """Formats take turns, so that each is met; a kind that a format cannot hold goes on to the next."""
    fmt = list(FORMATS)[number % len(FORMATS)] if rng.random() < 0.7 else None
    layout = rng.choice(kind.layouts) if kind and kind.layouts else None
    return draw(rng, fmt, layout, telling=bool(kind and kind.telling))


def _judged(traps: Sequence[Trap]) -> list[Submission]:
    known, calendar = traps[0].known, traps[0].calendar
    if len(traps[0].files) > 1:
        files = [(_placed(traps[0], number), traps[0].received) for number in reversed(range(len(traps[0].files)))]
        return run_batch(files, known, calendar)[-1:]
    with _crashing(traps[0].crashing):
        return check_batch([(_placed(each, 0), each.received) for each in traps], known, calendar)


def _placed(each: Trap, number: int) -> Placed:
    with _stumbling() if each.crashing == READING else contextlib.nullcontext():
        reading = read_anyhow(*each.files[number], each.calendar.programme, each.calendar.called)
    return place(reading, each.calendar)


def _stumbling() -> contextlib.AbstractContextManager[object]:
    """An internal error comes of looking for a table."""
    return unittest.mock.patch("pipeline.reading.read.find_tables", side_effect=ZeroDivisionError)


@contextlib.contextmanager
def _crashing(rule: str) -> Iterator[None]:
    """This rule, if any, raises on whatever it sees."""
    if not rule:
        yield
        return

    def crash(*_: object) -> Any:
        raise ZeroDivisionError

    rules = tuple(
        dataclasses.replace(each, judge=crash) if isinstance(each, ReturnRule) and each.id == rule else each for each in RULES
    )
    with unittest.mock.patch("pipeline.rules.judging.judge.RULES", rules):
        yield


def _outcome(item: Item, each: Trap, submission: Submission) -> Outcome:
    findings = submission.findings
    grades = [str(finding.grade) for finding in findings]
    kind = KINDS.get(item[0])
    companions, instead = (kind.companions, kind.instead) if kind else (frozenset[str](), frozenset[str]())
    met = [any(_meets(m, finding, instead) for finding in findings) for m in each.marks]
    ruled = all(any(finding.rule == m.rule or finding.rule in instead for finding in findings) for m in each.marks)
    serious = [finding for finding in findings if finding.grade != "hint"]
    unasked = [finding for finding in serious if not any(_meets(m, finding, instead) for m in each.marks)]
    strays = tuple(f"{finding.rule} {finding.cell or ''}".strip() for finding in unasked if finding.rule not in companions)
    accepted, values = submission.status is Status.ACCEPTED, dict(submission.values)
    wrong = accepted and values != each.truth
    right = all(met) and not strays
    return Outcome(
        *item,
        found=bool(serious) or (bool(each.marks) and ruled),
        ruled=ruled,
        right=right,
        strays=strays,
        errors=grades.count("error"),
        queries=grades.count("query"),
        hints=grades.count("hint"),
        wrong=wrong,
        unlike=accepted and values != each.sees,
        fmt=each.fmt,
        status=str(submission.status),
        story=_story(each, submission) if wrong or not right else "",
        files=each.files if wrong or not right else (),
    )


def _meets(expected: Mark, finding: Finding, instead: frozenset[str]) -> bool:
    return expected.fits(finding) or (finding.rule in instead and expected.fits(dataclasses.replace(finding, rule=expected.rule)))


def _story(each: Trap, submission: Submission) -> str:
    marks = "; ".join(f"{m.rule} at {sorted(map(str, m.cells))} {m.says}".strip() for m in each.marks)
    said = "; ".join(f"{finding.rule} {finding.cell or ''}".strip() for finding in submission.findings)
    return f"{each.files[0][0]}: expected {marks or 'nothing'}, got {said or 'nothing'} ({submission.status})"
