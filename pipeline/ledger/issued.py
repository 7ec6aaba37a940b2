"""Issued bulletins: which values were frozen, how they were registered, and whether they are being restated."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, true

from pipeline.ledger import tables as t
from pipeline.ledger.lookup import VALID
from pipeline.model import Acceptance, AcceptanceCheck, Act, Grade, Imprint, Issue, Issued, Opening, Result


def issues(connection: Connection, period: dt.date) -> tuple[Issue, ...]:
    """Every issue of the period, oldest first."""
    return issues_of(connection, (period,)).get(period, ())


def issues_of(connection: Connection, periods: Collection[dt.date]) -> dict[dt.date, tuple[Issue, ...]]:
    """period → its issues, oldest first; periods that were never issued are left out."""
    found: dict[dt.date, list[Issue]] = {}
    if periods:
        i = t.issues.c
        for row in connection.execute(_ISSUES.where(i.period.between(min(periods), max(periods)))):
            if row.period in periods:
                found.setdefault(row.period, []).append(_issue(connection, row))
    return {period: tuple(every) for period, every in found.items()}


_ISSUES = (
    select(t.issues, t.decisions.c.by, t.decisions.c.reason, t.decisions.c.recorded_at)
    .join(t.decisions, t.decisions.c.id == t.issues.c.decision_id)
    .order_by(t.issues.c.decision_id)
)


def _issue(connection: Connection, row) -> Issue:  # type: ignore[no-untyped-def]  # a Row of _ISSUES
    v = t.issued_values.c
    values = connection.execute(select(v.district, v.indicator, v.value).where(v.issue_id == row.decision_id))
    reopened = _reopening(connection, row.period, row.decision_id) if row.number > 1 else None
    return Issue(
        period=row.period,
        number=row.number,
        by=row.by,
        at=row.recorded_at,
        reason=row.reason,
        missing=tuple(row.missing),
        values={(district, indicator): value for district, indicator, value in values},
        reopened=reopened,
        imprint=imprint_of(connection, row.decision_id),
    )


def _reopening(connection: Connection, period: dt.date, before: int) -> str | None:
    """Why the period was last opened for the restatement that decision ``before`` concluded."""
    d = t.decisions.c
    query = select(d.reason).where(d.period == period, d.act == Act.REOPEN.value, d.id < before).order_by(d.id.desc()).limit(1)
    reason: str | None = connection.scalar(query)
    return reason


def imprint_of(connection: Connection, issue: int) -> Imprint | None:
    """As last registered."""
    i, d = t.imprints.c, t.decisions.c
    query = (
        select(i.number, i.date, d.by, d.recorded_at)
        .join(t.decisions, d.id == i.decision_id)
        .where(i.issue_id == issue)
        .order_by(i.decision_id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return Imprint(row.number, row.date, row.by, row.recorded_at) if row else None


def opening(connection: Connection, period: dt.date) -> Opening:
    """What was opened for restatement since the last issue; several reopenings add up."""
    d = t.decisions.c
    last = connection.scalar(select(func.max(t.issues.c.decision_id)).where(t.issues.c.period == period))
    if last is None:
        return Opening()
    query = select(d.district, d.entry_id).where(d.period == period, d.act == Act.REOPEN.value, d.id > last).order_by(d.id.desc())
    first = {row.district: row.entry_id for row in connection.execute(query)}
    return Opening(first.pop(None, None), first)


def last_issued(connection: Connection, before: dt.date, until: int | None = None) -> dt.date | None:
    """The latest issued period before this one: that of the previous bulletin. ``until``: issued by this decision."""
    i = t.issues.c
    query = select(func.max(i.period)).where(i.period < before, _by(until))
    period: dt.date | None = connection.scalar(query)
    return period


def closed_by(connection: Connection, period: dt.date) -> int | None:
    """The decision of the period's last issue, where nothing of it is being restated: what its bulletin says was settled then."""
    last: int | None = connection.scalar(select(func.max(t.issues.c.decision_id)).where(t.issues.c.period == period))
    return None if last is None or opening(connection, period) else last


def _by(until: int | None) -> ColumnElement[bool]:
    return true() if until is None else t.issues.c.decision_id <= until


def issued_numbers(
    connection: Connection, periods: Collection[dt.date], until: int | None = None
) -> dict[dt.date, dict[tuple[str, str], int]]:
    """period → (district, indicator) → value as last issued (by the decision ``until``); periods never issued are left out."""
    i, v = t.issues.c, t.issued_values.c
    last = select(func.max(i.decision_id)).where(i.period.in_(periods), _by(until)).group_by(i.period)
    query = (
        select(i.period, v.district, v.indicator, v.value)
        .join(t.issued_values, v.issue_id == i.decision_id)
        .where(i.decision_id.in_(last))
    )
    found: dict[dt.date, dict[tuple[str, str], int]] = {}
    for day, district, indicator, value in connection.execute(query):
        found.setdefault(day, {})[district, indicator] = value
    return found


