"""Several clients of an operator, what each may, and secrets that rotate with an overlap."""

import sqlalchemy as sa
from alembic import op

from services.plumbing.database import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":  # SQLite keeps no length
        op.alter_column("clients", "client_id", type_=sa.String(129))
    for column in (
        sa.Column("scopes", sa.Text),
        sa.Column("rotation_id", sa.Uuid),
        sa.Column("secret_since", UtcDateTime),
    ):
        op.add_column("clients", column)
    op.create_index("ix_clients_operator_id", "clients", ["operator_id"])
    op.create_table(
        "former_secrets",
        sa.Column("client_id", sa.String(129), primary_key=True),
        sa.Column("secret_hash", sa.String(128), primary_key=True),
        sa.Column("until", UtcDateTime, nullable=False),
    )
    op.create_table(
        "stopped_clients",
        sa.Column("client_id", sa.String(129), primary_key=True),
        sa.Column("stopped_at", UtcDateTime, nullable=False),
    )
