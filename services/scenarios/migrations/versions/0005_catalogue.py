"""The life of an incentive, and the kinds of scenarios."""

revision = "scenarios_0005"
down_revision = "scenarios_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
