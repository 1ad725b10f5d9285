"""Usage lines that wait to be reported to their home cities."""

import sqlalchemy as sa
from alembic import op

from services.plumbing.message_tables import Serial

revision = "recognition_0010"
down_revision = "recognition_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unreported_lines",
        sa.Column("number", Serial, primary_key=True, autoincrement=True),
        sa.Column("line_id", sa.Uuid, nullable=False, unique=True),
        sa.Column("home", sa.String(6), nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
    )
    op.create_index("unreported_lines_of", "unreported_lines", ["home", "number"])
