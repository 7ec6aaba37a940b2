"""Issuing written into the ledger, and issued products given back byte for byte."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, Select, func, insert, select

from pipeline.ledger import tables as t
from pipeline.ledger.issued import acceptance_kept, imprint_of
from pipeline.ledger.period_view import current_versions, last_judgements
from pipeline.ledger.records import record_decision
from pipeline.model import Acceptance, Decision, Issue
from pipeline.model.errors import LedgerTrouble

Product = tuple[str, bytes]
"""Path in the folder of the issue, and content."""


def record_acceptance(connection: Connection, period: dt.date, acceptance: Acceptance, now: dt.datetime) -> int:
    """Keep what the gate said, whatever it said; its number."""
    row = {
        "period": period,
        "judgement_id": connection.scalar(select(func.max(t.judgements.c.id)).where(t.judgements.c.period == period)),
        "accepted": not acceptance.refusals,
        "result": acceptance_kept(acceptance),
        "recorded_at": now,
    }
    key = connection.execute(insert(t.acceptances), row).inserted_primary_key
    assert key is not None
    return int(key[0])


def freeze(
    connection: Connection,
    decision: Decision,
    issue: Issue,
    acceptance: int,
    products: Iterable[Product],
) -> None:
    """Write the issue: who and why, the versions and judgements it stands on, the bytes of its products. One transaction."""
    number = record_decision(connection, decision)
    explained = select(t.explanations.c.id).where(t.explanations.c.period == issue.period).order_by(t.explanations.c.id)
    row = {
        "decision_id": number,
        "period": issue.period,
        "number": issue.number,
        "missing": list(issue.missing),
        "judgements": last_judgements(connection, issue.period),
        "explanations": list(connection.scalars(explained)),
        "acceptance_id": acceptance,
    }
    connection.execute(insert(t.issues), row)
    versions = current_versions(connection, issue.period)
    values = [
        {"issue_id": number, "district": district, "indicator": indicator, "value": value, "version_id": versions[district]}
        for (district, indicator), value in issue.values.items()
    ]
    if values:
        connection.execute(insert(t.issued_values), values)
    for name, content in products:
        hashed = {"sha256": hashlib.sha256(content).hexdigest(), "content": content}
        connection.execute(insert(t.products), {"issue_id": number, "name": name, **hashed})


def record_imprint(connection: Connection, decision: Decision, number: str, date: dt.date | None) -> None:
    """Register 文号 and date of the period's last issue; what is not given stays as registered. The frozen products stay too."""
    last: int = connection.scalars(select(func.max(t.issues.c.decision_id)).where(t.issues.c.period == decision.period)).one()
    known = imprint_of(connection, last)
    identifier = record_decision(connection, decision)
    row = {
        "decision_id": identifier,
        "issue_id": last,
        "number": number or (known.number if known else ""),
        "date": date or (known.date if known else None),
    }
    connection.execute(insert(t.imprints), row)


def frozen(connection: Connection, period: dt.date | None = None, number: int | None = None) -> list[tuple[dt.date, int]]:
    """(period, number) of every issue that is asked for, in order."""
    i = t.issues.c
    query: Select[tuple[dt.date, int]] = select(i.period, i.number).order_by(i.period, i.number)
    query = query.where(i.period == period) if period else query
    query = query.where(i.number == number) if number else query
    return [(row.period, row.number) for row in connection.execute(query)]


def frozen_products(connection: Connection, period: dt.date, number: int) -> Iterator[Product]:
    """The products of an issue as they were frozen. Raises LedgerTrouble where the ledger's bytes are not those of their
    sha256."""
    p, i = t.products.c, t.issues.c
    query = (
        select(p.name, p.sha256, p.content)
        .join(t.issues, i.decision_id == p.issue_id)
        .where(i.period == period, i.number == number)
        .order_by(p.name)
    )
    for name, sha256, content in connection.execute(query):
        if hashlib.sha256(content).hexdigest() != sha256:
            raise LedgerTrouble("altered", f"{period}/{number}/{name}")
        yield name, content
