"""The ledger's tables: append-only, nothing is ever updated or deleted.

original 1—n submission 1—n judgement 1—n finding; an accepted judgement with new values makes a version,
a version holds observations. Explanations and decisions settle findings; a retraction takes a version out of force.
An issue freezes a period: its values, judgements, explanations and the bytes of its products, once the gate accepted it.
A mailing is noted before a letter is handed to the mail server, its answer after.

Order is that of the entries, and of the numbers within one table: whoever writes is alone. Times are what clocks showed.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

REVISION = "0006"
"""The migration these tables stand for; a test holds the two together."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcTime(TypeDecorator[dt.datetime]):
    """A UTC time, aware in Python whatever the database keeps."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        return value.astimezone(dt.UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        return value.replace(tzinfo=dt.UTC) if value else None


entries = Table(
    "entries",
    metadata,
    Column("id", Integer, primary_key=True, comment="the ledger's sequence: what came later has a higher number"),
    Column("recorded_at", UtcTime, nullable=False, comment="as the clock of the machine showed it: to be shown, never compared"),
)

originals = Table(
    "originals",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("kept_at", UtcTime, nullable=False),
)

submissions = Table(
    "submissions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("arrival", Text, nullable=False, unique=True, comment="path, inode, change time and sha256: one file dropped once"),
    Column("sha256", ForeignKey("originals.sha256"), nullable=False, index=True),
    Column("file", Text, nullable=False, comment="path in the inbox; undecodable bytes escaped"),
    Column("received_at", UtcTime, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("entry_id", ForeignKey("entries.id"), nullable=False, comment="the run it came with"),
    Column("envelope", JSON(none_as_null=True), comment="mails and archives around it, and whether it is one; null: neither"),
)

judgements = Table(
    "judgements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("submission_id", ForeignKey("submissions.id"), nullable=False, index=True),
    Column("district", Text),
    Column("period", Date),
    Column("status", String(16), nullable=False),
    Column("sheet", Text),
    Column("entries", JSON, nullable=False, comment="{indicator: [value or null, A1 address, text seen]}"),
    Column("undecided", JSON, nullable=False, comment="[[rule, reason, indicator or null]]"),
    Column("rules_version", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("entry_id", ForeignKey("entries.id"), nullable=False, index=True),
)

findings = Table(
    "findings",
    metadata,
    Column("judgement_id", ForeignKey("judgements.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("rule", String(8), nullable=False),
    Column("grade", String(8), nullable=False),
    Column("message", Text, nullable=False),
    Column("fix", Text, nullable=False),
    Column("sheet", Text),
    Column("cell", Text),
    Column("district", Text),
    Column("indicator", Text),
    Column("period", String(10)),
    Column("observed", Text),
    Column("expected", Text),
    Column("state", String(16), nullable=False),
    Column("outward", Text, comment="the message as a district may read it, where it differs"),
    Column("explanation", Text),
    Column("note", Text),
)

versions = Table(
    "versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("judgement_id", ForeignKey("judgements.id"), nullable=False, unique=True),
    Column("district", Text, nullable=False),
    Column("period", Date, nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    UniqueConstraint("district", "period", "number"),
)

observations = Table(
    "observations",
    metadata,
    Column("version_id", ForeignKey("versions.id"), primary_key=True),
    Column("indicator", Text, primary_key=True),
    Column("value", Integer, nullable=False),
    Column("sheet", Text, nullable=False),
    Column("cell", Text, nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("act", String(16), nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("wording", Text, nullable=False),
    Column("district", Text),
    Column("period", Date, index=True),
    Column("rule", String(8)),
    Column("indicator", Text),
    Column("sha256", String(64), index=True, comment="the file it is about"),
    Column("bound", JSON, nullable=False, comment="{indicator: value or null}: a changed value lapses it"),
    Column("received_at", UtcTime, comment="RECEIVE: the true time of receipt"),
    Column("source", Text, nullable=False, comment="command, or the workbook it came by"),
    Column("recorded_at", UtcTime, nullable=False),
    Column("entry_id", ForeignKey("entries.id"), nullable=False),
    Column("compared", Text, comment="what the value was compared with; null: nothing, or not known"),
)

retractions = Table(
    "retractions",
    metadata,
    Column("version_id", ForeignKey("versions.id"), primary_key=True, comment="no longer in force, by the city's decision"),
    Column("decision_id", ForeignKey("decisions.id"), nullable=False),
)

explanations = Table(
    "explanations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("submission_id", ForeignKey("submissions.id"), nullable=False, comment="the file it stood in"),
    Column("district", Text, nullable=False),
    Column("period", Date, nullable=False),
    Column("rule", String(8), nullable=False),
    Column("indicator", Text, comment="null: the whole row"),
    Column("bound", JSON, nullable=False, comment="{indicator: value or null}: a changed value lapses it"),
    Column("text", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("entry_id", ForeignKey("entries.id"), nullable=False),
    Column("compared", Text, comment="what the value was compared with; null: nothing, or not known"),
    Index(None, "district", "period"),
)

templates = Table(
    "templates",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("district", Text, nullable=False),
    Column("period", Date, nullable=False, index=True),
    Column("version", Text, nullable=False),
    Column("previous", Date, comment="the period of the prefilled values"),
    Column("prefilled", JSON, nullable=False, comment="{indicator: previous value}"),
    Column("made_at", UtcTime, nullable=False),
)

acceptances = Table(
    "acceptances",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("period", Date, nullable=False, index=True),
    Column("judgement_id", ForeignKey("judgements.id"), comment="the last one the gate saw"),
    Column("accepted", Boolean, nullable=False),
    Column("result", JSON, nullable=False, comment="of the Great Expectations suite"),
    Column("recorded_at", UtcTime, nullable=False),
)

issues = Table(
    "issues",
    metadata,
    Column("decision_id", ForeignKey("decisions.id"), primary_key=True, comment="who, when, why"),
    Column("period", Date, nullable=False),
    Column("number", Integer, nullable=False, comment="the n-th of the period"),
    Column("missing", JSON, nullable=False, comment="[district]"),
    Column("judgements", JSON, nullable=False, comment="[id]: with their findings, as they stood"),
    Column("explanations", JSON, nullable=False, comment="[id]"),
    Column("acceptance_id", ForeignKey("acceptances.id"), nullable=False),
    UniqueConstraint("period", "number"),
)

issued_values = Table(
    "issued_values",
    metadata,
    Column("issue_id", ForeignKey("issues.decision_id"), primary_key=True),
    Column("district", Text, primary_key=True),
    Column("indicator", Text, primary_key=True),
    Column("value", Integer, nullable=False),
    Column("version_id", ForeignKey("versions.id"), nullable=False),
)

products = Table(
    "products",
    metadata,
    Column("issue_id", ForeignKey("issues.decision_id"), primary_key=True),
    Column("name", Text, primary_key=True, comment="path in the folder of the issue"),
    Column("sha256", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

imprints = Table(
    "imprints",
    metadata,
    Column("decision_id", ForeignKey("decisions.id"), primary_key=True),
    Column("issue_id", ForeignKey("issues.decision_id"), nullable=False, index=True),
    Column("number", Text, nullable=False),
    Column("date", Date),
)

publications = Table(
    "publications",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("period", Date, comment="null: the folder of files without a period"),
    Column("judgement_id", ForeignKey("judgements.id"), comment="the last one the products know"),
    Column("decision_id", ForeignKey("decisions.id"), comment="the last one the products know"),
    Column("outbox", Text, comment="which: several machines may share a ledger"),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("entry_id", ForeignKey("entries.id"), nullable=False, comment="up to which what depends on it was judged again"),
)

mailings = Table(
    "mailings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, comment="of what is said and attached"),
    Column("recipient", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("period", Date, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("district", Text, comment="null: the letter to everybody"),
    Column("begun_at", UtcTime, nullable=False, comment="before it is handed over; without an answer it is in doubt"),
    UniqueConstraint("digest", "recipient", "attempt"),
)

mail_answers = Table(
    "mail_answers",
    metadata,
    Column("mailing_id", ForeignKey("mailings.id"), primary_key=True),
    Column("result", String(16), nullable=False),
    Column("answer", Text, nullable=False, comment="the server's"),
    Column("answered_at", UtcTime, nullable=False),
)

Index(None, judgements.c.period, judgements.c.id)
Index(None, judgements.c.status)
