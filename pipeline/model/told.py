"""What a district may be told of its file: the findings that it has to act on and the hints beside them, and the place it is of.

Letters and return copies tell the same.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.model import Finding, Grade
from pipeline.model.catalogue import is_settled, weight
from pipeline.model.view import FileRecord
from schemas.programme import Programme

EXPLAINED_BY_DISTRICT = ("explain", "approve")
"""What rules close by that a district may explain."""


@dataclass(frozen=True)
class Told:
    """``open`` has to be corrected or explained, errors first; ``hints`` need no answer."""

    open: tuple[Finding, ...]
    hints: tuple[Finding, ...]

    @property
    def every(self) -> tuple[Finding, ...]:
        return (*self.open, *self.hints)

    def count(self, grade: Grade) -> int:
        return sum(finding.grade == grade for finding in self.open)


def told(programme: Programme, record: FileRecord) -> Told:
    """Findings that are shown to districts, settled ones left out."""
    shown = [f for f in record.findings if f.rule in programme.rules and programme.rules[f.rule].shown_to == "both"]
    still_open = [f for f in shown if f.grade != Grade.HINT and not is_settled(f, programme)]
    still_open.sort(key=weight)
    return Told(tuple(still_open), tuple(f for f in shown if f.grade == Grade.HINT))


def may_explain(finding: Finding, programme: Programme) -> bool:
    return programme.rules[finding.rule].closes in EXPLAINED_BY_DISTRICT


def is_placed(record: FileRecord, programme: Programme) -> bool:
    """Whether it is clear whose return for when a file is."""
    return bool(record.district and record.period) and not _open_places(record, programme)


def known_district(record: FileRecord, programme: Programme) -> str | None:
    """The district that may be stated. What it states, it also states when it comes back: nothing that was in question."""
    return record.district if "district" not in _open_places(record, programme) else None


def known_period(record: FileRecord, programme: Programme) -> dt.date | None:
    """The period that may be stated, on the same terms."""
    uncalled = any(programme.role_of(finding.rule) == "uncalled" for finding in record.findings)
    return None if uncalled or "period" in _open_places(record, programme) else record.period


def _open_places(record: FileRecord, programme: Programme) -> set[str]:
    """What of its place the findings leave open: district, period."""
    rules = (programme.rules[finding.rule] for finding in record.findings if finding.rule in programme.rules)
    return {rule.leaves_open for rule in rules if rule.leaves_open}
