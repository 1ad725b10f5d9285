"""Reservations, and counters by district."""

revision = "scenarios_0010"
down_revision = "scenarios_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
