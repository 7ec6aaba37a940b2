"""审核说明与认定: which findings of a period were explained, by whom, and what the city made of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from pipeline.findings import bound_values
from pipeline.ledger.around import explanations
from pipeline.model import Act, Decision, Explanation, Finding, How, Status
from pipeline.view import FileRecord, Settlement
from schemas.programme import Programme

STANDING = "standing"


def settlements(
    connection: Connection, period: dt.date, files: Iterable[FileRecord], decided: Sequence[Decision], programme: Programme
) -> tuple[Settlement, ...]:
    """One line for each explained or decided finding of the returns that count, districts in form order."""
    judged = [file for file in files if file.district and file.status in (Status.ACCEPTED, Status.PENDING, Status.RETURNED)]
    asked = [(file, finding) for file in judged for finding in file.findings if finding.explanation or finding.note]
    if not asked:
        return ()
    said = explanations(connection, (period,))
    found = {}
    for file, finding in asked:  # a later file's finding at the same values takes the place of the earlier one's
        bound = bound_values(finding.rule, finding.indicator, file.values, programme)
        key = (finding.district, finding.rule, finding.indicator, tuple(bound.items()))
        found[key] = _settlement(finding, dict(bound), period, file, said, decided)
    order = {name: place for place, name in enumerate(programme.district_names)}
    return tuple(sorted(found.values(), key=lambda line: order.get(line.finding.district or "", len(order))))


def _settlement(
    finding: Finding,
    bound: dict[str, int | None],
    period: dt.date,
    file: FileRecord,
    said: Sequence[Explanation],
    decided: Sequence[Decision],
) -> Settlement:
    about = (finding.rule, finding.indicator, finding.district)
    by_file = [e for e in said if (e.rule, e.indicator, e.district) == about and e.text == finding.explanation]
    own = [e for e in by_file if e.period == period and dict(e.values) == bound]
    mine = [d for d in decided if (d.rule, d.indicator, d.district) == about and dict(d.values) == bound]
    phone = [d for d in mine if d.act == Act.EXPLAIN and d.reason == finding.explanation]
    verdict = next((d for d in reversed(mine) if d.act in (Act.APPROVE, Act.REFUSE)), None)
    if phone and not own:
        source = (phone[-1].by, How.PHONE.value, phone[-1].at)
    elif own:
        source = (own[-1].by, How.SHEET.value, own[-1].at)
    elif by_file:
        source = (by_file[-1].by, STANDING, by_file[-1].at)
    else:
        source = ("", How.SHEET.value, file.received)
    return Settlement(
        finding,
        finding.explanation or "",
        *source,
        verdict=verdict.act if verdict else "",
        decided_by=verdict.by if verdict else "",
        decided_at=verdict.at if verdict else None,
        basis=verdict.basis if verdict else "",
        wording=verdict.wording if verdict else "",
    )
