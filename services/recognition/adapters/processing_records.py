"""What was processed, when, for whom and on what ground: the record that PIPL 55 and 56 ask for.

Nothing is written for it a second time: consents, attestations, recognitions and erasures are the
record.  They bear random names, at home a subject's and at a host a holder's, which lead to nobody
once the person was erased.
"""

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, FromClause, select

from services.recognition.adapters.tables import (
    consents,
    erased_holders,
    erasures,
    issuances,
    recognitions,
)

CONSENT: Final = "consent"  # PIPL 13 (1), 14, 23
WITHDRAWAL: Final = "withdrawal"  # PIPL 15
ACCURACY: Final = "accuracy"  # PIPL 8: what is not so any more is not stood by
REQUEST: Final = "erasure_request"  # PIPL 47


@dataclass(frozen=True, kw_only=True)
class ProcessingRecord:
    """One act on somebody's data; `city` is whom it was told to, or who told it."""

    at: datetime
    act: str
    id: str
    person: str | None
    basis: str
    city: str | None = None
    consent_id: str | None = None
    purposes: tuple[str, ...] = ()
    text_version: str | None = None
    impact_assessment: str | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class _Act:
    """Where the records of one kind of act stand; `columns` are the rest of what they say."""

    name: str
    basis: str
    rows: FromClause
    at: ColumnElement[datetime]
    id: ColumnElement[Any]
    columns: Mapping[str, ColumnElement[Any]]

    def read(
        self, connection: Connection, since: datetime, until: datetime, limit: int
    ) -> Iterator[ProcessingRecord]:
        columns = {"at": self.at, "id": self.id, **self.columns}
        found = (
            select(*(column.label(name) for name, column in columns.items()))
            .select_from(self.rows)
            .where(self.at >= since, self.at < until)
            .order_by(self.at, self.id)
            .limit(limit)
        )
        for row in connection.execute(found).mappings():
            yield ProcessingRecord(act=self.name, basis=self.basis, **_written(dict(row)))


def read_records(
    connection: Connection, since: datetime, until: datetime, *, start: int, limit: int
) -> list[ProcessingRecord]:
    """Return the records of a span in the order of their moments, from number `start` on."""
    sources = [act.read(connection, since, until, start + limit) for act in _ACTS]
    return list(islice(heapq.merge(*sources, key=attrgetter("at")), start, start + limit))


def _written(row: Mapping[str, Any]) -> dict[str, Any]:
    """Write names as text; purposes are a list."""
    told = {name: value for name, value in row.items() if value is not None}
    for name in told.keys() & {"id", "person", "consent_id"}:
        told[name] = str(told[name])
    return {"person": None, **told, "purposes": tuple(told.get("purposes", ()))}


_CONSENTED: Final = {
    "person": consents.c.subject,
    "city": consents.c.recipient,
    "consent_id": consents.c.id,
    "purposes": consents.c.purposes,
    "text_version": consents.c.text_version,
    "impact_assessment": consents.c.impact_assessment,
}
_RECOGNISED: Final = {
    "person": recognitions.c.holder,
    "city": recognitions.c.home,
    "purposes": recognitions.c.purposes,
}
_GIVEN: Final[dict[str, Any]] = {"rows": consents, "id": consents.c.id, "columns": _CONSENTED}
_ISSUED: Final[dict[str, Any]] = {
    "rows": issuances.join(consents, consents.c.id == issuances.c.consent_id),
    "id": issuances.c.attestation_id,
    "columns": _CONSENTED,
}
_SERVED: Final[dict[str, Any]] = {
    "rows": recognitions,
    "id": recognitions.c.id,
    "columns": _RECOGNISED,
}
_ACTS: Final = (
    _Act(name="consent_given", basis=CONSENT, at=consents.c.given_at, **_GIVEN),
    _Act(name="consent_withdrawn", basis=WITHDRAWAL, at=consents.c.withdrawn_at, **_GIVEN),
    _Act(name="attestation_issued", basis=CONSENT, at=issuances.c.issued_at, **_ISSUED),
    _Act(
        name="attestation_revoked",
        basis=ACCURACY,
        at=issuances.c.revoked_at,
        **{**_ISSUED, "columns": {**_CONSENTED, "reason": issuances.c.revoked_reason}},
    ),
    _Act(name="recognition_made", basis=CONSENT, at=recognitions.c.recognised_at, **_SERVED),
    _Act(
        name="recognition_ended",
        basis=ACCURACY,
        at=recognitions.c.ended_at,
        **{**_SERVED, "columns": {**_RECOGNISED, "reason": recognitions.c.ended_reason}},
    ),
    _Act(
        name="resident_erased",
        basis=REQUEST,
        rows=erasures,
        at=erasures.c.erased_at,
        id=erasures.c.id,
        columns={"person": erasures.c.subject},
    ),
    _Act(
        name="holder_erased",
        basis=REQUEST,
        rows=erased_holders,
        at=erased_holders.c.erased_at,
        id=erased_holders.c.holder,
        columns={"person": erased_holders.c.holder},
    ),
)
