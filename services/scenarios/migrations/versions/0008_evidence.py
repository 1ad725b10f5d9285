"""Evidence: items of the catalogue, and what is known of subjects."""

revision = "scenarios_0008"
down_revision = "scenarios_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
