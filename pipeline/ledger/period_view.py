"""The ledger as the outputs of one period show it: a ``PeriodView``, a pure function of what is recorded."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, bindparam, func, or_, select

from pipeline.ledger import tables as t
from pipeline.ledger.earlier import SHOWN, accepted_before, published, published_before
from pipeline.ledger.issued import acceptance_of, added_since, closed_by, issues, last_issued, opening, restated
from pipeline.ledger.lookup import VALID, history, number_of, with_files
from pipeline.ledger.publications import Edition
from pipeline.ledger.settling import decisions, explanations
from pipeline.model import Act, Decision, Finding, Grade, Issue, Opening, Undecided, envelope_of, parcel_of
from pipeline.model.district_states import district_record, in_issue
from pipeline.model.settlements import answered, settlements
from pipeline.model.view import FileRecord, PeriodView, Settlement, Source
from schemas.pace import year_before
from schemas.programme import Programme

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def period_view(connection: Connection, edition: Edition, programme: Programme, staged: Issue | None = None) -> PeriodView:
    """The period as recorded up to the edition's judgement and decision, the last ones of this and earlier periods: later ones
    change nothing in it. ``staged`` is an issue that is being made. Raises ValueError for the edition of files without a period.
    """
    if edition.period is None:
        raise ValueError("files without a period have no picture")
    period = edition.period
    files = files_of(connection, period, programme)
    sources = _sources(connection, period, programme)
    until = None if staged else closed_by(connection, period)
    bulletin = last_issued(connection, period, until)
    before = _before(connection, period, bulletin, until)
    decided = decisions(connection, (period,), (file.sha256 for file in files))
    issued = issues(connection, period) if any(decision.act == Act.ISSUE for decision in decided) else ()
    opened = opening(connection, period) if issued and not staged else Opening()
    issued = (*issued, staged) if staged else issued
    recorded = connection.scalar(select(t.judgements.c.recorded_at).where(t.judgements.c.id == edition.judgement))
    questioned = {
        finding.district for file in files for finding in file.findings if finding.district and finding.grade != Grade.HINT
    }
    return PeriodView(
        period=period,
        ledger_time=max((recorded or EPOCH, *(decision.at for decision in decided), *(issue.at for issue in issued))),
        rules_version=programme.version,
        districts=tuple(
            in_issue(district_record(name, files, sources, decided, programme), issued, opened, programme)
            for name in programme.district_names
        ),
        values=sources,
        history=before.values,
        previous=before.previous,
        files=files,
        settlements=_settlements(connection, period, files, decided, programme),
        decisions=decided,
        past=_past(connection, questioned, period),
        issues=issued,
        reopened=bool(opened),
        restated=restated(connection, bulletin, before.values.get(bulletin, {})) if bulletin else (),
        added=added_since(connection, period, until) if bulletin else (),
        acceptance=acceptance_of(connection, period) if issued and not staged else None,
        earlier=before.shown,
        year_ago=before.year_ago,
        decided=edition.decision,
    )


class _Before(NamedTuple):
    """Earlier periods: the one compared with, those shown beside this one, that of a year before, and the values of all."""

    previous: dt.date | None
    shown: tuple[dt.date, ...]
    year_ago: dt.date | None
    values: dict[dt.date, dict[tuple[str, str], int]]


def _before(connection: Connection, period: dt.date, bulletin: dt.date | None, until: int | None) -> _Before:
    """Those that were published, where there is an earlier ``bulletin``; else those with accepted values."""
    previous = bulletin or connection.scalar(select(func.max(t.versions.c.period)).where(t.versions.c.period < period, VALID))
    known = published_before(connection, period, until) if bulletin else accepted_before(connection, period)
    shown = tuple(sorted(known[:SHOWN]))
    year_ago = year_before(period) if year_before(period) in known else None
    days = {day for day in (previous, dt.date(period.year - 1, 12, 31), year_ago, *shown) if day}
    return _Before(previous, shown, year_ago, published(connection, days, until))


def _settlements(
    connection: Connection, period: dt.date, files: Iterable[FileRecord], decided: Sequence[Decision], programme: Programme
) -> tuple[Settlement, ...]:
    findings = answered(files)
    if not findings:
        return ()
    year = (dt.date(period.year, 1, 1), period)
    return settlements(findings, explanations(connection, (period,)), decisions(connection, year), decided, programme)


def _past(
    connection: Connection, districts: Iterable[str], period: dt.date
) -> dict[tuple[str, str], tuple[tuple[dt.date, int], ...]]:
    """Accepted values of earlier periods by district and indicator, oldest first."""
    found: dict[tuple[str, str], list[tuple[dt.date, int]]] = {}
    for district, periods in history(connection, districts, period, period).items():
        for day in sorted(day for day in periods if day < period):
            for indicator, value in periods[day].values.items():
                found.setdefault((district, indicator), []).append((day, value))
    return {place: tuple(values) for place, values in found.items()}


def files_of(connection: Connection, period: dt.date, programme: Programme) -> tuple[FileRecord, ...]:
    """All files of the period with their last judgements, in the order they came."""
    standing = {row.district: row.number for row in connection.execute(_STANDING, {"day": period})}
    files = _files(connection, _FILES.where(t.judgements.c.period == bindparam("day")), {"day": period}, programme)
    return tuple(replace(f, in_force=f.version is not None and standing.get(f.district or "") == f.version) for f in files)


def unplaced(connection: Connection, programme: Programme) -> tuple[FileRecord, ...]:
    """Files whose period could not be told: they belong to no period's folder."""
    return _files(connection, _FILES.where(t.judgements.c.period.is_(None)), {}, programme)


