"""Tables of operators' clients, beside the others of the gateway."""

from typing import Final

from sqlalchemy import Column, String, Table, Text, Uuid

from services.gateway.adapters.tables import metadata
from services.plumbing.database import UtcDateTime

clients: Final = Table(
    "clients",
    metadata,
    Column("client_id", String(129), primary_key=True),
    Column("operator_id", String(64), nullable=False, index=True),
    Column("secret_hash", String(128), nullable=False),
    Column("secret_since", UtcDateTime),
    Column("rotation_id", Uuid),  # of the present secret, when somebody asked for it
    Column("scopes", Text),  # null: all that there are
)

former_secrets: Final = Table(  # good beside the present one, until then
    "former_secrets",
    metadata,
    Column("client_id", String(129), primary_key=True),
    Column("secret_hash", String(128), primary_key=True),
    Column("until", UtcDateTime, nullable=False),
)

stopped_clients: Final = Table(  # only a token that knows of this stop counts
    "stopped_clients",
    metadata,
    Column("client_id", String(129), primary_key=True),
    Column("stopped_at", UtcDateTime, nullable=False),
)
