"""What a return copy tells a district: the findings it may see and has to act on, and the hints beside them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pipeline.model import Finding, Grade, State
from pipeline.model.catalogue import is_settled
from pipeline.model.view import FileRecord
from pipeline.model.words import Words
from schemas.programme import Programme

FILLS = {Grade.ERROR: "FFC7CE", Grade.QUERY: "FFEB9C", Grade.HINT: "DDEBF7"}
"""wording.md 2."""

EXPLAINED_BY_DISTRICT = ("explain", "approve")
"""What rules close by that a district may explain (rules.csv)."""


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


def weight(finding: Finding) -> int:
    """0 for an error, 1 for a query, 2 for a hint."""
    return list(Grade).index(Grade(finding.grade))


def may_explain(finding: Finding, programme: Programme) -> bool:
    return programme.rules[finding.rule].closes in EXPLAINED_BY_DISTRICT


def is_placed(record: FileRecord, programme: Programme) -> bool:
    """Whether it is clear whose return for when a file is."""
    return bool(record.district and record.period) and not _open_places(record, programme)


def known_district(record: FileRecord, programme: Programme) -> str | None:
    """The district a copy may state. What it states, it also states when it comes back: nothing that was in question."""
    return record.district if "district" not in _open_places(record, programme) else None


def known_period(record: FileRecord, programme: Programme) -> dt.date | None:
    """The period a copy may state, on the same terms."""
    uncalled = any(programme.role_of(finding.rule) == "uncalled" for finding in record.findings)
    return None if uncalled or "period" in _open_places(record, programme) else record.period


def _open_places(record: FileRecord, programme: Programme) -> set[str]:
    """What of its place the findings leave open: district, period."""
    rules = (programme.rules[finding.rule] for finding in record.findings if finding.rule in programme.rules)
    return {rule.leaves_open for rule in rules if rule.leaves_open}


class CopyWords(Words):
    """The wording of return copies, and how they tell a finding."""

    def __init__(self, programme: Programme) -> None:
        super().__init__(programme, "return_copy")
        self.programme = programme

    @cached_property
    def _grades(self) -> Mapping[str, Mapping[str, str]]:
        return Words(self.programme, "report").table("grades")

    def grade(self, finding: Finding) -> str:
        return self._grades[finding.grade]["label"]

    def message(self, finding: Finding) -> str:
        """As districts may read it, with the reason why their explanation was not taken."""
        message = finding.outward or finding.message
        if not finding.note or finding.state not in (State.OPEN, State.REFUSED):
            return message
        return self.text("cells.noted", message=message, note=finding.note)

    def comment(self, finding: Finding) -> str:
        told = {"message": finding.outward or finding.message, "fix": finding.fix, "rule": finding.rule}
        return self.text("cells.comment", grade=self.grade(finding), **told)

    def is_comment(self, text: str) -> bool:
        """Whether a comment of a workbook was made by an earlier return copy."""
        opening = str(self.raw("cells.comment")).partition("{message}")[0]
        return any(opening.format(grade=grade["label"]) in text for grade in self._grades.values())

    def indicator(self, finding: Finding) -> str:
        return self.programme.indicator(finding.indicator).name if finding.indicator else self.text("cells.none")
