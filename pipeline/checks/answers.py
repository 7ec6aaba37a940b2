"""Explanations and decisions applied to findings: marked, never removed. Then the status that follows."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.checks.placing import Placed
from pipeline.model import Entry, Finding, Grade, Known, State, Status
from schemas.programme import Programme


def answered(
    findings: tuple[Finding, ...], placed: Placed, entries: tuple[Entry, ...], known: Known, programme: Programme
) -> tuple[Finding, ...]:
    """The findings with the state that explanations and decisions give them."""
    return findings


def status_of(findings: Sequence[Finding], programme: Programme) -> Status:
    """What a return's findings make of it (domain.md “Grades and the loop”)."""
    grades = {finding.grade for finding in findings if finding.state == State.OPEN}
    if Grade.ERROR in grades:
        return Status.RETURNED
    return Status.PENDING if Grade.QUERY in grades else Status.ACCEPTED
