"""审核报告 as JSON: the record of a period, and the shape of a FILE object that every ``--json`` shares (interface.md)."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.model import Finding, Grade, Issue
from pipeline.model.view import (
    ACCEPTED,
    EXCUSED,
    MISSING,
    PENDING,
    RETURNED,
    TO_DECIDE,
    DistrictRecord,
    FileRecord,
    PeriodView,
    Settlement,
)
from pipeline.products.workbook.showable import printable
from schemas.programme import Programme

SCHEMA = "annex2.report/1"
ALWAYS_COUNTED = (MISSING, EXCUSED, RETURNED, PENDING, TO_DECIDE, ACCEPTED)


def render(programme: Programme, view: PeriodView) -> bytes:
    """The period's report as UTF-8 JSON with a trailing newline; the same view gives the same bytes.

    Findings stand one per cell as they were recorded; only what is shown to people merges them.
    """
    record = {
        "schema": SCHEMA,
        "period": view.period.isoformat(),
        "ledger_time": utc_text(view.ledger_time),
        "rules_version": view.rules_version,
        "summary": _summary(view.districts),
        "districts": [_district(programme, district) for district in view.districts],
        "files": [record_entry(programme, file) for file in view.files],
        "undecided": [entry for file in view.files for entry in _undecided(file)],
        "settlements": [_settlement(line) for line in view.settlements],
        "issues": [_issue(issue) for issue in view.issues],
    }
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def file_entry(
    file: str,
    sha256: str,
    district: str | None,
    period: str | None,
    status: str,
    values: Mapping[str, int | None],
    findings: Iterable[Finding],
) -> dict[str, Any]:
    """A FILE object of interface.md. ``period`` is ISO; ``values`` keep the order they come in (see ``ordered_values``)."""
    return {
        "file": printable(file),
        "sha256": sha256,
        "district": district,
        "period": period,
        "status": str(status),
        "values": dict(values),
        "findings": [finding_entry(finding) for finding in findings],
    }


def finding_entry(finding: Finding) -> dict[str, Any]:
    """One finding with the keys of interface.md, in its order."""
    entry = {
        "rule": finding.rule,
        "grade": str(finding.grade),
        "sheet": finding.sheet,
        "cell": finding.cell,
        "district": finding.district,
        "indicator": finding.indicator,
        "period": finding.period,
        "observed": finding.observed,
        "expected": finding.expected,
        "message": finding.message,
        "fix": finding.fix,
        "state": finding.state,
    }
    return {key: printable(value) if value is not None else None for key, value in entry.items()}


def record_entry(programme: Programme, record: FileRecord) -> dict[str, Any]:
    """The FILE object of a file of the ledger."""
    period = record.period.isoformat() if record.period else None
    values = ordered_values(programme, record.values)
    return file_entry(record.file, record.sha256, record.district, period, record.status, values, record.findings)


def ordered_values(programme: Programme, values: Mapping[str, int | None]) -> dict[str, int | None]:
    """All indicators in programme order, None where there is no usable number."""
    return {indicator: values.get(indicator) for indicator in programme.indicator_ids}


def utc_text(time: dt.datetime) -> str:
    """ISO 8601 in UTC to the second, ``2024-07-05T01:30:00Z``; a time without a zone is UTC (view.py)."""
    aware = time if time.tzinfo else time.replace(tzinfo=dt.UTC)
    return aware.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _summary(districts: Iterable[DistrictRecord]) -> dict[str, int]:
    """Districts by state: the usual states always, others where they occur."""
    found = Counter(district.state for district in districts)
    return {state: found[state] for state in (*ALWAYS_COUNTED, *sorted(set(found) - set(ALWAYS_COUNTED)))}


def _district(programme: Programme, record: DistrictRecord) -> dict[str, Any]:
    shown = record.current or record.latest
    still_open = Counter(str(finding.grade) for finding in record.open_findings)
    return {
        "district": record.district,
        "state": record.state,
        "marks": list(record.marks),
        "version": record.version,
        "values": ordered_values(programme, record.values),
        "received": utc_text(shown.received) if shown else None,
        "first_received": utc_text(record.first_received) if record.first_received else None,
        "accepted_at": utc_text(record.accepted_at) if record.accepted_at else None,
        "files": record.files,
        "returns": record.returns,
        "file": printable(shown.file) if shown else None,
        "sha256": shown.sha256 if shown else None,
        "open": {grade.value: still_open[grade.value] for grade in Grade},
    }


def _settlement(line: Settlement) -> dict[str, Any]:
    """What a district said to a finding, and what the city made of it; None where there is nothing."""
    entry = {
        "district": line.finding.district,
        "indicator": line.finding.indicator,
        "rule": line.finding.rule,
        "observed": line.finding.observed,
        "expected": line.finding.expected,
        "state": line.finding.state,
        "explanation": line.text,
        "by": line.by,
        "how": line.how,
        "at": utc_text(line.at),
        "verdict": line.verdict,
        "decided_by": line.decided_by,
        "decided_at": utc_text(line.decided_at) if line.decided_at else None,
        "basis": line.basis,
        "wording": line.wording,
    }
    return {key: printable(value) if value else None for key, value in entry.items()}


def _undecided(file: FileRecord) -> list[dict[str, Any]]:
    period = file.period.isoformat() if file.period else None
    place = {"file": printable(file.file), "district": file.district, "period": period}
    return [{**place, "rule": item.rule, "indicator": item.indicator, "reason": item.reason} for item in file.undecided]


def _issue(issue: Issue) -> dict[str, Any]:
    """第N次定稿, with 文号 and date of 印发 where they are registered."""
    imprint = issue.imprint
    return {
        "number": issue.number,
        "at": utc_text(issue.at),
        "by": printable(issue.by),
        "missing": list(issue.missing),
        "document_number": printable(imprint.number) if imprint and imprint.number else None,
        "date": imprint.date.isoformat() if imprint and imprint.date else None,
    }
