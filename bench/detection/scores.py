"""What the outcomes amount to, kind by kind, and which bars were missed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bench.detection.judging import CLEAN, Outcome
from bench.detection.traps import Kind

DETECTED = 0.995
FALSE_QUERIES = 2
"""At most, in 1,000 clean returns; of false errors and of wrong numbers accepted there must be none."""


@dataclass(frozen=True)
class Score:
    """Counts of one kind. ``right``: under the right rule, at the right cell, and nothing found that was not asked for."""

    kind: str
    injected: int
    found: int
    ruled: int
    right: int
    wrong: int
    unlike: int
    """Accepted with another number than a person sees."""

    @property
    def share(self) -> float:
        return self.right / self.injected if self.injected else 1.0


def score(kind: str, outcomes: Sequence[Outcome]) -> Score:
    return Score(
        kind,
        len(outcomes),
        sum(o.found for o in outcomes),
        sum(o.ruled for o in outcomes),
        sum(o.right for o in outcomes),
        sum(o.wrong for o in outcomes),
        sum(o.unlike for o in outcomes),
    )


@dataclass(frozen=True)
class Result:
    """Of a whole run: kinds that rules can see, kinds that none can, and clean returns."""

    seen: tuple[Score, ...]
    blind: tuple[Score, ...]
    clean: Score
    errors: int
    """Of clean returns, as the queries and hints."""
    queries: int
    hints: int
    misses: tuple[Outcome, ...]
    formats: tuple[Score, ...] = ()
    """All kinds that rules can see and clean returns, format by format."""

    @property
    def unlike(self) -> int:
        """Accepted with another number than a person sees: of all returns, those included that no rule can see."""
        return self.total.unlike + self.clean.unlike + sum(score.unlike for score in self.blind)

    @property
    def total(self) -> Score:
        """All that rules can see."""
        sums = [sum(getattr(s, name) for s in self.seen) for name in ("injected", "found", "ruled", "right", "wrong", "unlike")]
        return Score("all", *sums)

    def missed_bars(self) -> list[str]:
        """What is not as it should be; nothing where all is well."""
        total, clean = self.total, max(self.clean.injected, 1)
        wrong = total.wrong + self.clean.wrong
        bars = {
            f"{total.share:.2%} detected, at least {DETECTED:.1%}": total.share >= DETECTED,
            f"{self.errors} false errors, none allowed": not self.errors,
            f"{1000 * self.queries / clean:.1f} false queries in 1,000, at most {FALSE_QUERIES}": (
                1000 * self.queries <= FALSE_QUERIES * clean
            ),
            f"{self.unlike} accepted with another number than a person sees, none allowed": not self.unlike,
            f"{wrong} wrong numbers accepted in silence, none allowed": not wrong,
        }
        return [text for text, kept in bars.items() if not kept]


def result(outcomes: Iterable[Outcome], kinds: Mapping[str, Kind]) -> Result:
    """The outcomes counted, in the order of the kinds."""
    by_kind: dict[str, list[Outcome]] = {name: [] for name in (*kinds, CLEAN)}
    for outcome in outcomes:
        by_kind[outcome.kind].append(outcome)
    scores = {name: score(name, each) for name, each in by_kind.items() if each}
    clean = by_kind[CLEAN]
    return Result(
        seen=tuple(s for name, s in scores.items() if name != CLEAN and not kinds[name].blind),
        blind=tuple(s for name, s in scores.items() if name != CLEAN and kinds[name].blind),
        clean=score(CLEAN, clean),
        errors=sum(o.errors for o in clean),
        queries=sum(o.queries for o in clean),
        hints=sum(o.hints for o in clean),
        formats=_by_format(o for name, each in by_kind.items() for o in each if not (name in kinds and kinds[name].blind)),
        misses=tuple(o for name, each in by_kind.items() for o in each if o.story and not (name in kinds and kinds[name].blind)),
    )


def _by_format(outcomes: Iterable[Outcome]) -> tuple[Score, ...]:
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(outcome.fmt, []).append(outcome)
    return tuple(score(fmt, group) for fmt, group in sorted(groups.items()))
