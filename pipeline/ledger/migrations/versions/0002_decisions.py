"""Decisions, explanations, retractions and templates; what findings say to districts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

BOUND = "{indicator: value or null}: a changed value lapses it"


def upgrade() -> None:
    op.create_index("ix_judgements_status", "judgements", ["status"])
    with op.batch_alter_table("findings") as batch:
        batch.add_column(sa.Column("outward", sa.Text(), comment="the message as a district may read it, where it differs"))
        batch.add_column(sa.Column("explanation", sa.Text()))
        batch.add_column(sa.Column("note", sa.Text()))
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("district", sa.Text()),
        sa.Column("period", sa.Date()),
        sa.Column("rule", sa.String(8)),
        sa.Column("indicator", sa.Text()),
        sa.Column("sha256", sa.String(64), comment="the file it is about"),
        sa.Column("bound", sa.JSON(), nullable=False, comment=BOUND),
        sa.Column("received_at", sa.DateTime(), comment="RECEIVE: the true time of receipt"),
        sa.Column("source", sa.Text(), nullable=False, comment="command, or the workbook it came by"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_period", "decisions", ["period"])
    op.create_index("ix_decisions_sha256", "decisions", ["sha256"])
    op.create_table(
        "retractions",
        sa.Column("version_id", sa.Integer(), nullable=False, comment="no longer in force, by the city's decision"),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name="fk_retractions_version_id"),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name="fk_retractions_decision_id"),
        sa.PrimaryKeyConstraint("version_id", name="pk_retractions"),
    )
    op.create_table(
        "explanations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False, comment="the file it stood in"),
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("rule", sa.String(8), nullable=False),
        sa.Column("indicator", sa.Text(), comment="null: the whole row"),
        sa.Column("bound", sa.JSON(), nullable=False, comment=BOUND),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name="fk_explanations_submission_id"),
        sa.PrimaryKeyConstraint("id", name="pk_explanations"),
    )
    op.create_index("ix_explanations_district_period", "explanations", ["district", "period"])
    op.create_table(
        "templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("previous", sa.Date(), comment="the period of the prefilled values"),
        sa.Column("prefilled", sa.JSON(), nullable=False, comment="{indicator: previous value}"),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_templates"),
    )
    op.create_index("ix_templates_period", "templates", ["period"])
    with op.batch_alter_table("publications") as batch:
        batch.alter_column("judgement_id", existing_type=sa.Integer(), nullable=True)
        batch.add_column(
            sa.Column(
                "decision_id",
                sa.Integer(),
                sa.ForeignKey("decisions.id", name="fk_publications_decision_id"),
                comment="the last one the products know",
            )
        )
