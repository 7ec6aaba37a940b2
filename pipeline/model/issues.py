"""Issue of a period's bulletin (定稿), what was accepted before it, and its registration once it is sent out (印发)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.model.findings import Grade


class Result(StrEnum):
    """What became of one check of the gate: an internal failure is neither."""

    MET = "met"
    NOT_MET = "not_met"
    UNDONE = "undone"


@dataclass(frozen=True)
class AcceptanceCheck:
    """One line of 定稿前验收 (wording.md 7.4). ``item`` is its key in the wording; ``message`` and ``fix`` are empty when met."""

    item: str
    rule: str
    grade: Grade
    result: Result
    expected: str
    observed: str
    rows: tuple[str, ...] = ()
    """The data concerned, a Chinese line each."""
    message: str = ""
    fix: str = ""


@dataclass(frozen=True)
class Acceptance:
    """What the gate found. ``document`` is the suite's own result, JSON as kept in the ledger."""

    checks: tuple[AcceptanceCheck, ...]
    document: Mapping[str, object] = field(default_factory=dict)

    @property
    def refusals(self) -> tuple[AcceptanceCheck, ...]:
        """What keeps the period from being issued: errors that are not met, and every check that could not be done."""
        return tuple(
            check
            for check in self.checks
            if check.result is Result.UNDONE or (check.result is Result.NOT_MET and check.grade == Grade.ERROR)
        )

    @property
    def queries(self) -> tuple[AcceptanceCheck, ...]:
        """What needs a reason."""
        return tuple(check for check in self.checks if check.result is Result.NOT_MET and check.grade == Grade.QUERY)


@dataclass(frozen=True)
class Imprint:
    """文号 and date of 印发, registered at ``at`` (UTC)."""

    number: str
    date: dt.date | None
    by: str
    at: dt.datetime


@dataclass(frozen=True)
class Opening:
    """What of an issued period is open for restatement (更正中): every district, those named, or (false) nothing.

    The numbers are entries of the ledger's sequence: those that opened it first since the last issue.
    """

    every: int | None = None
    districts: Mapping[str, int] = field(default_factory=dict)

    def since(self, district: str | None) -> int | None:
        """The entry the district has been open from; None where it is not."""
        own = self.districts.get(district) if district else None
        return min((entry for entry in (self.every, own) if entry is not None), default=None)

    def __contains__(self, district: str | None) -> bool:
        return self.since(district) is not None

    def __bool__(self) -> bool:
        return self.every is not None or bool(self.districts)


@dataclass(frozen=True)
class Issue:
    """第N次定稿 of a period: who froze which values when (UTC), which districts were missing, and why that was allowed.

    ``reopened`` is the reason of the restatement (更正) this issue concludes; None for a first issue.
    """

    period: dt.date
    number: int
    by: str
    at: dt.datetime
    reason: str = ""
    missing: tuple[str, ...] = ()
    values: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """(district, indicator) → value as issued."""
    reopened: str | None = None
    imprint: Imprint | None = None
