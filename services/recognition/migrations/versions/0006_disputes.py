"""Disputes and repairs at home."""

revision = "recognition_0006"
down_revision = "recognition_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
