"""Letters handed to the mail server: noted before, answered after. One that was noted and never answered stays in doubt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from pipeline.ledger import tables as t
from pipeline.ledger.store import Ledger


class Result(StrEnum):
    """How a letter stands with one recipient; refused and unsent ones may be tried again."""

    SENT = "sent"
    REFUSED = "refused"
    UNSENT = "unsent"
    DOUBT = "doubt"


Key = tuple[str, str]
"""The letter's digest and the recipient."""


def results(connection: Connection, digests: Iterable[str]) -> dict[Key, Result]:
    """What became of the last attempt, for every recipient these letters were handed over for."""
    m, a = t.mailings.c, t.mail_answers.c
    query = select(m.digest, m.recipient, a.result).outerjoin(t.mail_answers, a.mailing_id == m.id).order_by(m.id)
    rows = connection.execute(query.where(m.digest.in_(sorted(set(digests)))))
    return {(row.digest, row.recipient): Result(row.result or Result.DOUBT) for row in rows}


def begin(ledger: Ledger, key: Key, period: dt.date, kind: str, district: str | None, now: dt.datetime) -> int | None:
    """Note, for good, that a letter is about to be handed over; the number to answer with.

    None when it must not be: it was sent, it is in doubt, or somebody else is sending it. Raises LedgerTrouble.
    """
    m = t.mailings.c
    try:
        with ledger.writing() as connection:
            if results(connection, [key[0]]).get(key, Result.UNSENT) in (Result.SENT, Result.DOUBT):
                return None
            tried = connection.scalars(select(m.attempt).where(m.digest == key[0], m.recipient == key[1])).all()
            row = {"digest": key[0], "recipient": key[1], "attempt": max(tried, default=0) + 1, "begun_at": now}
            made = connection.execute(insert(t.mailings), row | {"period": period, "kind": kind, "district": district})
            assert made.inserted_primary_key is not None
            return int(made.inserted_primary_key[0])
    except IntegrityError:  # the unique key: somebody else noted the same attempt
        return None


def finish(ledger: Ledger, mailing: int, result: Result, answer: str, now: dt.datetime) -> None:
    """What the server answered. Raises LedgerTrouble."""
    with ledger.writing() as connection:
        row = {"mailing_id": mailing, "result": result.value, "answer": answer, "answered_at": now}
        connection.execute(insert(t.mail_answers), row)
