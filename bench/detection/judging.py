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
from bench.detection.traps import Kind, Mark, Trap, trap
from pipeline.checks.batch import check_batch, run_batch
from pipeline.checks.placing import Placed, place
from pipeline.checks.rules import RULES
from pipeline.intake.read import read_submission
from pipeline.model import Status, Submission
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
    status: str
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


def _clean(scene: Scene, number: int) -> Trap:
    """Every tenth is the office's template, filled in."""
    return clean_template(scene) if number % 10 == 9 else trap(scene, truth=scene.values)


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
    reading = read_submission(*each.files[number], each.calendar.programme, each.calendar.called)
    return place(reading, each.calendar)


@contextlib.contextmanager
def _crashing(rule: str) -> Iterator[None]:
    """This rule, if any, raises on whatever it sees."""
    if not rule:
        yield
        return

    def crash(*_: object) -> Any:
        raise ZeroDivisionError

    rules = tuple(dataclasses.replace(each, verdict=crash) if each.id == rule else each for each in RULES)
    with unittest.mock.patch("pipeline.checks.judge.RULES", rules):
        yield


def _outcome(item: Item, each: Trap, submission: Submission) -> Outcome:
    findings = [(finding.rule, finding.cell, str(finding.grade)) for finding in submission.findings]
    kind = KINDS.get(item[0])
    companions, instead = (kind.companions, kind.instead) if kind else (frozenset[str](), frozenset[str]())
    met = [any(_meets(m, rule, cell, instead) for rule, cell, _ in findings) for m in each.marks]
    ruled = all(any(rule == m.rule or rule in instead for rule, _, _ in findings) for m in each.marks)
    serious = [(rule, cell) for rule, cell, grade in findings if grade != "hint"]
    unasked = [(rule, cell) for rule, cell in serious if not any(_meets(m, rule, cell, instead) for m in each.marks)]
    strays = tuple(f"{rule} {cell or ''}".strip() for rule, cell in unasked if rule not in companions)
    wrong = submission.status is Status.ACCEPTED and dict(submission.values) != each.truth
    right = all(met) and not strays
    return Outcome(
        *item,
        found=bool(serious) or (bool(each.marks) and ruled),
        ruled=ruled,
        right=right,
        strays=strays,
        errors=sum(grade == "error" for _, _, grade in findings),
        queries=sum(grade == "query" for _, _, grade in findings),
        hints=sum(grade == "hint" for _, _, grade in findings),
        wrong=wrong,
        status=str(submission.status),
        story=_story(each, submission) if wrong or not right else "",
        files=each.files if wrong or not right else (),
    )


def _meets(expected: Mark, rule: str, cell: str | None, instead: frozenset[str]) -> bool:
    return expected.fits(rule, cell) or (rule in instead and expected.fits(expected.rule, cell))


def _story(each: Trap, submission: Submission) -> str:
    marks = "; ".join(f"{m.rule} at {sorted(map(str, m.cells))}" for m in each.marks)
    said = "; ".join(f"{finding.rule} {finding.cell or ''}".strip() for finding in submission.findings)
    return f"{each.files[0][0]}: expected {marks or 'nothing'}, got {said or 'nothing'} ({submission.status})"
