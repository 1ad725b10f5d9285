"""Operators' clients."""

from sqlalchemy import Engine, select, update

from services.gateway.adapters.tables import clients
from services.gateway.authentication.secrets import ClientSecrets, hash_secret
from services.plumbing.rows import insert_once


class Clients:
    """Invariant: one client per operator; no secret is kept in clear."""

    def __init__(self, engine: Engine, secrets: ClientSecrets) -> None:
        self._engine, self._secrets = engine, secrets

    def admit(self, operator_id: str, *, rotate: bool) -> str | None:
        """Make the operator's client; return the secret if one was made.  Safe to repeat."""
        secret = self._secrets.make(operator_id)
        row = {"operator_id": operator_id, "secret_hash": hash_secret(secret)}
        mine = clients.c.client_id == operator_id
        with self._engine.begin() as connection:
            if insert_once(connection, clients, client_id=operator_id, **row):
                return secret
            if rotate:
                connection.execute(update(clients).where(mine).values(row))
                return secret
        return None

    def authenticate(self, client_id: str, secret: str) -> str | None:
        """Return the operator whose credentials these are."""
        if not self._secrets.is_ours(client_id, secret):
            return None
        named = clients.c.client_id == client_id
        query = select(clients.c.operator_id, clients.c.secret_hash).where(named)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None or not self._secrets.is_right(secret, row.secret_hash):
            return None
        return str(row.operator_id)
