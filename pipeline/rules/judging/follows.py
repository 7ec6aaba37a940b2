"""Findings that follow from another one of the same return are not reported again (design.md)."""

from __future__ import annotations

from pipeline.model import Finding
from schemas.programme import Programme


def without_consequences(findings: tuple[Finding, ...], programme: Programme) -> tuple[Finding, ...]:
    """The findings but for those that say again what another one says."""
    rules = {finding.rule for finding in findings}
    cells = {(finding.rule, finding.cell) for finding in findings}
    return tuple(
        finding
        for finding in findings
        if not any((rule, finding.cell) in cells for rule in programme.rules[finding.rule].said_at_its_cell_by)
        and rules.isdisjoint(programme.rules[finding.rule].said_already_by)
    )
