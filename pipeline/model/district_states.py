"""A district's state in a period and the marks beside it (wording.md 2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.model import Decision, Finding, Grade, Issue, Opening, State, Status, excused
from pipeline.model.catalogue import awaits_city, is_settled
from pipeline.model.view import (
    ACCEPTED,
    EXCUSED,
    ISSUED,
    MISSING,
    PENDING,
    RESTATING,
    RETURNED,
    TO_DECIDE,
    DistrictRecord,
    FileRecord,
    Source,
)
from pipeline.model.words import Words
from schemas.programme import Programme

JUDGED = {Status.ACCEPTED, Status.PENDING, Status.RETURNED}


def district_record(
    district: str,
    files: Iterable[FileRecord],
    sources: Mapping[tuple[str, str], Source],
    decided: Sequence[Decision],
    programme: Programme,
) -> DistrictRecord:
    """What the period's files and decisions say of one district. ``sources`` are the values in force."""
    every = [file for file in files if file.district == district]
    own = [file for file in every if file.status in JUDGED]
    accepted = [source for (name, _), source in sources.items() if name == district]
    version = accepted[0].version if accepted else None
    current = next((file for file in own if version and file.version == version), None)
    latest = own[-1] if own else None
    values: dict[str, int | None] = {source.indicator: source.value for source in accepted}
    mine = [decision for decision in decided if decision.district == district]
    questioned = _questioned(current, programme)
    return DistrictRecord(
        district=district,
        state=_state(bool(accepted), latest, mine, programme),
        marks=tuple(_marks(every, _lately(own, programme), current, version, bool(questioned), programme)),
        version=version,
        values=values or (dict(latest.values) if latest else {}),
        current=current,
        latest=latest,
        accepted_at=accepted[0].recorded if accepted else None,
        first_received=own[0].received if own else None,
        files=len(own),
        returns=sum(file.status == Status.RETURNED for file in own),
        before=own[-2] if len(own) > 1 else None,
        questioned=questioned,
    )


def _lately(own: Sequence[FileRecord], programme: Programme) -> list[FileRecord]:
    """The latest return, or all that came together where the city has to say which it is (F17): none of them is the latest."""
    rivals = [file for file in own if any(programme.role_of(finding.rule) == "rivals" for finding in file.findings)]
    return rivals if own and own[-1] in rivals else list(own[-1:])


def _questioned(current: FileRecord | None, programme: Programme) -> tuple[Finding, ...]:
    """What stands open on the version in force since it was judged again (需复核)."""
    found = current.findings if current else ()
    return tuple(finding for finding in found if finding.grade != Grade.HINT and not is_settled(finding, programme))


def in_issue(record: DistrictRecord, issued: Sequence[Issue], opened: Opening, programme: Programme) -> DistrictRecord:
    """The record beside the bulletins issued: 已通报 where it stands in the last one, 更正中 while that is being restated."""
    if not issued:
        return record
    words = Words(programme, "findings").table("mark")
    first, last = (_of(issue, record.district) for issue in (issued[0], issued[-1]))
    now = {indicator: value for indicator, value in record.values.items() if record.version}
    state = record.state
    if record.version and record.district in opened:
        state = RESTATING
    elif record.version and now == last:
        state = ISSUED
    marks = {
        "added": bool(now) and not first,
        "left_out": not now and state != EXCUSED and record.district in issued[-1].missing,
        "restated": bool(first) and bool(now) and now != first,
    }
    return replace(record, state=state, marks=(*record.marks, *(words[mark] for mark, there in marks.items() if there)))


def _of(issue: Issue, district: str) -> dict[str, int]:
    return {indicator: value for (name, indicator), value in issue.values.items() if name == district}


def _state(in_force: bool, latest: FileRecord | None, decided: Sequence[Decision], programme: Programme) -> str:
    """wording.md 2: an accepted version stays valid while a faulty new one waits."""
    if in_force:
        return ACCEPTED
    if latest is None:
        return EXCUSED if excused(decided) else MISSING
    if any(programme.role_of(finding.rule) == "rivals" for finding in latest.findings):
        return TO_DECIDE  # which file it is to be is the city's to say, whatever else is found in one of them
    if latest.status == Status.RETURNED:
        return RETURNED
    return TO_DECIDE if awaits_city(latest.findings, programme) else PENDING


def _marks(
    every: Sequence[FileRecord],
    lately: Sequence[FileRecord],
    current: FileRecord | None,
    version: int | None,
    questioned: bool,
    programme: Programme,
) -> Iterator[str]:
    """In the order of wording.md 2."""
    words = Words(programme, "findings")
    shown = [finding for file in (current, *lately) if file for finding in file.findings]
    said = Words(programme, "answers")
    found = {
        "questioned": questioned,
        "late": any(programme.role_of(finding.rule) == "late" for finding in shown),
        "withdrawn": any(file.status == Status.WITHDRAWN for file in every),
        "sent_back": any(programme.role_of(finding.rule) == "sent_back" for file in lately for finding in file.findings),
        "phone": any(finding.note == said.text("decided.phone") for finding in shown),
        "standing": any(finding.note == said.text("decided.standing") for finding in shown),
        "cut": current is not None
        and any(f.state == State.APPROVED and f.rule in programme.answers.amount_rules for f in current.findings),
    }
    yield from (words.table("mark")[mark] for mark, there in found.items() if there)
    if version and any(file is not current and file.status != Status.ACCEPTED for file in lately):
        yield words.text("mark.waiting", version=version + 1)
