"""What is set up and what is missing, as the command line shows it, on standard error."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from pipeline.upkeep.doctor import Seen, State
from schemas.programme import read_wording

_words = read_wording("doctor")


def say_begin(root: Path) -> None:
    """Which workspace is examined."""
    _say(_words["begin"].format(path=root))


def say_seen(found: Iterable[Seen]) -> Counter[State]:
    """A line for each thing seen, as it is seen, and what to do below it; how many there are of each state."""
    counts: Counter[State] = Counter()
    for seen in found:
        counts[seen.state] += 1
        _say(_words["line"].format(state=_words["states"][seen.state], subject=seen.subject, text=seen.text))
        if seen.advice:
            _say(_words["advice"].format(advice=seen.advice))
    return counts


def say_end(counts: Counter[State]) -> None:
    """How many of each, and what that means."""
    said = (_words["count"].format(state=_words["states"][state], count=counts[state]) for state in State)
    _say(_words["end"].format(counts=_words["comma"].join(said)) + _words["unable" if counts[State.BROKEN] else "able"])


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
