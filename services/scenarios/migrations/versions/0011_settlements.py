"""Settlements between cities and operators."""

revision = "scenarios_0011"
down_revision = "scenarios_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
