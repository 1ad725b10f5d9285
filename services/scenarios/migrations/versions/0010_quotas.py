"""Reservations, and counters by district and in money, counted anew from the grants."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from services.plumbing.database import UtcDateTime

revision = "scenarios_0010"
down_revision = "scenarios_0009"
branch_labels = None
depends_on = None

BATCH = 500


def upgrade() -> None:
    _widen_grants()
    _renew_counters()
    _add_to_tallies()
    _create_reservations()


def _widen_grants() -> None:
    op.add_column("grants", sa.Column("district", sa.String(6)))
    op.add_column("grants", sa.Column("counted_at", UtcDateTime))
    for name in ("reserved_fen", "spent_fen"):
        column = sa.Column(name, sa.BigInteger, nullable=False, server_default="0")
        op.add_column("grants", column)
    op.execute(
        "UPDATE grants SET counted_at = issued_at, district ="
        " (SELECT district FROM scenarios WHERE scenarios.id = grants.scenario_id)"
    )
    _tell_money()
    op.drop_index("grants_of_incentive", "grants")
    op.create_index("grants_counted", "grants", ["incentive_id", "counted_at"])


def _tell_money() -> None:
    """Write down what each grant reserves, or has spent since its first use."""
    grants = sa.table(
        "grants",
        sa.column("id", sa.Uuid),
        sa.column("benefit", sa.JSON),
        sa.column("uses_left", sa.Integer),
        sa.column("state", sa.String),
        sa.column("reserved_fen", sa.BigInteger),
        sa.column("spent_fen", sa.BigInteger),
    )
    connection = op.get_bind()
    last: Any = None
    while True:
        some = sa.select(grants).order_by(grants.c.id).limit(BATCH)
        rows = connection.execute(some if last is None else some.where(grants.c.id > last)).all()
        for row in rows:
            last = row.id
            benefit = json.loads(row.benefit) if isinstance(row.benefit, str) else row.benefit
            worth = benefit.get("face_fen", benefit.get("cap_fen")) or 0
            started = row.uses_left < benefit.get("uses", 1)
            name = "spent_fen" if started else "reserved_fen"
            if worth and (started or row.state == "open"):
                same = sa.update(grants).where(grants.c.id == row.id)
                connection.execute(same.values({name: worth}))
        if len(rows) < BATCH:
            return


def _renew_counters() -> None:
    op.drop_table("counters")
    op.create_table(
        "counters",
        sa.Column("incentive_id", sa.String(64), sa.ForeignKey("incentives.id"), primary_key=True),
        sa.Column("holder", sa.String(128), primary_key=True),
        sa.Column("district", sa.String(6), primary_key=True),
        sa.Column("period", sa.String(10), primary_key=True),
        sa.Column("issued", sa.Integer, nullable=False),
        sa.Column("held", sa.Integer, nullable=False),
        sa.Column("reserved_fen", sa.BigInteger, nullable=False),
        sa.Column("spent_fen", sa.BigInteger, nullable=False),
        sa.CheckConstraint(
            "issued >= 0 AND held >= 0 AND reserved_fen >= 0 AND spent_fen >= 0",
            name="counters_not_below_zero",
        ),
    )
    op.create_index("counters_of_period", "counters", ["period"])


def _add_to_tallies() -> None:
    # SQLite adds a constraint to a table only with a column.
    op.execute(
        "ALTER TABLE tallies ADD COLUMN held INTEGER DEFAULT 0 NOT NULL"
        " CONSTRAINT tallies_held_not_below_zero CHECK"
        " (held >= 0 AND spent_fen >= 0 AND redeemed >= 0 AND expired >= 0 AND revoked >= 0)"
    )
    op.add_column(
        "tallies", sa.Column("changes", sa.BigInteger, nullable=False, server_default="0")
    )


def _create_reservations() -> None:
    op.create_table(
        "reservations",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("holder", sa.String(128), nullable=False),
        sa.Column("incentive_id", sa.String(64), sa.ForeignKey("incentives.id"), nullable=False),
        sa.Column("incentive_version", sa.Integer, nullable=False),
        sa.Column("scenario_id", sa.String(64), nullable=False),
        sa.Column("operator_id", sa.String(64), nullable=False),
        sa.Column("district", sa.String(6)),
        sa.Column("recognition_id", sa.Uuid, sa.ForeignKey("recognitions.id"), nullable=False),
        sa.Column("value_fen", sa.BigInteger, nullable=False),
        sa.Column("reserved_at", UtcDateTime, nullable=False),
        sa.Column("until", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("ended_at", UtcDateTime),
        sa.CheckConstraint("value_fen >= 0", name="reservations_value"),
    )
    is_held = sa.text("state = 'held'")
    for name, columns in (
        ("reservations_held", ["incentive_id", "reserved_at"]),
        ("reservations_held_until", ["until"]),
    ):
        op.create_index(
            name, "reservations", columns, postgresql_where=is_held, sqlite_where=is_held
        )
