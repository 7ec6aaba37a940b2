"""Findings that follow from another one of the same return are not reported again (design.md)."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.model import Finding

AT_THE_CELL: Mapping[str, frozenset[str]] = {
    "X02": frozenset({"C10"}),
    "X03": frozenset({"C10"}),
    "P05": frozenset({"C10"}),
    "P09": frozenset({"P01"}),
    "T01": frozenset({"X01", "P01"}),
    "T02": frozenset({"C10", "P05"}),
}
"""Rule → those that say it already where they are found at the same cell: the number is too large, or it fell."""

IN_THE_RETURN: Mapping[str, frozenset[str]] = {
    "F08": frozenset({"P07"}),
    "P09": frozenset({"P07"}),
    "P03": frozenset({"F13"}),
}
"""Rule → those that say it already wherever they are found: it is an issued period, or another's file."""


def without_consequences(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings but for those that say again what another one says."""
    rules = {finding.rule for finding in findings}
    cells = {(finding.rule, finding.cell) for finding in findings}
    return tuple(
        finding
        for finding in findings
        if not any((rule, finding.cell) in cells for rule in AT_THE_CELL.get(finding.rule, ()))
        and rules.isdisjoint(IN_THE_RETURN.get(finding.rule, ()))
    )
