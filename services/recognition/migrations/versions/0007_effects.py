"""What notices asked for, until it is done."""

revision = "recognition_0007"
down_revision = "recognition_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
