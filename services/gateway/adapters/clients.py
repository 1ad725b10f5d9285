"""Operators' clients: what each may, and the hashes of its secrets."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, Select, delete, func, select, update

from contracts.access import SCOPES, Scope
from contracts.errors import Refused
from services.gateway.adapters.client_tables import clients, former_secrets, stopped_clients
from services.gateway.adapters.stopped_clients import stop
from services.gateway.authentication.secrets import ClientSecrets, hash_secret
from services.plumbing.clock import Clock
from services.plumbing.rows import insert_once

OVERLAP: Final = timedelta(hours=24)  # for which a replaced secret is good as well
MOST_CLIENTS: Final = 100
MOST_FORMER: Final = 3  # each is one more scrypt for whoever signs in


@dataclass(frozen=True, kw_only=True)
class Client:
    """A client of an operator, `client` among its own.

    `former_until` is when the last former secret stops.  `stopped_at` is the client's last stop, if
    there was one lately: only a token that knows of it counts.
    """

    operator_id: str
    client: str
    scopes: tuple[Scope, ...]
    secret_since: datetime | None
    former_until: datetime | None
    stopped_at: datetime | None

    @property
    def client_id(self) -> str:
        return client_id_of(self.operator_id, self.client)


def client_id_of(operator_id: str, client: str) -> str:
    """Return what a client signs in as; the first of an operator has the operator's own id."""
    return operator_id if client == operator_id else f"{operator_id}.{client}"


class Clients:
    """Invariant: no secret is kept in clear; a change counts for tokens that were given before."""

    def __init__(self, engine: Engine, secrets: ClientSecrets, clock: Clock) -> None:
        self._engine, self._secrets, self._clock = engine, secrets, clock

    def admit(self, operator_id: str, *, rotate: bool) -> str | None:
        """Make an operator's first client, which may all; return the secret if one was made.

        With `rotate` all its secrets and tokens from before stop at once, those of the operator's
        other clients do not.  Safe to repeat.
        """
        now = self._clock()
        with self._engine.connect() as connection:
            if not rotate and _find(connection, operator_id, operator_id, now):
                return None
        secret = self._secrets.make(operator_id)
        row = {"secret_hash": hash_secret(secret), "secret_since": now}
        made = {"client_id": operator_id, "operator_id": operator_id, **row}
        with self._engine.begin() as connection:
            if insert_once(connection, clients, **made):
                return secret
            if not rotate:
                return None
            connection.execute(
                update(clients).where(clients.c.client_id == operator_id).values(row)
            )
            _stop_former(connection, operator_id, now)
        return secret

    def authenticate(self, client_id: str, secret: str) -> Client | None:
        """Return the client whose credentials these are."""
        if not self._secrets.is_ours(client_id, secret):
            return None
        operator_id, _, client = client_id.partition(".")
        now = self._clock()
        newest = select(clients.c.secret_hash).where(clients.c.client_id == client_id)
        former = (
            select(former_secrets.c.secret_hash)
            .where(former_secrets.c.client_id == client_id, former_secrets.c.until > now)
            .order_by(former_secrets.c.until.desc())
        )
        with self._engine.connect() as connection:
            # The last stop first: then a stop that comes in between is later than the token knows.
            found = _find(connection, operator_id, client or operator_id, now)
            hashes = [*connection.scalars(newest), *connection.scalars(former)]
        is_right = any(self._secrets.is_right(secret, hashed) for hashed in hashes)
        return found if is_right else None

    def knows(self, operator_id: str) -> bool:
        """Say whether an operator was admitted and has a client yet."""
        query = select(clients.c.client_id).where(clients.c.operator_id == operator_id).limit(1)
        with self._engine.connect() as connection:
            return connection.scalar(query) is not None

    def get(self, operator_id: str, client: str) -> Client | None:
        with self._engine.connect() as connection:
            return _find(connection, operator_id, client, self._clock())

    def list(self, operator_id: str) -> list[Client]:
        """Return an operator's clients; the first of them, then by id."""
        query = _query(self._clock()).where(clients.c.operator_id == operator_id)
        with self._engine.connect() as connection:
            found = map(_read, connection.execute(query))
            return sorted(found, key=lambda each: each.client_id)

    def put(
        self, operator_id: str, client: str, scopes: Collection[Scope]
    ) -> tuple[Client, str | None] | None:
        """Make a client and its secret, or say anew what it may; None if just removed.

        Raise Refused("limit_reached").  Safe to repeat: then no secret is made.
        """
        client_id, now = client_id_of(operator_id, client), self._clock()
        said = " ".join(scope for scope in SCOPES if scope in scopes)
        secret = None
        if self.get(operator_id, client) is None:
            if self._count(operator_id) >= MOST_CLIENTS:
                raise Refused("limit_reached", f"{MOST_CLIENTS} clients")
            secret = self._secrets.make(client_id)
        made = {"client_id": client_id, "operator_id": operator_id, "scopes": said}
        changed = update(clients).where(
            clients.c.client_id == client_id, clients.c.scopes.is_distinct_from(said)
        )
        hashed = hash_secret(secret) if secret else ""
        with self._engine.begin() as connection:
            if secret and not insert_once(
                connection, clients, secret_hash=hashed, secret_since=now, **made
            ):
                secret = None
            if not secret and connection.execute(changed.values(scopes=said)).rowcount:
                stop(connection, client_id, now)
            found = _find(connection, operator_id, client, now)
        return None if found is None else (found, secret)

    def remove(self, operator_id: str, client: str) -> None:
        """Forget a client; its tokens stop.  Safe to repeat."""
        client_id = client_id_of(operator_id, client)
        with self._engine.begin() as connection:
            gone = delete(clients).where(clients.c.client_id == client_id)
            if connection.execute(gone).rowcount:
                _stop_former(connection, client_id, self._clock())

    def rotate(
        self, operator_id: str, client: str, rotation_id: UUID
    ) -> tuple[Client, str | None] | None:
        """Make a new secret; None without such a client.

        Raise Refused("limit_reached") while too many are good.  Safe to repeat under one id: then
        no other is made, and none is shown.
        """
        client_id, now = client_id_of(operator_id, client), self._clock()
        is_this = clients.c.client_id == client_id
        is_new = clients.c.rotation_id.is_distinct_from(rotation_id)
        good = select(func.count()).where(
            former_secrets.c.client_id == client_id, former_secrets.c.until > now
        )
        with self._engine.connect() as connection:
            wanted = connection.scalar(select(clients.c.client_id).where(is_this, is_new))
            if wanted and (connection.scalar(good) or 0) >= MOST_FORMER:
                raise Refused("limit_reached", f"{MOST_FORMER} former secrets are good")
        secret = self._secrets.make(client_id) if wanted else None
        hashed = hash_secret(secret) if secret else ""
        taken = update(clients).where(is_this, is_new).values(rotation_id=rotation_id)
        with self._engine.begin() as connection:
            if secret:
                # Who has the row, has it alone until the end, and reads which secret it replaces.
                replaced = connection.scalar(taken.returning(clients.c.secret_hash))
                if replaced is None:
                    secret = None
                else:
                    until = now + OVERLAP
                    old = {"client_id": client_id, "secret_hash": replaced, "until": until}
                    connection.execute(delete(former_secrets).where(former_secrets.c.until <= now))
                    insert_once(connection, former_secrets, **old)
                    new = {"secret_hash": hashed, "secret_since": now}
                    connection.execute(update(clients).where(is_this).values(new))
            found = _find(connection, operator_id, client, now)
        return None if found is None else (found, secret)

    def stop_former(self, operator_id: str, client: str) -> Client | None:
        """Let the newest secret alone be good, and no token from before; None without a client."""
        client_id, now = client_id_of(operator_id, client), self._clock()
        this = select(clients.c.client_id).where(clients.c.client_id == client_id)
        with self._engine.begin() as connection:
            if connection.scalar(this.with_for_update()):
                _stop_former(connection, client_id, now)
            return _find(connection, operator_id, client, now)

    def _count(self, operator_id: str) -> int:
        query = select(func.count()).where(clients.c.operator_id == operator_id)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar_one()


