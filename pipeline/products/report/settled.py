"""审核说明与认定: the sixteen columns that the report and the working papers share (wording.md 6)."""

from __future__ import annotations

from pipeline.model import State
from pipeline.model.view import PeriodView, Settlement
from pipeline.products.report.report_words import ReportWords


def settlement_rows(words: ReportWords, view: PeriodView) -> list[list[str]]:
    """One row per settlement, numbered, districts in form order; — where there is nothing to say."""
    return [[str(number), *_row(words, line)] for number, line in enumerate(view.settlements, 1)]


def _row(words: ReportWords, line: Settlement) -> list[str]:
    finding = line.finding
    cells = [
        finding.district or words.text("unknown"),
        words.short_indicators([finding.indicator]),
        finding.rule,
        finding.message,
        finding.observed,
        finding.expected,
        line.text,
        line.by,
        words.table("decisions.how").get(line.how, line.how) if line.text else "",
        words.moment(line.at) if line.text else "",
        _verdict(words, line),
        line.decided_by,
        words.moment(line.decided_at) if line.decided_at else "",
        line.basis,
        line.wording,
    ]
    return [cell or words.text("blank") for cell in cells]


def _verdict(words: ReportWords, line: Settlement) -> str:
    """What the city decided, that it has to, or that the explanation was not taken; empty where the city is not asked."""
    closes = words.closes(line.finding)
    if line.verdict == "approve" or (line.verdict and closes != "explain"):
        return str(words.table("decisions.verdicts")[line.verdict])
    if line.verdict or (line.text and line.finding.state in (State.OPEN, State.REFUSED)):
        return words.text("decisions.not_taken")
    return words.text("decisions.waiting") if line.text and closes in ("approve", "city") else ""
