"""Earlier periods as a bulletin shows them: which, and their values. Each answer is bounded, however long the ledger is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import Connection, select, union

from pipeline.ledger import tables as t
from pipeline.ledger.issued import issued_numbers
from pipeline.ledger.lookup import VALID
from pipeline.model import Status

SHOWN = 11
"""So many periods stand beside a bulletin's own."""
KNOWN = 24
"""So many are looked back on for that of a year before."""


def published_before(connection: Connection, period: dt.date, until: int | None = None) -> list[dt.date]:
    """The last periods that were issued (by the decision ``until``), or taken over as baselines; latest first. What was never
    published stays out."""
    i, j, v = t.issues.c, t.judgements.c, t.versions.c
    issued = select(i.period).where(i.period < period)
    issued = issued if until is None else issued.where(i.decision_id <= until)
    baselines = select(v.period).join(t.judgements, j.id == v.judgement_id)
    baselines = baselines.where(j.status == Status.BASELINE.value, v.period < period, VALID)
    either = union(issued, baselines).subquery()
    return list(connection.scalars(select(either.c.period).order_by(either.c.period.desc()).limit(KNOWN)))


def accepted_before(connection: Connection, period: dt.date) -> list[dt.date]:
    """The last periods with accepted values, latest first: where no bulletin was issued yet."""
    v = t.versions.c
    query = select(v.period).where(v.period < period, VALID).distinct().order_by(v.period.desc()).limit(KNOWN)
    return list(connection.scalars(query))


def published(
    connection: Connection, periods: Collection[dt.date], until: int | None = None
) -> dict[dt.date, dict[tuple[str, str], int]]:
    """period → (district, indicator) → value as a bulletin shows it, periods in order; those without values are left out.

    What was issued (by the decision ``until``) stays as it was last issued, while it is being restated too. Values in force
    (accepted before it) stand for what no bulletin has told: baselines, 补报, and periods that were never issued.
    """
    in_force, issued = numbers(connection, periods, until), issued_numbers(connection, periods, until)
    return {day: {**in_force.get(day, {}), **issued.get(day, {})} for day in sorted({*in_force, *issued})}


def numbers(
    connection: Connection, periods: Collection[dt.date], until: int | None = None
) -> dict[dt.date, dict[tuple[str, str], int]]:
    """period → (district, indicator) → value in force, periods in order; those without values are left out. ``until``: as it
    was at this decision."""
    v, o, j, d, r = t.versions.c, t.observations.c, t.judgements.c, t.decisions.c, t.retractions.c
    query = select(v.period, v.district, o.indicator, o.value).join(t.observations, o.version_id == v.id)
    query = query.where(v.period.in_(periods))
    if until is None:
        query = query.where(VALID)
    else:
        entry = select(d.entry_id).where(d.id == until).scalar_subquery()
        query = query.join(t.judgements, j.id == v.judgement_id).where(j.entry_id < entry)
        query = query.where(v.id.not_in(select(r.version_id).where(r.decision_id < until)))
    found: dict[dt.date, dict[tuple[str, str], int]] = {}
    for day, district, indicator, value in connection.execute(query.order_by(v.period, v.number)):
        found.setdefault(day, {})[district, indicator] = value
    return found
