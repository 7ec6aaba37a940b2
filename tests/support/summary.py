"""What was not tested, and why: the last lines of every session."""

from __future__ import annotations

from collections import Counter

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each reason to skip, with the number of tests; then how many were tested, how many not."""
    skipped = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", ()))
    run = sum(len(terminalreporter.stats.get(outcome, ())) for outcome in ("passed", "failed"))
    terminalreporter.section("what was tested")
    for reason, count in skipped.most_common():
        terminalreporter.line(f"not tested: {count}, because {reason}", yellow=True)
    rest = f"not tested: {skipped.total()}" if skipped else "nothing was left out"
    terminalreporter.line(f"tested: {run}; {rest}")


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")