def _stop_former(connection: Connection, client_id: str, now: datetime) -> None:
    mine = former_secrets.c.client_id == client_id
    connection.execute(delete(former_secrets).where(mine))
    stop(connection, client_id, now)


def _find(connection: Connection, operator_id: str, client: str, now: datetime) -> Client | None:
    this = clients.c.client_id == client_id_of(operator_id, client)
    row = connection.execute(_query(now).where(this)).one_or_none()
    return None if row is None else _read(row)


def _query(now: datetime) -> Select[Any]:
    last = (
        select(func.max(former_secrets.c.until))
        .where(former_secrets.c.client_id == clients.c.client_id, former_secrets.c.until > now)
        .scalar_subquery()
    )
    is_its = stopped_clients.c.client_id == clients.c.client_id
    return select(
        clients.c.operator_id,
        clients.c.client_id,
        clients.c.scopes,
        clients.c.secret_since,
        last.label("former_until"),
        stopped_clients.c.stopped_at,
    ).select_from(clients.outerjoin(stopped_clients, is_its))


def _read(row: Row[Any]) -> Client:
    said = None if row.scopes is None else row.scopes.split()
    return Client(
        operator_id=row.operator_id,
        client=row.client_id.removeprefix(f"{row.operator_id}."),
        scopes=tuple(scope for scope in SCOPES if said is None or scope in said),
        secret_since=row.secret_since,
        former_until=row.former_until,
        stopped_at=row.stopped_at,
    )
