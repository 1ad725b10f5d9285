"""How a host comes to believe a presentation: every step, in order, in one place.

`verify` establishes facts; whether they suffice for a purpose is for a policy to judge (policy.py).
The first step that fails ends the verification; its verdict names the step and the reason.

 (1) The text is an SD-JWT of at most 16 KiB and 32 disclosures (RFC 9901 §4).
 (2) The issuer-signed JWT has `typ` dc+sd-jwt.
 (3) Its `vct` is the one attestation type this version knows.
 (4) Its visible claims are complete, well-formed and from a closed list: what decides validity is
     never hidden in disclosures (SD-JWT VC §3.2.2.2), and no city slips in a score.
 (5) The roster is within its validity or grace.
 (6) The issuer is the gateway of an online member of the roster, and not the host's own.
 (7) The signing key is an attestation key of that city and was in use when it was issued.
 (8) The algorithm is allowed and fits that key, whatever the header would like.
 (9) The issuer's signature is right.
(10) The audience is this gateway.
(11) It was not issued in the future.
(12) It is already valid (`nbf`, if there is one).
(13) It has not expired.
(14) It does not live longer than an attestation may.
(15) It names a holder's key, a public one.
(16) The disclosures resolve by every rule of RFC 9901 §7.1.
(17) Tier, band, as_of and purposes are disclosed and well-formed, and nothing unknown is.
(18) The crosswalk version is known, was in force at issue, and the one in force now agrees.
(19) That crosswalk gives the issuer's band exactly this tier.
(20) There is a key-binding JWT, of `typ` kb+jwt (RFC 9901 §7.3).
(21) Its algorithm is allowed and fits the holder's key, and its signature is right.
(22) Its audience is this gateway.
(23) Its nonce is the challenge.
(24) It was made just now.
(25) Its `sd_hash` covers the attestation and exactly these disclosures.
(26) The status entry lies on the issuer's own gateway; its status is known, within any grace.
(27) The status is valid.

Without a challenge nobody presents anything: the attestation came from its issuer, who knows whose
key it names.  Then (20) to (25) are that there is no key-binding JWT, and the caller MUST make sure
that the holder's key is one whose holder proved to hold it.

The caller still MUST make sure that the challenge was issued by this gateway, is not over, and is
used once; and MUST apply a policy.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from contracts.errors import ContractError, Malformed, Refused
from services.recognition.domain import jws, sd_jwt
from services.recognition.domain.attestation import KEY_BINDING_TYPE, TYPE, VCT, StatusEntry
from services.recognition.domain.claims import (
    DisclosedClaims,
    VisibleClaims,
    read_disclosed,
    read_visible,
)
from services.recognition.domain.crosswalk import Crosswalk
from services.recognition.domain.jws import Jwk, Jws, Signatures
from services.recognition.domain.moments import LATEST, from_seconds
from services.recognition.domain.override import Override
from services.recognition.domain.roster import City, Roster
from services.recognition.domain.sd_jwt import SdJwt
from services.recognition.domain.status_list import Status, Statuses, StatusReading
from services.recognition.domain.tiers import Tiers, tiers_stated

SKEW: Final = timedelta(seconds=60)  # how far two cities' clocks may differ
LONGEST_LIFE: Final = timedelta(days=31)
KEY_BINDING_LIFE: Final = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Host:
    """What a host knows when a presentation comes in."""

    city: str
    gateway: str
    roster: Roster
    crosswalks: Mapping[int, Crosswalk]
    signatures: Signatures
    statuses: Statuses
    overrides: Iterable[Override] = ()
    longest_life: timedelta = LONGEST_LIFE


@dataclass(frozen=True, kw_only=True)
class Verified:
    """Established facts, with the evidence a decision can be replayed from."""

    attestation_id: UUID
    home: str
    host: str
    holder: str
    tier: int
    band: str
    score_name: str | None
    as_of: datetime
    purposes: frozenset[str]
    issued_at: datetime
    expires_at: datetime
    crosswalk: int
    tiers: Tiers
    roster: int
    kid: str
    holder_key: Jwk
    status: StatusEntry
    status_as_of: datetime
    status_until: datetime
    digest: str  # SHA-256 of the issuer-signed JWT, base64url
    former_holders: tuple[str, ...] = ()  # names under which it may know the same person
    roster_as_of: datetime | None = None


@dataclass(frozen=True)
class NotVerified:
    """The verdict no: `code` of the closed vocabulary, the step that failed, and why."""

    code: str
    step: int
    detail: str = ""


def verify(
    presentation: str, *, challenge: str | None, host: Host, now: datetime
) -> Verified | NotVerified:
    """Verify a presentation as the numbered list above says; never raises for any text."""
    verification = _Verification(presentation, challenge, host, now)
    try:
        return verification.run()
    except ContractError as error:
        return NotVerified(error.code, verification.step, error.detail)


class _Verification:
    """One walk through the steps; `step` is the one under way."""

    def __init__(self, text: str, challenge: str | None, host: Host, now: datetime) -> None:
        self.step = 0
        self.text, self.challenge, self.host, self.now = text, challenge, host, now

    def run(self) -> Verified:
        presentation, token, claims = self.read()
        issuer = self.trust(token, claims)
        self.check_validity(claims)
        self.step = 15  # (15)
        holder_key = claims.holder_key
        disclosed = self.disclosed(presentation, token)
        tiers = self.check_crosswalk(issuer, claims, disclosed)
        self.check_key_binding(presentation, holder_key)
        reading = self.check_status(issuer, claims.status)
        return Verified(
            attestation_id=claims.id,
            home=issuer.code,
            host=self.host.city,
            holder=claims.subject,
            tier=disclosed.tier,
            band=disclosed.band,
            score_name=disclosed.score_name,
            as_of=disclosed.as_of,
            purposes=disclosed.purposes,
            issued_at=claims.issued_at,
            expires_at=claims.expires_at,
            crosswalk=claims.crosswalk,
            tiers=tiers,
            roster=self.host.roster.version,
            kid=token.kid,
            holder_key=holder_key,
            status=claims.status,
            status_as_of=reading.as_of,
            status_until=reading.fresh_until,
            digest=sd_jwt.digest(presentation.token),
            former_holders=(claims.former_subject,) if claims.former_subject else (),
            roster_as_of=self.host.roster.as_of,
        )

    def read(self) -> tuple[SdJwt, Jws, VisibleClaims]:
        self.step = 1  # (1)
        presentation = sd_jwt.read(self.text)
        token = _read_token(presentation.token)
        self.step = 2  # (2)
        _require(token.typ == TYPE, "wrong_type")
        self.step = 3  # (3)
        _require(token.payload.get("vct") == VCT, "wrong_vct")
        self.step = 4  # (4)
        return presentation, token, read_visible(token.payload)

    def trust(self, token: Jws, claims: VisibleClaims) -> City:
        self.step = 5  # (5)
        self.host.roster.check_age(self.now)
        self.step = 6  # (6)
        issuer = self.host.roster.online_city_at(claims.issuer)
        _require(issuer.code != self.host.city, "issuer_is_host")
        self.step = 7  # (7)
        key = issuer.attestation_key(token.kid, claims.issued_at)
        self.step = 8  # (8)
        _require(self.host.signatures.fits(token.alg, key.jwk), "wrong_algorithm")
        self.step = 9  # (9)
        _require(self.host.signatures.verify(token, key.jwk), "bad_issuer_signature")
        return issuer

    def check_validity(self, claims: VisibleClaims) -> None:
        self.step = 10  # (10)
        _require(claims.audience == self.host.gateway, "wrong_audience")
        self.step = 11  # (11)
        _require(claims.issued_at <= self.now + SKEW, "issued_in_future")
        self.step = 12  # (12)
        starts_at = claims.not_before or claims.issued_at
        _require(starts_at <= self.now + SKEW, "not_yet_valid")
        self.step = 13  # (13) without leniency: a grant must never outlive what it rests on
        _require(self.now < claims.expires_at, "expired")
        self.step = 14  # (14)
        life = claims.expires_at - claims.issued_at
        _require(life <= self.host.longest_life, "lifetime_too_long")

    def disclosed(self, presentation: SdJwt, token: Jws) -> DisclosedClaims:
        self.step = 16  # (16)
        resolved = sd_jwt.resolve(token.payload, presentation.disclosures)
        self.step = 17  # (17)
        return read_disclosed(resolved, visible=token.payload.keys())

    def check_crosswalk(self, issuer: City, claims: VisibleClaims, shown: DisclosedClaims) -> Tiers:
        self.step = 18  # (18)
        tiers = tiers_stated(
            shown.band,
            by=claims.crosswalk,
            tables=self.host.crosswalks,
            overrides=self.host.overrides,
            cities=(issuer.code, self.host.city),
            moments=(claims.issued_at, self.now),
        )
        self.step = 19  # (19)
        if tiers is None or tiers.tier != shown.tier:
            raise Refused("crosswalk_mismatch")
        return tiers

    def check_key_binding(self, presentation: SdJwt, holder_key: Jwk) -> None:
        self.step = 20  # (20)
        if self.challenge is None:
            _require(presentation.key_binding == "", "bad_key_binding", "not asked for")
            return
        _require(presentation.key_binding != "", "bad_key_binding", "absent")
        proof = _read_token(presentation.key_binding)
        _require(proof.typ == KEY_BINDING_TYPE, "bad_key_binding", "typ")
        self.step = 21  # (21)
        fits = self.host.signatures.fits(proof.alg, holder_key)
        _require(fits, "bad_key_binding", "algorithm")
        right = self.host.signatures.verify(proof, holder_key)
        _require(right, "bad_key_binding", "signature")
        self.step = 22  # (22)
        _require(proof.payload.get("aud") == self.host.gateway, "bad_key_binding", "audience")
        self.step = 23  # (23)
        _require(proof.payload.get("nonce") == self.challenge, "bad_key_binding", "challenge")
        self.step = 24  # (24)
        _require(self.made_just_now(proof), "bad_key_binding", "moment")
        self.step = 25  # (25)
        covered = sd_jwt.digest(presentation.bound_text)
        _require(proof.payload.get("sd_hash") == covered, "bad_key_binding", "sd_hash")

    def check_status(self, issuer: City, entry: StatusEntry) -> StatusReading:
        self.step = 26  # (26)
        _require(issuer.serves(entry.uri), "status_unavailable", "not on the issuer's gateway")
        reading = self.host.statuses.read(entry)
        if reading is None:
            raise Refused("status_unavailable", "unknown")
        _require(self.now < reading.fresh_until + reading.grace, "status_unavailable", "too old")
        self.step = 27  # (27)
        _require(reading.value != Status.SUSPENDED, "status_suspended")
        _require(reading.value == Status.VALID, "status_invalid")
        return reading

    def made_just_now(self, proof: Jws) -> bool:
        """Also by `nbf` and `exp`, which no proof needs (RFC 9901 §7.3 step 5h)."""
        try:
            made_at = from_seconds(proof.payload.get("iat"))
            starts_at = from_seconds(proof.payload.get("nbf", 0))
            expires_at = from_seconds(proof.payload.get("exp", LATEST))
        except ValueError:
            return False
        valid = starts_at <= self.now + SKEW and self.now < expires_at
        return valid and self.now - KEY_BINDING_LIFE <= made_at <= self.now + SKEW


def _read_token(text: str) -> Jws:
    try:
        return jws.read(text)
    except Malformed as error:
        raise Malformed("malformed_presentation", error.detail) from error


def _require(condition: bool, code: str, detail: str = "") -> None:  # noqa: FBT001 - reads as a sentence
    if not condition:
        raise Refused(code, detail)
