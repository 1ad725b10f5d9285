"""What conditions ask of a holder: the age of the attestation, and grants that are open."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("holders", sa.Column("attested_us", sa.BigInteger))
    op.add_column("holders", sa.Column("held", sa.Text, nullable=False, server_default="{}"))
    op.add_column("corrections", sa.Column("attested_us", sa.BigInteger))
    op.create_table(
        "held_grants",
        sa.Column("grant_id", sa.Uuid, primary_key=True),
        sa.Column("holder", sa.String(128)),
        sa.Column("incentive_id", sa.String(64)),
        sa.Column("excludes", sa.Text),
        sa.Column("until_us", sa.BigInteger),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("said_us", sa.BigInteger, nullable=False),
    )
    op.create_index("held_grants_of_holder", "held_grants", ["holder"])
