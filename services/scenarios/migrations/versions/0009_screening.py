"""Substitutions and screenings, and what was decided by them."""

revision = "scenarios_0009"
down_revision = "scenarios_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
