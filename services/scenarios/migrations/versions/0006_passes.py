"""Partial uses, reversals and recalls of grants."""

revision = "scenarios_0006"
down_revision = "scenarios_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
