"""What the plan counts."""

revision = "scenarios_0012"
down_revision = "scenarios_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
