"""The rows of holders, as the projectors change them."""

import json
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection, bindparam, exists, insert, select, update

from contracts.recognition import CategoryTier, RecognitionEvidence
from services.gateway.adapters.tables import erased_holders, holders
from services.gateway.eligibility.moments import to_microseconds

_LOCKED: Final = select(holders).where(holders.c.holder == bindparam("which")).with_for_update()
_ERASED: Final = select(exists().where(erased_holders.c.holder == bindparam("which")))
_CHANGED: Final = update(holders).where(holders.c.holder == bindparam("which"))
_NEW: Final = insert(holders).returning(*holders.c)


def find_holder(connection: Connection, holder: str) -> Any:
    """Return the holder's row, locked, or None."""
    return connection.execute(_LOCKED, {"which": holder}).one_or_none()


def is_erased(connection: Connection, holder: str) -> bool:
    """Say whether news of a holder comes after they were erased."""
    return bool(connection.scalar(_ERASED, {"which": holder}))


def lock_holder(connection: Connection, holder: str) -> Any:
    """Return the holder's row, locked; it is made when there is none.

    None when the holder was erased, which took the row away: then there is nothing to note.
    """
    row = find_holder(connection, holder)
    if row is not None or is_erased(connection, holder):
        return row
    return connection.execute(_NEW, {"holder": holder, "ended": False, "usage": "{}"}).one()


def change_holder(connection: Connection, holder: str, **values: Any) -> None:
    connection.execute(_CHANGED, {"which": holder, **values})


def attested_us(evidence: RecognitionEvidence | None) -> int | None:
    """Return when the attestation was issued, in microseconds, as far as it was told."""
    if evidence is None or evidence.attested_at is None:
        return None
    return to_microseconds(evidence.attested_at)


def tiers_text(tiers: Iterable[CategoryTier]) -> str:
    """Write the tiers of single categories as a row keeps them; `{}` where there are none."""
    return json.dumps({each.category: each.tier for each in tiers})
