"""Read side, deliveries, cities, clients.

Written out, not derived from tables.py: a migration says what was true when it was written.
"""

import sqlalchemy as sa
from alembic import op

from services.plumbing.database import UtcDateTime
from services.plumbing.migrate import create_message_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_message_tables(op)
    _create_read_side()
    _create_courier()
    _create_callers()


def _create_read_side() -> None:
    op.create_table(
        "holders",
        sa.Column("holder", sa.String(128), primary_key=True),
        sa.Column("recognition_id", sa.Uuid),
        sa.Column("home", sa.String(6)),
        sa.Column("tier", sa.Integer),
        sa.Column("purposes", sa.Text),
        sa.Column("recognised_us", sa.BigInteger),
        sa.Column("until_us", sa.BigInteger),
        sa.Column("ended", sa.Boolean, nullable=False),
        sa.Column("usage", sa.Text, nullable=False),
    )
    op.create_table(
        "endings",
        sa.Column("recognition_id", sa.Uuid, primary_key=True),
        sa.Column("ended_at", UtcDateTime, nullable=False),
    )
    op.create_index("ix_endings_ended_at", "endings", ["ended_at"])
    op.create_table(
        "incentives",
        sa.Column("incentive_id", sa.String(64), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("terms", sa.Text, nullable=False),
        sa.Column("counted_at", UtcDateTime),
        sa.Column("counted_period", sa.String(16)),
        sa.Column("counted", sa.Integer, nullable=False),
        sa.Column("sold_out_period", sa.String(16)),
        sa.Column("budget_spent", sa.Boolean, nullable=False),
    )
    catalogue = op.create_table(
        "catalogue",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(catalogue, [{"id": 1, "version": 0}])


def _create_courier() -> None:
    op.create_table(
        "roster",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("valid_until", UtcDateTime, nullable=False),
    )
    op.create_table(
        "cities",
        sa.Column("code", sa.String(6), primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("url", sa.String(512), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
    )
    op.create_table(
        "city_keys",
        sa.Column("kid", sa.String(128), primary_key=True),
        sa.Column("city", sa.String(6), nullable=False),
        sa.Column("use", sa.String(16), nullable=False),
        sa.Column("jwk", sa.Text, nullable=False),
        sa.Column("use_from", UtcDateTime, nullable=False),
        sa.Column("use_until", UtcDateTime, nullable=False),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("recipient", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("claimed_until", UtcDateTime),
        sa.Column("error", sa.String(200)),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("delivered_at", UtcDateTime),
    )
    op.create_index("deliveries_due", "deliveries", ["state", "kind", "recipient", "due_at"])
    op.create_index("deliveries_created", "deliveries", ["created_at"])
    op.create_index("deliveries_delivered", "deliveries", ["delivered_at"])


def _create_callers() -> None:
    op.create_table(
        "clients",
        sa.Column("client_id", sa.String(64), primary_key=True),
        sa.Column("operator_id", sa.String(64), nullable=False),
        sa.Column("secret_hash", sa.String(128), nullable=False),
    )
    op.create_table(
        "webhooks",
        sa.Column("operator_id", sa.String(64), primary_key=True),
        sa.Column("url", sa.String(512), nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
    )
    op.create_table(
        "nonces",
        sa.Column("city", sa.String(6), primary_key=True),
        sa.Column("nonce", sa.String(128), primary_key=True),
        sa.Column("until", UtcDateTime, nullable=False),
    )
    op.create_index("ix_nonces_until", "nonces", ["until"])
