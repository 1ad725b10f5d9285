"""Operators' webhooks: where to, signed by which secrets, and whether deliveries rest."""

import base64
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, Engine, delete, or_, select, update

from contracts.errors import Conflict, Refused
from contracts.tags import tag
from services.gateway.adapters.tables import webhooks
from services.plumbing.rows import insert_once

SECRET_BYTES: Final = 32  # Standard Webhooks: 24 to 64
OVERLAP: Final = timedelta(hours=24)  # for which a replaced secret signs as well


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """Where an operator wants deliveries, and the secrets that sign them.

    `disabled_at` is since when nothing was sent, because nothing had arrived for too long.
    """

    url: str
    secret: str = field(repr=False)
    old_secret: str | None = field(default=None, repr=False)
    old_until: datetime | None = None
    disabled_at: datetime | None = None
    disabled_reason: str | None = None

    @property
    def tag(self) -> str:
        """What a caller names who changes this and nothing else (RFC 9110 §13.1.1)."""
        return tag(f"{self.url} {self.secret} {self.old_until} {self.disabled_at}".encode())

    def signing(self, now: datetime) -> tuple[str, ...]:
        """Return the secrets in use, the newest first."""
        if self.old_secret is None or self.old_until is None or now >= self.old_until:
            return (self.secret,)
        return (self.secret, self.old_secret)


class Webhooks:
    """Invariant: a secret stays while the address changes, and signs for a day beside the next."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, operator_id: str) -> Webhook | None:
        with self._engine.connect() as connection:
            return webhook_of(connection, operator_id)

    def put(self, operator_id: str, url: str, seen: str | None = None) -> Webhook:
        """Set an operator's address, and let deliveries go out again.  Safe to repeat.

        Raise Conflict when something would change that is not as it was `seen`.
        """
        mine = webhooks.c.operator_id == operator_id
        named = {"url": url, "disabled_at": None, "disabled_reason": None}
        with self._engine.begin() as connection:
            known = webhook_of(connection, operator_id, lock=True)
            if known is None or (known.url, known.disabled_at) != (url, None):
                _compare(known, seen)
            made = {"operator_id": operator_id, "secret": _make_secret(), **named}
            if not insert_once(connection, webhooks, **made):
                connection.execute(update(webhooks).where(mine).values(named))
            return _one(connection, operator_id)

    def rotate(self, operator_id: str, rotation_id: UUID, *, now: datetime) -> Webhook | None:
        """Make a new secret; None without a webhook.

        Raise Refused("limit_reached") while the former one signs: whoever checks by it would be
        deaf at once.  Safe to repeat under one id.
        """
        is_mine = webhooks.c.operator_id == operator_id
        is_new = webhooks.c.rotation_id.is_distinct_from(rotation_id)
        is_alone = or_(webhooks.c.old_until.is_(None), webhooks.c.old_until <= now)
        replaced = (
            update(webhooks)
            .where(is_mine, is_new, is_alone)
            .values(
                old_secret=webhooks.c.secret,
                old_until=now + OVERLAP,
                secret=_make_secret(),
                rotation_id=rotation_id,
            )
        )
        with self._engine.begin() as connection:
            is_done = connection.execute(replaced).rowcount == 1
            wanted = select(webhooks.c.operator_id).where(is_mine, is_new)
            if not is_done and connection.scalar(wanted) is not None:
                raise Refused("limit_reached", "the former secret signs still")
            return webhook_of(connection, operator_id)

    def remove(self, operator_id: str, seen: str | None = None) -> None:
        """Forget an operator's webhook; nothing is sent any more.  Safe to repeat.

        Raise Conflict when it is not as it was `seen`.
        """
        mine = webhooks.c.operator_id == operator_id
        with self._engine.begin() as connection:
            known = webhook_of(connection, operator_id, lock=True)
            if known is not None:
                _compare(known, seen)
            connection.execute(delete(webhooks).where(mine))


def webhook_of(connection: Connection, operator_id: str, *, lock: bool = False) -> Webhook | None:
    """Return an operator's webhook, if it has one."""
    query = select(*_COLUMNS).where(webhooks.c.operator_id == operator_id)
    query = query.with_for_update() if lock else query
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Webhook(**row)


def disable(engine: Engine, operator_id: str, *, reason: str, now: datetime) -> bool:
    """Let an operator's deliveries rest until it sets its webhook anew; say whether they did not.

    They go on being taken in, and wait.
    """
    mine = webhooks.c.operator_id == operator_id
    values = {"disabled_at": now, "disabled_reason": reason}
    with engine.begin() as connection:
        rested = update(webhooks).where(mine, webhooks.c.disabled_at.is_(None)).values(values)
        return connection.execute(rested).rowcount == 1


def webhooks_of(engine: Engine, operator_ids: Collection[str]) -> dict[str, Webhook]:
    """Return the webhooks of those operators who have one, by operator."""
    if not operator_ids:
        return {}
    mine = webhooks.c.operator_id.in_(operator_ids)
    with engine.connect() as connection:
        rows = connection.execute(select(webhooks.c.operator_id, *_COLUMNS).where(mine))
        return {row.pop("operator_id"): Webhook(**row) for row in map(dict, rows.mappings())}


def at_rest(engine: Engine) -> list[tuple[str, datetime, str]]:
    """Return the operators whose webhook is disabled, since when and why."""
    columns = webhooks.c.operator_id, webhooks.c.disabled_at, webhooks.c.disabled_reason
    query = select(*columns).where(webhooks.c.disabled_at.is_not(None)).order_by(columns[0])
    with engine.connect() as connection:
        return [(who, at, why or "") for who, at, why in connection.execute(query)]


def _compare(known: Webhook | None, seen: str | None) -> None:
    if seen is not None and (known is None or known.tag != seen):
        raise Conflict("precondition_failed", "webhook")


def _one(connection: Connection, operator_id: str) -> Webhook:
    found = webhook_of(connection, operator_id)
    if found is None:
        raise LookupError(operator_id)
    return found


def _make_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")


_COLUMNS: Final = [webhooks.c[name] for name in Webhook.__dataclass_fields__]
