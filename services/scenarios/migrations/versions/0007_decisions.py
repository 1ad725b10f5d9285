"""Every decision, and what it rested on."""

revision = "scenarios_0007"
down_revision = "scenarios_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
