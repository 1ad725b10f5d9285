"""PostgreSQL tells readers which holders' rows changed; and which reservations were heard of.

SQLite's rows are read each time: that costs less than to find out whether they changed.
"""

import sqlalchemy as sa
from alembic import op

from services.plumbing.database import UtcDateTime

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None

_TELL = (
    """CREATE FUNCTION tell_of_holder() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('read_side', COALESCE(NEW.holder, OLD.holder));
        RETURN NULL;
    END $$""",
    """CREATE TRIGGER tell_of_holder AFTER INSERT OR UPDATE OR DELETE ON holders
    FOR EACH ROW EXECUTE FUNCTION tell_of_holder()""",
    """CREATE FUNCTION tell_of_catalogue() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('read_side', 'catalogue');
        RETURN NULL;
    END $$""",
    """CREATE TRIGGER tell_of_catalogue AFTER INSERT OR UPDATE OR DELETE ON catalogue
    FOR EACH ROW EXECUTE FUNCTION tell_of_catalogue()""",
)


def upgrade() -> None:
    op.create_table(
        "heard_reservations",
        sa.Column("reservation_id", sa.Uuid, primary_key=True),
        sa.Column("reserved_at", UtcDateTime, nullable=False),
    )
    op.create_index("ix_heard_reservations_reserved_at", "heard_reservations", ["reserved_at"])
    if op.get_bind().dialect.name == "postgresql":
        for statement in _TELL:
            op.execute(statement)
