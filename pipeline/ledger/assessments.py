"""A bulletin as it was frozen, beside what the ledger knew of the year before at that time."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, select

from pipeline.ledger import tables as t
from pipeline.ledger.earlier import published
from pipeline.ledger.settling import decisions
from pipeline.model import Issue, excused
from pipeline.model.view import EXCUSED, ISSUED, MISSING, DistrictRecord, PeriodView, Source
from schemas.programme import Programme


def issued_view(connection: Connection, issue: Issue, programme: Programme) -> PeriodView:
    """The period's values as issued, and those of the last year's end as its bulletin showed them: whatever was recorded since
    changes nothing in it. Only what figures are made from is filled in."""
    values = _issued(connection, issue)
    number = _decision(connection, issue)
    settled = excused(decision for decision in decisions(connection, (issue.period,)) if decision.id < number)
    there = {district for district, _ in values}
    states = {
        name: ISSUED if name in there else EXCUSED if (name, issue.period) in settled else MISSING
        for name in programme.district_names
    }
    year_end = dt.date(issue.period.year - 1, 12, 31)
    return PeriodView(
        period=issue.period,
        ledger_time=issue.at,
        rules_version=programme.version,
        districts=tuple(DistrictRecord(name, state) for name, state in states.items()),
        values=values,
        history=published(connection, (year_end,), number),
        previous=None,
        files=(),
        issues=(issue,),
    )


def _decision(connection: Connection, issue: Issue) -> int:
    """The ledger's number of the decision to issue."""
    i = t.issues.c
    number: int = connection.scalars(select(i.decision_id).where(i.period == issue.period, i.number == issue.number)).one()
    return number


def _issued(connection: Connection, issue: Issue) -> dict[tuple[str, str], Source]:
    i, v, o, j, s = (table.c for table in (t.issued_values, t.versions, t.observations, t.judgements, t.submissions))
    query = (
        select(i.district, i.indicator, i.value, v.number, v.recorded_at, o.sheet, o.cell, j.rules_version)
        .add_columns(s.file, s.sha256, s.received_at)
        .join(t.issues, t.issues.c.decision_id == i.issue_id)
        .join(t.versions, v.id == i.version_id)
        .join(t.observations, (o.version_id == v.id) & (o.indicator == i.indicator))
        .join(t.judgements, j.id == v.judgement_id)
        .join(t.submissions, s.id == j.submission_id)
        .where(t.issues.c.period == issue.period, t.issues.c.number == issue.number)
    )
    return {
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
        for row in connection.execute(query)
    }
