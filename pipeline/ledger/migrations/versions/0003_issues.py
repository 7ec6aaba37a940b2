"""Issues: what was frozen, accepted by the gate, produced and registered. Publications name their outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    with op.batch_alter_table("publications") as batch:
        comment = "which: several machines may share a ledger"
        batch.add_column(sa.Column("outbox", sa.Text(), comment=comment))
    op.create_table(
        "acceptances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("judgement_id", sa.Integer(), comment="the last one the gate saw"),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False, comment="of the Great Expectations suite"),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["judgement_id"], ["judgements.id"], name="fk_acceptances_judgement_id"),
        sa.PrimaryKeyConstraint("id", name="pk_acceptances"),
    )
    op.create_index("ix_acceptances_period", "acceptances", ["period"])
    op.create_table(
        "issues",
        sa.Column("decision_id", sa.Integer(), nullable=False, comment="who, when, why"),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="the n-th of the period"),
        sa.Column("missing", sa.JSON(), nullable=False, comment="[district]"),
        sa.Column("judgements", sa.JSON(), nullable=False, comment="[id]: with their findings, as they stood"),
        sa.Column("explanations", sa.JSON(), nullable=False, comment="[id]"),
        sa.Column("acceptance_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name="fk_issues_decision_id"),
        sa.ForeignKeyConstraint(["acceptance_id"], ["acceptances.id"], name="fk_issues_acceptance_id"),
        sa.PrimaryKeyConstraint("decision_id", name="pk_issues"),
        sa.UniqueConstraint("period", "number", name="uq_issues_period_number"),
    )
    op.create_table(
        "issued_values",
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.decision_id"], name="fk_issued_values_issue_id"),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name="fk_issued_values_version_id"),
        sa.PrimaryKeyConstraint("issue_id", "district", "indicator", name="pk_issued_values"),
    )
    op.create_table(
        "products",
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="path in the folder of the issue"),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.decision_id"], name="fk_products_issue_id"),
        sa.PrimaryKeyConstraint("issue_id", "name", name="pk_products"),
    )
    op.create_table(
        "imprints",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("date", sa.Date()),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name="fk_imprints_decision_id"),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.decision_id"], name="fk_imprints_issue_id"),
        sa.PrimaryKeyConstraint("decision_id", name="pk_imprints"),
    )
    op.create_index("ix_imprints_issue_id", "imprints", ["issue_id"])
