"""The order of notices, and what cities send each other in bulk."""

revision = "recognition_0002"
down_revision = "recognition_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
