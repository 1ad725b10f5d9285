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
from services.recognition.domain.consent_text import ConsentTexts

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
        check(self.purposes, self.until, now)


def check(purposes: Sequence[str], until: datetime, now: datetime) -> None:
    """Raise Malformed naming `purposes` or `until` when nobody may consent to this."""
    errors = {}
    if not purposes:
        errors["purposes"] = "At least one."
    elif len(set(purposes)) != len(purposes):
        errors["purposes"] = "Each only once."
    if until <= now:
        errors["until"] = "Not in the future."
    elif until > now + LONGEST:
        errors["until"] = "More than two years ahead."
    if errors:
        raise Malformed(errors=errors)


@dataclass(eq=False, kw_only=True)
class Consent:
    """Invariant: its terms never change, and once withdrawn it is never live again.

    `text_digest` is of the text it was given to, `impact_assessment` names home's assessment of
    giving information to the recipient; both are None of a consent from before they were kept.
    """

    id: UUID
    terms: Terms
    given_at: datetime
    withdrawn_at: datetime | None = None
    text_digest: str | None = None
    impact_assessment: str | None = None

    @classmethod
    def give(
        cls, id: UUID, terms: Terms, now: datetime, *, text_digest: str, impact_assessment: str
    ) -> Self:
        """Give a consent; raises Malformed as Terms.check does."""
        terms.check(now)
        return cls(
            id=id,
            terms=terms,
            given_at=now,
            text_digest=text_digest,
            impact_assessment=impact_assessment,
        )

    def withdraw(self, now: datetime) -> bool:
        """Withdraw, once; say whether it was not withdrawn before."""
        if self.withdrawn_at is not None:
            return False
        self.withdrawn_at = now
        return True

    def state(
        self, texts: ConsentTexts, now: datetime
    ) -> Literal["live", "withdrawn", "over", "renewal_needed"]:
        if self.withdrawn_at is not None:
            return "withdrawn"
        if now >= self.terms.until:
            return "over"
        changed = texts.changed_since(self.terms.text_version, now)
        return "renewal_needed" if changed else "live"

    def carries_until(self, texts: ConsentTexts) -> datetime:
        """Say how long what rests on it may live: to its end, or to a text that asks anew."""
        anew = texts.asks_anew_at(self.terms.text_version)
        return self.terms.until if anew is None else min(anew, self.terms.until)


def live_one(consents: Sequence[Consent], texts: ConsentTexts, now: datetime) -> Consent:
    """Choose the consent to rest on among those for one recipient, newest first.

    Raises Refused consent_missing, consent_withdrawn, consent_over or consent_renewal_needed; the
    newest says which.
    """
    for consent in consents:
        if consent.state(texts, now) == "live":
            return consent
    if not consents:
        raise Refused("consent_missing")
    raise Refused(f"consent_{consents[0].state(texts, now)}", f"consent {consents[0].id}")
