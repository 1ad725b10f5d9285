"""Attestations that do not stand for the time being."""

revision = "recognition_0005"
down_revision = "recognition_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
