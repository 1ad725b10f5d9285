"""What a recognition rests on, apart from how it was presented."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from contracts.words import Category


@dataclass(frozen=True, kw_only=True)
class Footing:
    """A verified attestation that took the place of another, as of the moment home said so.

    `holder` is whom this city knows by its subject, `holder_key` the thumbprint of the key it is
    bound to; the rest is evidence, as in a recognition.
    """

    attestation_id: UUID
    holder: str
    holder_key: str
    tier: int
    purposes: Sequence[str]
    attestation: str
    kid: str
    crosswalk: int
    roster: int
    status_as_of: datetime
    until: datetime
    since: datetime
    tiers: Mapping[Category, int] = field(default_factory=dict)
    overrides: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Supersession:
    """Attestation `by` took the place of another; without a footing it could not be believed."""

    by: UUID
    at: datetime
    footing: Footing | None