def bulletins_before(connection: Connection, period: dt.date) -> tuple[Mapping[tuple[str, str], int], ...]:
    """The values of every earlier bulletin as last issued, oldest first."""
    i, v = t.issues.c, t.issued_values.c
    last = select(func.max(i.decision_id)).where(i.period < period).group_by(i.period)
    query = (
        select(i.period, v.district, v.indicator, v.value)
        .join(t.issued_values, v.issue_id == i.decision_id)
        .where(i.decision_id.in_(last))
        .order_by(i.period)
    )
    found: dict[dt.date, dict[tuple[str, str], int]] = {}
    for day, district, indicator, value in connection.execute(query):
        found.setdefault(day, {})[(district, indicator)] = value
    return tuple(found.values())


def issued(connection: Connection, periods: Collection[dt.date]) -> dict[dt.date, Issued]:
    """period → its bulletin as last issued, for the checks of returns that come afterwards."""
    found = {}
    for period, every in issues_of(connection, periods).items():
        values: dict[str, dict[str, int]] = {}
        for (district, indicator), value in every[-1].values.items():
            values.setdefault(district, {})[indicator] = value
        found[period] = Issued(values, frozenset(every[-1].missing), opening(connection, period))
    return found


def acceptance_of(connection: Connection, period: dt.date) -> Acceptance | None:
    """What the gate said when the period was last issued."""
    a, i = t.acceptances.c, t.issues.c
    query = select(a.result).join(t.issues, i.acceptance_id == a.id).where(i.period == period).order_by(i.number.desc()).limit(1)
    kept = connection.scalar(query)
    return kept_acceptance(kept) if kept else None


def acceptance_kept(acceptance: Acceptance) -> dict[str, object]:
    """As JSON, for the ledger; ``kept_acceptance`` is the way back."""
    return {"checks": [dataclasses.asdict(check) for check in acceptance.checks], "suite": dict(acceptance.document)}


def kept_acceptance(kept: Mapping[str, Any]) -> Acceptance:
    """The checks; the suite's own result stays in the ledger."""
    checks = [
        AcceptanceCheck(
            **{**check, "grade": Grade(check["grade"]), "result": Result(check["result"]), "rows": tuple(check["rows"])}
        )
        for check in kept["checks"]
    ]
    return Acceptance(tuple(checks))


def restated(connection: Connection, period: dt.date, numbers: Mapping[tuple[str, str], int]) -> tuple[tuple[str, str], ...]:
    """(district, indicator) whose value as last issued, as ``numbers`` gives them, is not the one first issued."""
    every = issues(connection, period)
    first = every[0].values if every else {}
    return tuple(place for place, value in first.items() if numbers.get(place, value) != value)


LOOKED_BACK = 24
"""So many issued periods are asked for what was added to them since."""


def added_since(connection: Connection, period: dt.date, until: int | None = None) -> tuple[tuple[str, dt.date], ...]:
    """(district, earlier period) of 补报 that the period's bulletin is the first to tell: the district was named as missing when
    the period was last issued, and its first return for it was accepted after the previous bulletin (and before the decision
    ``until``)."""
    i, d, v, j = t.issues.c, t.decisions.c, t.versions.c, t.judgements.c
    last = select(func.max(i.decision_id)).where(i.period < period, _by(until)).group_by(i.period)
    query = select(i.period, i.missing, d.entry_id).join(t.decisions, d.id == i.decision_id).where(i.decision_id.in_(last))
    told = connection.execute(query.order_by(i.period.desc()).limit(LOOKED_BACK)).all()
    if not any(row.missing for row in told):
        return ()
    end = connection.scalar(select(d.entry_id).where(d.id == until)) if until else None
    found = []
    for row in reversed(told):
        first = (
            select(v.district)
            .join(t.judgements, j.id == v.judgement_id)
            .where(v.period == row.period, v.district.in_(row.missing))
            .group_by(v.district)
            .having(func.min(j.entry_id) > told[0].entry_id, func.min(j.entry_id) < end if end else true())
        )
        there = set(connection.scalars(first)) if row.missing else set()
        in_force = set(connection.scalars(select(v.district).where(v.period == row.period, v.district.in_(there), VALID)))
        found += [(name, row.period) for name in row.missing if name in in_force]
    return tuple(found)
