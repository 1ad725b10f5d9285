"""Keys of persons, destroyed when they are erased.

What was stored so far gets subjects and keys as well.  Recognitions of before keep the name that
home used as the holder's: it stands in the records of other services.
"""

import json
import os
from uuid import uuid4

import sqlalchemy as sa
from alembic import op
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.plumbing.database import UtcDateTime

revision = "recognition_0003"
down_revision = "recognition_0002"
branch_labels = None
depends_on = None

RESIDENTS = (
    sa.Column("resident", sa.String(128), primary_key=True),
    sa.Column("subject", sa.Uuid, nullable=False, unique=True),
    sa.Column("key", sa.LargeBinary(32), nullable=False),
)
HOLDERS = (
    sa.Column("sub", sa.String(128), primary_key=True),
    sa.Column("holder", sa.String(128), nullable=False),
    sa.Column("known_at", UtcDateTime, nullable=False),
    sa.Column("erased_at", UtcDateTime),
)
ERASURES = (
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("subject", sa.Uuid),
    sa.Column("erased_at", UtcDateTime, nullable=False),
    sa.Column("hosts", sa.Integer, nullable=False),
    sa.Column("converged_at", UtcDateTime),
)
ERASED_HOLDERS = (
    sa.Column("holder", sa.String(128), primary_key=True),
    sa.Column("erased_at", UtcDateTime, nullable=False),
)
PRIVATE = ("tier", "band", "holder_key", "credential")


def upgrade() -> None:
    residents = op.create_table("residents", *RESIDENTS)
    # With a default, as SQLite adds a column that is never null in no other way.
    for table in ("consents", "issuances"):
        nobody = sa.Column("subject", sa.Uuid, nullable=False, server_default="0" * 32)
        op.add_column(table, nobody)
    nothing = sa.Column("sealed", sa.LargeBinary, nullable=False, server_default=sa.text("''"))
    op.add_column("issuances", nothing)
    _name_subjects(residents)
    for table, plain in (("consents", ()), ("issuances", PRIVATE)):
        op.drop_index(f"{table}_of_resident", table)
        for column in ("resident", *plain):
            op.drop_column(table, column)
        op.create_index(f"{table}_of_subject", table, ["subject", "recipient"])
    holders = op.create_table("holders", *HOLDERS)
    op.create_index("holders_by_name", "holders", ["holder"])
    op.create_index("recognitions_of_holder", "recognitions", ["holder"])
    _name_holders(holders)
    op.create_table("erasures", *ERASURES)
    op.create_index("erasures_erased", "erasures", ["erased_at"])
    op.create_table("erased_holders", *ERASED_HOLDERS)
    op.create_index("erased_holders_erased", "erased_holders", ["erased_at"])


def _name_subjects(residents: sa.Table) -> None:
    consents = sa.table("consents", sa.column("subject", sa.Uuid), sa.column("resident"))
    issuances = sa.table(
        "issuances",
        sa.column("attestation_id", sa.Uuid),
        sa.column("resident"),
        sa.column("subject", sa.Uuid),
        sa.column("sealed", sa.LargeBinary),
        sa.column("holder_key", sa.JSON),
        *(sa.column(name) for name in ("tier", "band", "credential")),
    )
    connection = op.get_bind()
    known = sa.union(sa.select(consents.c.resident), sa.select(issuances.c.resident))
    for resident in list(connection.scalars(known)):
        subject, key = uuid4(), AESGCM.generate_key(256)
        op.bulk_insert(residents, [{"resident": resident, "subject": subject, "key": key}])
        mine = sa.update(consents).where(consents.c.resident == resident)
        connection.execute(mine.values(subject=subject))
        for row in list(
            connection.execute(sa.select(issuances).where(issuances.c.resident == resident))
        ):
            same = sa.update(issuances).where(issuances.c.attestation_id == row.attestation_id)
            connection.execute(same.values(subject=subject, sealed=_sealed(row, key)))


def _sealed(row: "sa.Row[tuple[object, ...]]", key: bytes) -> bytes:
    values = {name: getattr(row, name) for name in PRIVATE}
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
    nonce = os.urandom(12)
    return nonce + AESGCM(key).encrypt(nonce, text, f"issuances:{row.attestation_id}".encode())


def _name_holders(holders: sa.Table) -> None:
    recognitions = sa.table(
        "recognitions", sa.column("holder"), sa.column("recognised_at", UtcDateTime)
    )
    known = sa.select(
        recognitions.c.holder,
        recognitions.c.holder,
        sa.func.min(recognitions.c.recognised_at),
    ).group_by(recognitions.c.holder)
    op.get_bind().execute(holders.insert().from_select(["sub", "holder", "known_at"], known))
