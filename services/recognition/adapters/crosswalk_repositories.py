"""Crosswalks as they were published, and those that other cities offer."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from contracts.errors import Conflict
from services.plumbing.rows import delete_some, insert_once
from services.recognition.adapters.crosswalk_documents import read_published
from services.recognition.adapters.crosswalk_tables import crosswalk_offers, crosswalks
from services.recognition.domain.crosswalk_keeping import CrosswalkOffer
from services.recognition.domain.crosswalk_versions import Published


class SqlCrosswalks:
    """Keeps every version of every document for ever."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, published: Published, at: datetime) -> bool:
        new = insert_once(
            self._connection,
            crosswalks,
            name=published.name,
            version=published.version,
            digest=published.digest,
            text=published.text,
            proposed_at=published.proposed_at,
            countersigned_at=at,
            effective_from=published.document.effective_from,
            effective_until=published.document.effective_until,
        )
        if not new and not self._has(published):
            raise Conflict("id_reused", f"crosswalk {published.name}@{published.version}")
        return new

    def digests(self) -> Mapping[tuple[str, int], str]:
        found = select(crosswalks.c.name, crosswalks.c.version, crosswalks.c.digest)
        return {(row.name, row.version): row.digest for row in self._connection.execute(found)}

    def all(self) -> Sequence[Published]:
        found = select(crosswalks.c.text).order_by(crosswalks.c.name, crosswalks.c.version)
        return [read_published(text) for text in self._connection.execute(found).scalars()]

    def versions(self, name: str) -> Sequence[Published]:
        found = (
            select(crosswalks.c.text)
            .where(crosswalks.c.name == name)
            .order_by(crosswalks.c.version)
        )
        return [read_published(text) for text in self._connection.execute(found).scalars()]

    def _has(self, published: Published) -> bool:
        found = select(crosswalks.c.digest).where(
            crosswalks.c.name == published.name, crosswalks.c.version == published.version
        )
        return self._connection.execute(found).scalar_one_or_none() == published.digest


class SqlCrosswalkOffers:
    """Keeps the newest word of each city about each version until it was followed up."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, offer: CrosswalkOffer, at: datetime) -> None:
        self.remove(offer)
        insert_once(
            self._connection,
            crosswalk_offers,
            sender=offer.sender,
            name=offer.name,
            version=offer.version,
            digest=offer.digest,
            offered_at=at,
        )

    def pending(self, limit: int) -> Sequence[CrosswalkOffer]:
        at, sender = crosswalk_offers.c.offered_at, crosswalk_offers.c.sender
        turn = func.row_number().over(partition_by=sender, order_by=at)
        rows = self._connection.execute(select(crosswalk_offers).order_by(turn, at).limit(limit))
        return [
            CrosswalkOffer(sender=row.sender, name=row.name, version=row.version, digest=row.digest)
            for row in rows
        ]

    def remove(self, offer: CrosswalkOffer) -> None:
        self._connection.execute(
            delete(crosswalk_offers).where(
                crosswalk_offers.c.sender == offer.sender,
                crosswalk_offers.c.name == offer.name,
                crosswalk_offers.c.version == offer.version,
            )
        )

    def forget_before(self, moment: datetime, limit: int) -> int:
        old = crosswalk_offers.c.offered_at < moment
        return delete_some(self._connection, crosswalk_offers, old, limit)
