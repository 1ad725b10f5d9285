"""Nonces of signed calls between cities."""

from datetime import datetime

from sqlalchemy import Engine, delete, insert
from sqlalchemy.exc import IntegrityError

from services.gateway.adapters.tables import nonces
from services.plumbing.clock import Clock


class NonceStore:
    """Invariant: a nonce is fresh once, in all processes of the node: the primary key says so."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock

    def use(self, city: str, nonce: str, until: datetime) -> bool:
        """Say whether the nonce is fresh, and remember it; forget those that are over."""
        row = {"city": city, "nonce": nonce, "until": until}
        try:
            with self._engine.begin() as connection:
                connection.execute(delete(nonces).where(nonces.c.until < self._clock()))
                connection.execute(insert(nonces).values(row))
        except IntegrityError:
            return False
        return True
