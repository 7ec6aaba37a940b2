"""The wording of return copies, and the colours of their findings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from pipeline.model import Finding, Grade, State
from pipeline.model.words import Words
from schemas.programme import Programme

FILLS = {Grade.ERROR: "FFC7CE", Grade.QUERY: "FFEB9C", Grade.HINT: "DDEBF7"}
"""wording.md 2."""


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
