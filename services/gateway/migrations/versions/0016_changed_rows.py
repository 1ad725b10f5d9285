"""SQLite keeps which holders' rows changed, as PostgreSQL tells it: readers forget those alone."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_KEEP = """
    CREATE TRIGGER {name}_{event} AFTER {event} ON {table} BEGIN
        INSERT INTO changed_rows (changed) VALUES ({changed});
    END
"""


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute("CREATE TABLE changed_rows (id INTEGER PRIMARY KEY, changed VARCHAR(128) NOT NULL)")
    for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
        for table, changed in (("holders", f"{row}.holder"), ("catalogue", "'catalogue'")):
            name = f"keep_changed_{table}"
            op.execute(_KEEP.format(name=name, event=event, table=table, changed=changed))
