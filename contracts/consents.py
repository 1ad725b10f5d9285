"""Consents in full: the text that is consented to, and the holder's own copy of the record."""

from dataclasses import dataclass
from typing import Any

from contracts.fields import (
    CityCode,
    Digest,
    Identifier,
    Moment,
    PageSize,
    Prose,
    Pseudonym,
    Reason,
    Slug,
    Title,
)
from contracts.recognition import ConsentRecord
from contracts.wire import command, reply
from contracts.words import Category


@reply("recognition.consent.text.v1")
@dataclass(frozen=True, kw_only=True)
class ConsentText:
    """What a resident is shown before they consent (PIPL 17, 23), to the letter.

    `digest` is the SHA-256 of the UTF-8 of `text_zh`, one line feed, and `text_en`.
    """

    version: Slug
    digest: Digest
    text_zh: Prose
    text_en: Prose


@command("recognition.consent.show_text.v1", reply=ConsentText)
@dataclass(frozen=True, kw_only=True)
class ShowConsentText:
    """Ask for the text in force now, for one recipient, these purposes and this end."""

    recipient: CityCode
    purposes: tuple[Category, ...]
    until: Moment


@dataclass(frozen=True, kw_only=True)
class ConsentedAttestation:
    """An attestation issued under a consent: what it said to the city `recipient`, and until when.

    `revoked_reason` says why home took it back before that.
    """

    attestation_id: Identifier
    recipient: CityCode
    claims: dict[str, Any]
    issued_at: Moment
    until: Moment
    revoked_at: Moment | None = None
    revoked_reason: Reason | None = None


@reply("recognition.consent.detail.v1")
@dataclass(frozen=True, kw_only=True)
class ConsentDetail:
    """A consent, the text it was given to, and the attestations under it, newest first.

    `text` is None for a consent given before texts were kept.  `impact_assessment` names home's
    assessment of giving data to the recipient (PIPL 55).  `ended_there_at` is when the recipient,
    told of the withdrawal, had ended everything, as it says itself.  `next` is the cursor to the
    attestations that follow.
    """

    consent: ConsentRecord
    text: ConsentText | None
    impact_assessment: Title | None
    attestations: tuple[ConsentedAttestation, ...]
    ended_there_at: Moment | None = None
    next: Identifier | None = None


@command("recognition.consent.show.v1", reply=ConsentDetail)
@dataclass(frozen=True, kw_only=True)
class ShowConsent:
    """Ask for one consent of a resident in full; `cursor` is an attestation under it."""

    consent_id: Identifier
    resident: Pseudonym
    cursor: Identifier | None = None
    limit: PageSize = 50


# --- over HTTP -------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ConsentBody:
    """What a resident consents to; the resident is whoever asks.

    `text_digest` is of the text they were shown.
    """

    recipient: CityCode
    purposes: tuple[Category, ...]
    text_version: Slug
    until: Moment
    text_digest: Digest | None = None


@dataclass(frozen=True, kw_only=True)
class ConsentTextAnswer:
    """The text to show, in the language asked for; `digest` covers `text_zh` and `text_en`."""

    version: Slug
    digest: Digest
    language: Slug
    text: Prose
    text_zh: Prose
    text_en: Prose


@dataclass(frozen=True, kw_only=True)
class ConsentExport:
    """Everything that home recorded about a resident's consents: their own copy (PIPL 45)."""

    home: CityCode
    exported_at: Moment
    consents: tuple[ConsentDetail, ...]
