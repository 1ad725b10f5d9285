"""Consent: a resident lets one city learn band and tier, for named purposes, until a moment.

Separate consent for giving personal information to another is PIPL article 23; withdrawing it, as
easily as it was given, is article 15.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, Self
from uuid import UUID

from contracts.errors import Malformed, Refused

LONGEST: Final = timedelta(days=731)  # two years, leap day included


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is consented to.  Equal terms are the same consent; `purposes` are in order."""

    resident: str
    recipient: str
    purposes: tuple[str, ...]
    text_version: str
    until: datetime

    def check(self, now: datetime) -> None:
        """Raise Malformed naming `purposes` or `until` when nobody may consent to this."""
        errors = {}
        if not self.purposes:
            errors["purposes"] = "At least one."
        elif len(set(self.purposes)) != len(self.purposes):
            errors["purposes"] = "Each only once."
        if self.until <= now:
            errors["until"] = "Not in the future."
        elif self.until > now + LONGEST:
            errors["until"] = "More than two years ahead."
        if errors:
            raise Malformed(errors=errors)


@dataclass(eq=False, kw_only=True)
class Consent:
    """Invariant: its terms never change, and once withdrawn it is never live again."""

    id: UUID
    terms: Terms
    given_at: datetime
    withdrawn_at: datetime | None = None

    @classmethod
    def give(cls, id: UUID, terms: Terms, now: datetime) -> Self:
        """Give a consent; raises Malformed as Terms.check does."""
        terms.check(now)
        return cls(id=id, terms=terms, given_at=now)

    def withdraw(self, now: datetime) -> None:
        """Withdraw; the first moment stands."""
        self.withdrawn_at = self.withdrawn_at or now

    def state(self, now: datetime) -> Literal["live", "withdrawn", "over"]:
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "live" if now < self.terms.until else "over"


def live_one(consents: Sequence[Consent], now: datetime) -> Consent:
    """Choose the consent to rest on among those for one recipient, newest first.

    Raises Refused consent_missing, consent_withdrawn or consent_over; the newest says which.
    """
    for consent in consents:
        if consent.state(now) == "live":
            return consent
    if not consents:
        raise Refused("consent_missing")
    raise Refused(f"consent_{consents[0].state(now)}", f"consent {consents[0].id}")
