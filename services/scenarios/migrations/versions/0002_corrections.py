"""What is made good after a correction."""

revision = "scenarios_0002"
down_revision = "scenarios_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
