"""What settles findings: a district's explanations and the city's decisions (domain.md “Grades and the loop”)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Values = Mapping[str, int | None]
"""indicator → value: what an explanation or a decision is bound to. A changed value lapses it."""


class How(StrEnum):
    """How an explanation came (wording.md 6)."""

    SHEET = "sheet"
    PHONE = "phone"


@dataclass(frozen=True)
class Explanation:
    """A district's reason for a finding. ``indicator`` is None for rules about the whole row; ``at`` is UTC.

    ``compared`` is what the finding's value was compared with, as it was shown (``expected``); None where nothing was, or it is
    not known.
    """

    rule: str
    district: str
    period: dt.date
    indicator: str | None
    values: Values
    text: str
    by: str
    at: dt.datetime
    how: str = How.SHEET
    compared: str | None = None
    entry: int = 0
    """The entry of the ledger's sequence the file came in that says it; 0 before it is recorded."""
    submission: int = 0
    """The ledger's number of that file."""
    withdrawn: bool = False
    """The file was withdrawn: it explains nothing any more, but what was refused of it is not taken in the same words again."""


class Act(StrEnum):
    """What the city may decide: the commands of interface.md. IMPRINT registers number and date of an issued bulletin."""

    APPROVE = "approve"
    REFUSE = "refuse"
    EXPLAIN = "explain"
    RETURN = "return"
    WITHDRAW = "withdraw"
    ASSIGN = "assign"
    RECEIVE = "receive"
    EXCUSE = "excuse"
    REOPEN = "reopen"
    ISSUE = "issue"
    IMPRINT = "imprint"
    IMPORT = "import"


@dataclass(frozen=True)
class Decision:
    """An entry that is never edited: who, when (UTC), why and on what grounds (依据).

    ``sha256`` names the file it is about (a WITHDRAW without one takes an excuse back). ``values`` are what APPROVE, REFUSE and
    EXPLAIN are bound to, with ``compared``, what the value was compared with (``expected`` of the finding; None where nothing
    was, or it is not known); of RETURN the row that goes back. ``received`` (UTC) is RECEIVE's time. ``district`` and ``period``
    are those the decision is about; for ASSIGN, those assigned.
    ``wording`` is the sentence for the bulletin (通报用语).
    """

    act: str
    by: str
    at: dt.datetime
    reason: str
    basis: str = ""
    wording: str = ""
    district: str | None = None
    period: dt.date | None = None
    rule: str | None = None
    indicator: str | None = None
    sha256: str | None = None
    values: Values = field(default_factory=dict)
    received: dt.datetime | None = None
    source: str = "command"
    """``command``, or the name of the 办理单 it came by."""
    id: int = 0
    """The ledger's number of it, in order of recording; 0 before it is recorded."""
    compared: str | None = None
    entry: int = 0
    """The entry of the ledger's sequence it was recorded in; 0 before it is."""


def excused(decisions: Iterable[Decision]) -> frozenset[tuple[str, dt.date]]:
    """Districts and periods that are 免报 after these decisions, oldest first: a withdrawal that names no file takes the excuse
    back."""
    found: dict[tuple[str, dt.date], bool] = {}
    for decision in decisions:
        about_no_file = decision.act in (Act.EXCUSE, Act.WITHDRAW) and decision.sha256 is None
        if about_no_file and decision.district and decision.period:
            found[decision.district, decision.period] = decision.act == Act.EXCUSE
    return frozenset(place for place, so in found.items() if so)
