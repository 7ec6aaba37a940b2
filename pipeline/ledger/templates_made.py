"""Templates made: what each was filled with, so that it can be made again and its previous values be compared (P06)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Select, insert, select

from pipeline.ledger import tables as t
from pipeline.model import Place, Prefilled


def record_templates(connection: Connection, made: Mapping[Place, Prefilled], now: dt.datetime) -> None:
    """Templates made at ``now`` (UTC). One that is the same as the last one for its place is not written again."""
    known = prefilled(connection, made)
    rows = [
        {
            "district": district,
            "period": period,
            "version": one.version,
            "previous": one.previous,
            "prefilled": dict(one.values),
            "made_at": now,
        }
        for (district, period), one in made.items()
        if known.get((district, period), ())[-1:] != (one,)
    ]
    if rows:
        connection.execute(insert(t.templates), rows)


def prefilled(connection: Connection, places: Collection[Place]) -> dict[Place, tuple[Prefilled, ...]]:
    """The templates made for these places, oldest first; places without any left out."""
    found: dict[Place, tuple[Prefilled, ...]] = {}
    every = sorted({period for _, period in places})
    for start in range(0, len(every), 500):
        found |= _templates(connection, select(t.templates).where(t.templates.c.period.in_(every[start : start + 500])))
    return {place: found[place] for place in places if place in found}


def all_templates(connection: Connection, period: dt.date | None) -> dict[Place, Prefilled]:
    """The last template made for each place, of one period or of all."""
    query = select(t.templates)
    found = _templates(connection, query if period is None else query.where(t.templates.c.period == period))
    return {place: templates[-1] for place, templates in found.items()}


def made_at(connection: Connection, period: dt.date) -> dict[str, dt.datetime]:
    """district → when the last of its templates for the period was made (UTC)."""
    query = select(t.templates.c.district, t.templates.c.made_at).where(t.templates.c.period == period)
    return {row.district: row.made_at for row in connection.execute(query.order_by(t.templates.c.id))}


def _templates(connection: Connection, query: Select[Any]) -> dict[Place, tuple[Prefilled, ...]]:
    found: dict[Place, tuple[Prefilled, ...]] = {}
    for row in connection.execute(query.order_by(t.templates.c.id)):
        one = Prefilled(row.version, row.previous, row.prefilled)
        found[row.district, row.period] = (*found.get((row.district, row.period), ()), one)
    return found
