"""``annex2 doctor``: what is set up on this machine, what is missing (interface.md)."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.given import now
from pipeline.model.words import Words
from pipeline.upkeep.doctor import Office, Seen, State, examine, installed
from schemas.programme import DEFAULT_WORDING

_help, _words = Words(DEFAULT_WORDING, "help"), Words(DEFAULT_WORDING, "doctor")

Connect = Annotated[bool, typer.Option("--connect", help=_help.raw("doctor_connect"))]

UNUSABLE = 2
"""The exit status when something is missing that annex2 cannot do without."""


def doctor(context: typer.Context, connect: Connect = False) -> None:
    workspace = context.obj.workspace()
    _say_begin(workspace.root)
    counts = _say_seen(examine(Office(workspace, now(), installed(), connect)))
    _say_end(counts)
    if counts[State.BROKEN]:
        raise typer.Exit(UNUSABLE)


def _say_begin(root: Path) -> None:
    """Which workspace is examined."""
    _say(_words.text("begin", path=root))


def _say_seen(found: Iterable[Seen]) -> Counter[State]:
    """A line for each thing seen, as it is seen, and what to do below it; how many there are of each state."""
    counts: Counter[State] = Counter()
    for seen in found:
        counts[seen.state] += 1
        _say(_words.text("line", state=_words.table("states")[seen.state], subject=seen.subject, text=seen.text))
        if seen.advice:
            _say(_words.text("advice", advice=seen.advice))
    return counts


def _say_end(counts: Counter[State]) -> None:
    """How many of each, and what that means."""
    said = (_words.text("count", state=_words.table("states")[state], count=counts[state]) for state in State)
    _say(_words.text("end", counts=_words.text("comma").join(said)) + _words.raw("unable" if counts[State.BROKEN] else "able"))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
