"""The rows of holders, as the projectors change them."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, insert, select, update

from contracts.recognition import CategoryTier, RecognitionEvidence
from services.gateway.adapters.tables import holders
from services.gateway.eligibility.moments import to_microseconds


def lock_holder(connection: Connection, holder: str) -> Any:
    """Return the holder's row, locked; a row without a recognition is made when there is none."""
    query = select(holders).where(holders.c.holder == holder).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        new = insert(holders).values(holder=holder, ended=False, usage="{}")
        row = connection.execute(new.returning(*holders.c)).one()
    return row


def change_holder(connection: Connection, holder: str, **values: Any) -> None:
    connection.execute(update(holders).where(holders.c.holder == holder).values(values))


def attested_us(evidence: RecognitionEvidence | None) -> int | None:
    """Return when the attestation was issued, in microseconds, as far as it was told."""
    if evidence is None or evidence.attested_at is None:
        return None
    return to_microseconds(evidence.attested_at)


def tiers_text(tiers: Iterable[CategoryTier]) -> str:
    """Write the tiers of single categories as a row keeps them; `{}` where there are none."""
    return json.dumps({each.category: each.tier for each in tiers})
