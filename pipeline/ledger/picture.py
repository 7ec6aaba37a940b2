"""The ledger as the outputs of one period show it: a ``PeriodView``, a pure function of what is recorded."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select

from pipeline.ledger import tables as t
from pipeline.model import Finding, Status, Undecided
from pipeline.view import ACCEPTED, MISSING, PENDING, RETURNED, TO_DECIDE, DistrictRecord, FileRecord, PeriodView, Source
from schemas.programme import Programme

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def period_view(connection: Connection, period: dt.date, judgement: int, programme: Programme) -> PeriodView:
    """The period as recorded up to ``judgement``, the last one of this and earlier periods: later ones change nothing in it."""
    files = _files(connection, _FILES.where(t.judgements.c.period == bindparam("day")), {"day": period}, programme)
    sources = _sources(connection, period, programme)
    previous = connection.scalar(select(func.max(t.versions.c.period)).where(t.versions.c.period < period))
    year_end = dt.date(period.year - 1, 12, 31)
    wanted = {day for day in (previous, year_end) if day}
    recorded = connection.scalar(select(t.judgements.c.recorded_at).where(t.judgements.c.id == judgement))
    return PeriodView(
        period=period,
        ledger_time=recorded or EPOCH,
        rules_version=programme.version,
        districts=tuple(_district(name, files, sources, programme) for name in programme.district_names),
        values=sources,
        history={day: found for day in sorted(wanted) if (found := _numbers(connection, day))},
        previous=previous,
        files=files,
    )


def unplaced(connection: Connection, programme: Programme) -> tuple[FileRecord, ...]:
    """Files whose period could not be told: they belong to no period's folder."""
    return _files(connection, _FILES.where(t.judgements.c.period.is_(None)), {}, programme)


def _latest() -> Any:
    """The id of a submission's last judgement."""
    j = t.judgements.alias("later")
    return select(func.max(j.c.id)).where(j.c.submission_id == t.submissions.c.id).correlate(t.submissions).scalar_subquery()


_FILES = (
    select(t.submissions.c.file, t.submissions.c.sha256, t.submissions.c.received_at, t.versions.c.number, t.judgements)
    .join(t.judgements, t.judgements.c.submission_id == t.submissions.c.id)
    .outerjoin(t.versions, t.versions.c.judgement_id == t.judgements.c.id)
    .where(t.judgements.c.id == _latest())
    .order_by(t.submissions.c.received_at, t.submissions.c.id)
)


def _files(connection: Connection, query: Select[Any], words: dict[str, Any], programme: Programme) -> tuple[FileRecord, ...]:
    rows = connection.execute(query, words).all()
    findings = _findings(connection, [row.id for row in rows])
    return tuple(_file(row, findings.get(row.id, ()), programme) for row in rows)


def _file(row: Row[Any], findings: tuple[Finding, ...], programme: Programme) -> FileRecord:
    entries = {i: row.entries[i] for i in programme.indicator_ids if i in row.entries}
    return FileRecord(
        file=row.file,
        sha256=row.sha256,
        status=row.status,
        received=row.received_at,
        district=row.district,
        period=row.period,
        sheet=row.sheet,
        version=row.number,
        values={indicator: entry[0] for indicator, entry in entries.items()},
        cells={indicator: entry[1] for indicator, entry in entries.items()},
        findings=findings,
        undecided=tuple(Undecided(*item) for item in row.undecided),
    )


def _findings(connection: Connection, judgements: Sequence[int]) -> dict[int, tuple[Finding, ...]]:
    found: dict[int, list[Finding]] = {}
    f = t.findings.c
    for start in range(0, len(judgements), 500):
        part = judgements[start : start + 500]
        query = select(t.findings).where(f.judgement_id.in_(part)).order_by(f.judgement_id, f.position)
        for row in connection.execute(query):
            finding = Finding(**{name: getattr(row, name) for name in Finding.__dataclass_fields__})
            found.setdefault(row.judgement_id, []).append(finding)
    return {judgement: tuple(each) for judgement, each in found.items()}


@functools.cache
def _in_force() -> Select[Any]:
    """The versions in force in a period (``day``), with their observations and where they came from."""
    v, o, j, s = t.versions.c, t.observations.c, t.judgements.c, t.submissions.c
    newer = t.versions.alias("newer")
    last = select(func.max(newer.c.number)).where(newer.c.district == v.district, newer.c.period == v.period)
    return (
        select(v.district, v.number, v.recorded_at, o.indicator, o.value, o.sheet, o.cell, j.rules_version)
        .add_columns(s.file, s.sha256, s.received_at)
        .join(t.observations, o.version_id == v.id)
        .join(t.judgements, j.id == v.judgement_id)
        .join(t.submissions, s.id == j.submission_id)
        .where(v.period == bindparam("day"), v.number == last.correlate(t.versions).scalar_subquery())
    )


def _sources(connection: Connection, period: dt.date, programme: Programme) -> dict[tuple[str, str], Source]:
    """In form order, then programme order."""
    found = {
        (row.district, row.indicator): Source(
            row.district,
            row.indicator,
            row.value,
            row.number,
            row.file,
            row.sheet,
            row.cell,
            row.sha256,
            row.received_at,
            row.recorded_at,
            row.rules_version,
        )
        for row in connection.execute(_in_force(), {"day": period})
    }
    order = ((district, indicator) for district in programme.district_names for indicator in programme.indicator_ids)
    return {place: found[place] for place in order if place in found}


def _numbers(connection: Connection, period: dt.date) -> dict[tuple[str, str], int]:
    v, o = t.versions.c, t.observations.c
    query = select(v.district, o.indicator, o.value).join(t.observations, o.version_id == v.id)
    rows = connection.execute(query.where(v.period == period).order_by(v.number))
    return {(district, indicator): value for district, indicator, value in rows}


def _district(
    district: str, files: Iterable[FileRecord], sources: dict[tuple[str, str], Source], programme: Programme
) -> DistrictRecord:
    judged = {Status.ACCEPTED, Status.PENDING, Status.RETURNED}
    own = [file for file in files if file.district == district and file.status in judged]
    accepted = [source for (name, _), source in sources.items() if name == district]
    version = accepted[0].version if accepted else None
    current = next((file for file in own if version and file.version == version), None)
    latest = own[-1] if own else None
    values: dict[str, int | None] = {source.indicator: source.value for source in accepted}
    values = values or (dict(latest.values) if latest else {})
    waiting = latest is not None and current is not None and latest.status != Status.ACCEPTED
    return DistrictRecord(
        district=district,
        state=_state(current, latest),
        marks=(programme.wording["findings"]["mark"]["waiting"].format(version=(version or 0) + 1),) if waiting else (),
        version=version,
        values=values,
        current=current,
        latest=latest,
        accepted_at=accepted[0].recorded if accepted else None,
        first_received=own[0].received if own else None,
        files=len(own),
        returns=sum(file.status == Status.RETURNED for file in own),
    )


def _state(current: FileRecord | None, latest: FileRecord | None) -> str:
    """wording.md 2: an accepted version stays valid while a faulty new one waits."""
    if current is not None:
        return ACCEPTED
    if latest is None:
        return MISSING
    if latest.status == Status.RETURNED:
        return RETURNED
    only_city = {"F17", "Z01"}
    queries = {finding.rule for finding in latest.findings if finding.grade == "query" and finding.state == "open"}
    return TO_DECIDE if queries and queries <= only_city else PENDING
