"""What a file came in: mails and archives are opened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    comment = "mails and archives around it, and whether it is one; null: neither"
    op.add_column("submissions", sa.Column("envelope", sa.JSON(), comment=comment))
