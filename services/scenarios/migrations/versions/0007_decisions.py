"""Every decision with what it rested on; holders who were erased; the evidence of a recognition."""

import sqlalchemy as sa
from alembic import op

revision = "scenarios_0007"
down_revision = "scenarios_0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("recognitions", sa.Column("evidence", sa.JSON))
    op.create_table(
        "decisions",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("holder", sa.String(128), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("rule_id", sa.String(64), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
    )
    op.create_index("decisions_of_holder", "decisions", ["holder", "decided_at"])
    op.create_index("decisions_by_age", "decisions", ["outcome", "decided_at"])
    op.create_table(
        "erased_holders",
        sa.Column("holder", sa.String(128), primary_key=True),
        sa.Column("erased_at", MOMENT, nullable=False),
    )
