"""The ledger's sequence, what explanations and decisions compared a value with, and how far accepted returns were judged again.

An older ledger's rows keep their order in each table; the tables are merged by time, nothing coming before what it is about.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ORDERED = ("submissions", "judgements", "decisions", "explanations")
COMPARED = "what the value was compared with; null: nothing, or not known"


def upgrade() -> None:
    op.create_table(
        "entries",
        sa.Column("id", sa.Integer(), nullable=False, comment="the ledger's sequence: what came later has a higher number"),
        sa.Column(
            "recorded_at",
            sa.DateTime(),
            nullable=False,
            comment="as the clock of the machine showed it: to be shown, never compared",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_entries"),
    )
    for name in ORDERED:
        comment = "the run it came with" if name == "submissions" else None
        op.add_column(name, sa.Column("entry_id", sa.Integer(), comment=comment))
    for name in ("decisions", "explanations"):
        op.add_column(name, sa.Column("compared", sa.Text(), comment=COMPARED))
    _fill(op.get_bind())
    for name in ORDERED:
        with op.batch_alter_table(name) as batch:
            batch.alter_column("entry_id", existing_type=sa.Integer(), nullable=False)
            batch.create_foreign_key(f"fk_{name}_entry_id", "entries", ["entry_id"], ["id"])
    op.create_index("ix_judgements_entry_id", "judgements", ["entry_id"])
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False, comment="up to which what depends on it was judged again"),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_reviews_entry_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
    )
    last = op.get_bind().scalar(sa.select(sa.func.max(ENTRIES.c.id)))
    if last:  # what older versions accepted stands as they judged it, until something is recorded that it is compared with
        op.execute(REVIEWS.insert().values(entry_id=last))


def _table(name: str, *columns: str) -> sa.TableClause:
    types: dict[str, Any] = {"recorded_at": sa.DateTime(), "bound": sa.JSON(), "judgements": sa.JSON(), "period": sa.Date()}
    return sa.table(name, *(sa.column(column, types.get(column)) for column in columns))


ENTRIES = _table("entries", "id", "recorded_at")
REVIEWS = _table("reviews", "id", "entry_id")
SUBMISSIONS = _table("submissions", "id", "sha256", "entry_id")
JUDGEMENTS = _table("judgements", "id", "submission_id", "status", "recorded_at", "entry_id")
DECISIONS = _table(
    "decisions",
    *("id", "act", "district", "period", "rule", "indicator", "sha256", "bound", "recorded_at", "entry_id", "compared"),
)
EXPLANATIONS = _table(
    "explanations",
    *("id", "submission_id", "district", "period", "rule", "indicator", "bound", "recorded_at", "entry_id", "compared"),
)
VERSIONS = _table("versions", "id", "judgement_id")
RETRACTIONS = _table("retractions", "version_id", "decision_id")
ISSUES = _table("issues", "decision_id", "judgements")
FINDINGS = _table("findings", "judgement_id", "position", "rule", "district", "indicator", "period", "expected")


class _Event:
    """What became one entry: the judgements of a run, with the submissions and explanations that came with them; a decision; the
    judgements of what a decision withdrew.

    A ``late`` one comes after judgements of the same time: an import is noted once it is done. ``after`` is how many events of
    the other kind have to come before it.
    """

    def __init__(self, at: dt.datetime, decision: int | None = None, *, late: bool = False) -> None:
        self.at, self.decision, self.late = at, decision, late
        self.judgements: list[int] = []
        self.after = 0


def _fill(connection: sa.Connection) -> None:
    judged = connection.execute(
        sa.select(JUDGEMENTS, SUBMISSIONS.c.sha256)
        .join(SUBMISSIONS, SUBMISSIONS.c.id == JUDGEMENTS.c.submission_id)
        .order_by(JUDGEMENTS.c.id)
    ).all()
    decided = connection.execute(sa.select(DECISIONS).order_by(DECISIONS.c.id)).all()
    runs, decisions = list(_runs(judged)), [_Event(row.recorded_at, row.id, late=row.act == "import") for row in decided]
    _bind(connection, runs, decisions, judged, decided)
    events = list(_merged(runs, decisions))
    _update(connection, ENTRIES.insert(), [{"id": n, "recorded_at": event.at} for n, event in enumerate(events, 1)])
    if events and connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT setval(pg_get_serial_sequence('entries', 'id'), :last)"), {"last": len(events)})
    of_judgement = {judgement: n for n, event in enumerate(events, 1) for judgement in event.judgements}
    of_decision = {event.decision: n for n, event in enumerate(events, 1) if event.decision is not None}
    first: dict[int, int] = {}
    of_time: dict[tuple[int, dt.datetime], int] = {}
    for row in judged:
        first.setdefault(row.submission_id, of_judgement[row.id])
        of_time[row.submission_id, row.recorded_at] = of_judgement[row.id]
    explained = connection.execute(sa.select(EXPLANATIONS).order_by(EXPLANATIONS.c.id)).all()
    of_explanation = {row.id: of_time.get((row.submission_id, row.recorded_at), first[row.submission_id]) for row in explained}
    for table, numbers in (
        (SUBMISSIONS, first),
        (JUDGEMENTS, of_judgement),
        (DECISIONS, of_decision),
        (EXPLANATIONS, of_explanation),
    ):
        _update(
            connection,
            table.update().where(table.c.id == sa.bindparam("row")).values(entry_id=sa.bindparam("entry")),
            [{"row": row, "entry": entry} for row, entry in numbers.items()],
        )
    _compared(connection, DECISIONS, ((row, row.sha256, of_decision[row.id]) for row in decided if row.rule and row.sha256))
    _compared(connection, EXPLANATIONS, ((row, row.submission_id, of_explanation[row.id]) for row in explained))


def _update(connection: sa.Connection, statement: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(statement, rows)


def _runs(judged: Iterable[Any]) -> Iterator[_Event]:
    """Judgements that were recorded at one time were recorded by one run; what was withdrawn stands by itself."""
    last, kind = None, None
    for row in judged:
        if last is None or (row.recorded_at, row.status == "withdrawn") != kind:
            if last:
                yield last
            last, kind = _Event(row.recorded_at), (row.recorded_at, row.status == "withdrawn")
        last.judgements.append(row.id)
    if last:
        yield last


def _bind(
    connection: sa.Connection, runs: Sequence[_Event], decisions: Sequence[_Event], judged: Sequence[Any], decided: Sequence[Any]
) -> None:
    """Nothing comes before what it is about: a decision after the file it names, the version it retracted, what it issued; the
    withdrawn state of a file after the decision."""
    place = {judgement: n for n, run in enumerate(runs, 1) for judgement in run.judgements}
    number = {row.id: n for n, row in enumerate(decided)}
    first: dict[str, int] = {}
    for row in judged:
        first.setdefault(row.sha256, place[row.id])
    for row in decided:
        decisions[number[row.id]].after = first.get(row.sha256, 0)
    retracted = sa.select(RETRACTIONS.c.decision_id, VERSIONS.c.judgement_id).join(
        VERSIONS, VERSIONS.c.id == RETRACTIONS.c.version_id
    )
    about = [(row.decision_id, row.judgement_id) for row in connection.execute(retracted)]
    about += [(row.decision_id, judgement) for row in connection.execute(sa.select(ISSUES)) for judgement in row.judgements]
    for decision, judgement in about:
        event = decisions[number[decision]]
        event.after = max(event.after, place[judgement])
    withdrawals = {(row.sha256, row.recorded_at): number[row.id] + 1 for row in decided if row.act == "withdraw"}
    for row in judged:
        if row.status == "withdrawn":
            run = runs[place[row.id] - 1]
            run.after = max(run.after, withdrawals.get((row.sha256, row.recorded_at), 0))


def _merged(runs: Sequence[_Event], decisions: Sequence[_Event]) -> Iterator[_Event]:
    """Both in their own order. A decision comes before a run of the same time, which began with it."""
    of_runs, of_decisions = _times(runs), _times(decisions)
    r = d = 0
    while r < len(runs) and d < len(decisions):
        decided_first = (of_decisions[d], decisions[d].late) <= (of_runs[r], False)
        if decisions[d].after > r:
            decided_first = False
        elif runs[r].after > d:
            decided_first = True
        if decided_first:
            yield decisions[d]
            d += 1
        else:
            yield runs[r]
            r += 1
    yield from runs[r:]
    yield from decisions[d:]


def _times(events: Sequence[_Event]) -> list[dt.datetime]:
    """When each was there for sure: no later than what followed it, whatever the clock showed."""
    found = [event.at for event in events]
    for place in range(len(found) - 2, -1, -1):
        found[place] = min(found[place], found[place + 1])
    return found


def _compared(connection: sa.Connection, table: Any, rows: Iterable[tuple[Any, Any, int]]) -> None:
    """Of each row about one value what its finding compared it with, as the file's last judgement up to then says. ``rows`` are
    each with the sha256 of the file, or the number of its submission, and its entry."""
    f, j, s = FINDINGS.c, JUDGEMENTS.c, SUBMISSIONS.c
    found = []
    for row, file, entry in rows:
        if row.indicator is None or len(row.bound) != 1 or row.period is None:
            continue
        query = (
            sa.select(f.expected)
            .join(JUDGEMENTS, j.id == f.judgement_id)
            .join(SUBMISSIONS, s.id == j.submission_id)
            .where((s.sha256 if isinstance(file, str) else s.id) == file, j.entry_id <= entry)
            .where(f.rule == row.rule, f.indicator == row.indicator, f.district == row.district)
            .where(f.period == row.period.isoformat())
            .order_by(j.id.desc(), f.position)
            .limit(1)
        )
        if (expected := connection.scalar(query)) is not None:
            found.append({"row": row.id, "expected": expected})
    statement = table.update().where(table.c.id == sa.bindparam("row")).values(compared=sa.bindparam("expected"))
    _update(connection, statement, found)