def without_place(connection: Connection, programme: Programme) -> tuple[FileRecord, ...]:
    """Files whose district or period could not be told."""
    unknown = or_(t.judgements.c.period.is_(None), t.judgements.c.district.is_(None))
    return _files(connection, _FILES.where(unknown), {}, programme)


def _latest() -> Any:
    """The id of a submission's last judgement."""
    j = t.judgements.alias("later")
    return select(func.max(j.c.id)).where(j.c.submission_id == t.submissions.c.id).correlate(t.submissions).scalar_subquery()


_STANDING = (
    select(t.versions.c.district, func.max(t.versions.c.number).label("number"))
    .where(t.versions.c.period == bindparam("day"), VALID)
    .group_by(t.versions.c.district)
)
"""district → the number of its version in force in a period (``day``)."""

_FILES = (
    select(t.submissions.c.file, t.submissions.c.sha256, t.submissions.c.received_at, t.submissions.c.entry_id.label("came"))
    .add_columns(number_of().label("number"), t.submissions.c.envelope, t.judgements)
    .join(t.judgements, t.judgements.c.submission_id == t.submissions.c.id)
    .where(t.judgements.c.id == _latest())
    .order_by(t.submissions.c.id)
)


def _files(connection: Connection, query: Select[Any], words: dict[str, Any], programme: Programme) -> tuple[FileRecord, ...]:
    rows = connection.execute(query, words).all()
    findings = findings_of(connection, [row.id for row in rows])
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
        entry=row.came,
        values={indicator: entry[0] for indicator, entry in entries.items()},
        cells={indicator: entry[1] for indicator, entry in entries.items()},
        findings=findings,
        undecided=tuple(Undecided(*item) for item in row.undecided),
        envelope=envelope_of(row.envelope),
        parcel=parcel_of(row.envelope),
    )


def findings_of(connection: Connection, judgements: Sequence[int]) -> dict[int, tuple[Finding, ...]]:
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
    """The versions in force in a period (``day``), and where they came from."""
    v, j, s = t.versions.c, t.judgements.c, t.submissions.c
    newer = t.versions.alias("newer")
    last = (
        select(func.max(newer.c.number))
        .where(newer.c.district == v.district, newer.c.period == v.period)
        .where(newer.c.id.not_in(select(t.retractions.c.version_id)))
    )
    return with_files(v.id, v.district, v.number, s.file, s.sha256, s.received_at, v.recorded_at, j.rules_version).where(
        v.period == bindparam("day"), v.number == last.correlate(t.versions).scalar_subquery()
    )


def _sources(connection: Connection, period: dt.date, programme: Programme) -> dict[tuple[str, str], Source]:
    """In form order, then programme order."""
    versions = {row.id: row for row in connection.execute(_in_force(), {"day": period})}
    found = {}
    for each in connection.execute(select(t.observations).where(t.observations.c.version_id.in_(versions))):
        own = versions[each.version_id]
        found[own.district, each.indicator] = Source(
            own.district,
            each.indicator,
            each.value,
            own.number,
            own.file,
            each.sheet,
            each.cell,
            own.sha256,
            own.received_at,
            own.recorded_at,
            own.rules_version,
        )
    order = ((district, indicator) for district in programme.district_names for indicator in programme.indicator_ids)
    return {place: found[place] for place in order if place in found}


def current_versions(connection: Connection, period: dt.date) -> dict[str, int]:
    """district → the number in the database of its version in force."""
    v = t.versions.c
    rows = connection.execute(select(v.district, v.id).where(v.period == period, VALID).order_by(v.number))
    return {row.district: row.id for row in rows}


def last_judgements(connection: Connection, period: dt.date) -> list[int]:
    """The last judgement of every file of the period."""
    return [row.id for row in connection.execute(_FILES.where(t.judgements.c.period == period))]
