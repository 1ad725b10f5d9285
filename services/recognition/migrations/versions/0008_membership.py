"""The life of each city's membership."""

revision = "recognition_0008"
down_revision = "recognition_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
