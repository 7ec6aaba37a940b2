"""What a check is given and what it says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pipeline.model.words import Words
from pipeline.workspace.workspace import Workspace
from schemas.programme import DEFAULT_WORDING


class State(StrEnum):
    """``BROKEN`` keeps annex2 from its work; ``MISSING`` is something it does without, ``NOTE`` for somebody to look at."""

    FINE = "fine"
    NOTE = "note"
    MISSING = "missing"
    BROKEN = "broken"


@dataclass(frozen=True)
class Office:
    """What is examined, at ``now``; ``installed`` is when the program was (UTC). ``connect``: the mail server may be called."""

    workspace: Workspace
    now: dt.datetime
    installed: dt.datetime
    connect: bool = False


@dataclass(frozen=True)
class Seen:
    """``subject`` is what was looked at, ``text`` what was seen, ``advice`` what to do, "" where nothing is to be done."""

    subject: str
    state: State
    text: str
    advice: str = ""


doctor_words = Words(DEFAULT_WORDING, "doctor")


def seen(check: str, case: str, **words: object) -> Seen:
    """What the wording says of a case of a check, and the state it stands for."""
    said = doctor_words.table(f"{check}.{case}")
    texts = (doctor_words.fill(said.get(part, ""), **words) for part in ("text", "advice"))
    return Seen(doctor_words.text(f"{check}.subject"), State(said["state"]), *texts)


def listed(names: Iterable[object]) -> str:
    """A、B、C, in the order given, each once."""
    return doctor_words.text("separator").join(dict.fromkeys(map(str, names)))
