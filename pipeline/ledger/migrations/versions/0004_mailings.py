"""Mailings: which letter was handed to the mail server for whom, and what the server answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "mailings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False, comment="of what is said and attached"),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("district", sa.Text(), comment="null: the letter to everybody"),
        sa.Column(
            "begun_at", sa.DateTime(), nullable=False, comment="before it is handed over; without an answer it is in doubt"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_mailings"),
        sa.UniqueConstraint("digest", "recipient", "attempt", name="uq_mailings_digest_recipient_attempt"),
    )
    op.create_table(
        "mail_answers",
        sa.Column("mailing_id", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(16), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False, comment="the server's"),
        sa.Column("answered_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailings.id"], name="fk_mail_answers_mailing_id"),
        sa.PrimaryKeyConstraint("mailing_id", name="pk_mail_answers"),
    )
