"""审核说明与认定: which findings of a period were explained, by whom, and what the city made of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from pipeline.model import Act, Decision, Explanation, Finding, How, State
from pipeline.model.district_states import JUDGED
from pipeline.model.matters import Matter, holding, matter_of, verdict
from pipeline.model.view import FileRecord, Settlement
from schemas.programme import Programme

STANDING = "standing"


def answered(files: Iterable[FileRecord]) -> list[tuple[FileRecord, Finding]]:
    """The explained and decided findings of the returns that count."""
    judged = (file for file in files if file.district and file.status in JUDGED)
    return [(file, finding) for file in judged for finding in file.findings if finding.explanation or finding.note]


def settlements(
    findings: Iterable[tuple[FileRecord, Finding]],
    explanations: Iterable[Explanation],
    decisions: Sequence[Decision],
    decided: Sequence[Decision],
    programme: Programme,
) -> tuple[Settlement, ...]:
    """One line for each of the findings that were ``answered``, districts in form order. ``explanations`` and ``decisions`` are
    those of the year so far, ``decided`` those about the period and its files."""
    said = [each for each in explanations if not each.withdrawn]
    told = holding(decisions)
    found = {}
    for file, finding in findings:  # a later file's finding at the same values takes the place of the earlier one's
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
