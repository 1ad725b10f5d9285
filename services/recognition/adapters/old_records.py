"""Records of processing that have been kept long enough."""

from datetime import datetime

from sqlalchemy import Connection, and_, exists, not_

from services.plumbing.rows import delete_some
from services.recognition.adapters.consent_tables import consent_texts
from services.recognition.adapters.dispute_tables import routed_disputes
from services.recognition.adapters.tables import (
    consents,
    erased_holders,
    erasures,
    issuances,
    recognitions,
)


class SqlOldRecords:
    """Drops what ended before a moment; a consent stays for as long as anything rests on it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def forget_before(self, moment: datetime, limit: int) -> int:
        rested_on = exists().where(issuances.c.consent_id == consents.c.id)
        old = {
            issuances: issuances.c.until < moment,
            consents: and_(consents.c.until < moment, not_(rested_on)),
            consent_texts: consent_texts.c.until < moment,
            recognitions: recognitions.c.until < moment,
            routed_disputes: routed_disputes.c.opened_at < moment,
            erasures: erasures.c.erased_at < moment,
            erased_holders: erased_holders.c.erased_at < moment,
        }
        return max(
            delete_some(self._connection, table, condition, limit)
            for table, condition in old.items()
        )
