"""Operators' clients and webhooks."""

import base64
import secrets
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, select, update

from services.gateway.adapters.tables import clients, webhooks
from services.gateway.authentication.secrets import ClientSecrets, hash_secret
from services.plumbing.rows import insert_once

WEBHOOK_SECRET_BYTES = 32  # Standard Webhooks: 24 to 64


@dataclass(frozen=True)
class Webhook:
    """Where an operator wants deliveries, and the secret that signs them."""

    url: str
    secret: str = field(repr=False)


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


class Webhooks:
    """Invariant: a webhook's secret stays while its address changes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, operator_id: str, url: str) -> Webhook:
        """Set an operator's address.  Safe to repeat."""
        made = Webhook(url, _make_webhook_secret())
        row = {"operator_id": operator_id, "url": made.url, "secret": made.secret}
        mine = webhooks.c.operator_id == operator_id
        with self._engine.begin() as connection:
            if insert_once(connection, webhooks, **row):
                return made
            changed = update(webhooks).where(mine).values(url=url).returning(webhooks.c.secret)
            return Webhook(url, connection.execute(changed).scalar_one())


def webhook_of(connection: Connection, operator_id: str) -> Webhook | None:
    """Return an operator's webhook, if it has one."""
    query = select(webhooks.c.url, webhooks.c.secret)
    row = connection.execute(query.where(webhooks.c.operator_id == operator_id)).one_or_none()
    return None if row is None else Webhook(*row)


def _make_webhook_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(WEBHOOK_SECRET_BYTES)).decode("ascii")
