"""The ledger as first laid out: originals, submissions, judgements, findings, versions, observations, publications."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "originals",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("kept_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_originals"),
    )
    op.create_table(
        "submissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("arrival", sa.Text(), nullable=False, comment="path, inode, change time and sha256: one file dropped once"),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("file", sa.Text(), nullable=False, comment="path in the inbox; undecodable bytes escaped"),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["originals.sha256"], name="fk_submissions_sha256"),
        sa.PrimaryKeyConstraint("id", name="pk_submissions"),
        sa.UniqueConstraint("arrival", name="uq_submissions_arrival"),
    )
    op.create_index("ix_submissions_sha256", "submissions", ["sha256"])
    op.create_table(
        "judgements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("district", sa.Text()),
        sa.Column("period", sa.Date()),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("sheet", sa.Text()),
        sa.Column("entries", sa.JSON(), nullable=False, comment="{indicator: [value or null, A1 address, text seen]}"),
        sa.Column("undecided", sa.JSON(), nullable=False, comment="[[rule, reason, indicator or null]]"),
        sa.Column("rules_version", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name="fk_judgements_submission_id"),
        sa.PrimaryKeyConstraint("id", name="pk_judgements"),
    )
    op.create_index("ix_judgements_submission_id", "judgements", ["submission_id"])
    op.create_index("ix_judgements_period_id", "judgements", ["period", "id"])
    op.create_table(
        "findings",
        sa.Column("judgement_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(8), nullable=False),
        sa.Column("grade", sa.String(8), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("fix", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Text()),
        sa.Column("cell", sa.Text()),
        sa.Column("district", sa.Text()),
        sa.Column("indicator", sa.Text()),
        sa.Column("period", sa.String(10)),
        sa.Column("observed", sa.Text()),
        sa.Column("expected", sa.Text()),
        sa.Column("state", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(["judgement_id"], ["judgements.id"], name="fk_findings_judgement_id"),
        sa.PrimaryKeyConstraint("judgement_id", "position", name="pk_findings"),
    )
    op.create_table(
        "versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("judgement_id", sa.Integer(), nullable=False),
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["judgement_id"], ["judgements.id"], name="fk_versions_judgement_id"),
        sa.PrimaryKeyConstraint("id", name="pk_versions"),
        sa.UniqueConstraint("judgement_id", name="uq_versions_judgement_id"),
        sa.UniqueConstraint("district", "period", "number", name="uq_versions_district_period_number"),
    )
    op.create_index("ix_versions_period", "versions", ["period"])
    op.create_table(
        "observations",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("cell", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name="fk_observations_version_id"),
        sa.PrimaryKeyConstraint("version_id", "indicator", name="pk_observations"),
    )
    op.create_table(
        "publications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.Date(), comment="null: the folder of files without a period"),
        sa.Column("judgement_id", sa.Integer(), nullable=False, comment="the last one the products know"),
        sa.ForeignKeyConstraint(["judgement_id"], ["judgements.id"], name="fk_publications_judgement_id"),
        sa.PrimaryKeyConstraint("id", name="pk_publications"),
    )
