"""Until when the adopted roster may be believed; the next one that is adopted says it."""

import sqlalchemy as sa
from alembic import op

from services.plumbing.database import UtcDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("roster", sa.Column("grace_until", UtcDateTime))
