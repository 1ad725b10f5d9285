"""Signed crosswalks as they were published."""

revision = "recognition_0009"
down_revision = "recognition_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
