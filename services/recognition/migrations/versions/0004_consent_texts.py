"""The text a resident consented to."""

revision = "recognition_0004"
down_revision = "recognition_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
