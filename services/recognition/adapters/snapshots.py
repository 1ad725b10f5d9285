"""Texts that were consented to, kept to the letter: a row is written once and never changed."""

from datetime import datetime

from sqlalchemy import Connection, select

from services.plumbing.rows import insert_once
from services.recognition.adapters.consent_tables import consent_texts
from services.recognition.domain.consent_text import Snapshot, Wording


class SqlSnapshots:
    """Invariant: what stands under a digest has that digest."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, snapshot: Snapshot, until: datetime) -> None:
        insert_once(
            self._connection,
            consent_texts,
            digest=snapshot.digest,
            version=snapshot.version,
            zh=snapshot.wording.zh,
            en=snapshot.wording.en,
            until=until,
        )

    def get(self, digest: str) -> Snapshot | None:
        found = select(consent_texts).where(consent_texts.c.digest == digest)
        row = self._connection.execute(found).one_or_none()
        return Snapshot(version=row.version, wording=Wording(row.zh, row.en)) if row else None
