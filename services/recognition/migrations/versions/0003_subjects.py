"""Keys of persons, destroyed when they are erased."""

revision = "recognition_0003"
down_revision = "recognition_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
