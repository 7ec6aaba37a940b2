"""审核说明与认定: which findings of a period were explained, by whom, and what the city made of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from pipeline.ledger.settling import decisions, explanations
from pipeline.model import Act, Decision, Explanation, Finding, How, State, Status
from pipeline.model.matters import Matter, holding, matter_of, verdict
from pipeline.model.view import FileRecord, Settlement
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
    said = [e for e in explanations(connection, (period,)) if not e.withdrawn]
    told = holding(decisions(connection, (dt.date(period.year, 1, 1), period)))
    found = {}
    for file, finding in asked:  # a later file's finding at the same values takes the place of the earlier one's
        matter = matter_of(finding, file.values, programme)
        key = (finding.district, finding.rule, finding.indicator, tuple(matter.values.items()), matter.compared)
        found[key] = _settlement(finding, matter, file, said, told, decided)
    order = {name: place for place, name in enumerate(programme.district_names)}
    return tuple(sorted(found.values(), key=lambda line: order.get(line.finding.district or "", len(order))))


def _settlement(
    finding: Finding,
    matter: Matter,
    file: FileRecord,
    said: Sequence[Explanation],
    told: Sequence[Decision],
    decided: Sequence[Decision],
) -> Settlement:
    """``said`` and ``told`` (by telephone) are those of the year so far: some stand for it."""
    final = verdict(matter, decided)
    if final and final.act == Act.REFUSE and finding.state == State.EXPLAINED:
        final = None  # what was said since is another explanation
    return Settlement(
        finding,
        finding.explanation or "",
        *_source(finding, matter, file, said, told),
        verdict=final.act if final else "",
        decided_by=final.by if final else "",
        decided_at=final.at if final else None,
        basis=final.basis if final else "",
        wording=final.wording if final else "",
    )


def _source(
    finding: Finding, matter: Matter, file: FileRecord, said: Sequence[Explanation], told: Sequence[Decision]
) -> tuple[str, str, dt.datetime]:
    """Who explained it, how and when."""
    about = (finding.rule, finding.indicator, finding.district)
    by_file = [e for e in said if (e.rule, e.indicator, e.district) == about and e.text == finding.explanation]
    own = [e for e in by_file if matter.is_of(e)]
    by_phone = [d for d in told if d.act == Act.EXPLAIN and (d.rule, d.indicator, d.district) == about]
    by_phone = [d for d in by_phone if d.reason == finding.explanation]
    phone = [d for d in by_phone if matter.is_of(d)]
    standing = [(e.by, STANDING, e.at) for e in by_file] + [(d.by, STANDING, d.at) for d in by_phone]
    if own:
        return own[-1].by, How.SHEET.value, own[-1].at
    if phone:
        return phone[-1].by, How.PHONE.value, phone[-1].at
    return standing[-1] if standing else ("", How.SHEET.value, file.received)
