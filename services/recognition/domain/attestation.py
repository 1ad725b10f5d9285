"""The attestation: home's signed word on band and tier, for one holder at one host.

An SD-JWT VC (RFC 9901, draft-ietf-oauth-sd-jwt-vc).  It has no place for a score: the type has no
field, and the claims are a closed list on both sides.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from contracts.errors import Malformed
from services.recognition.domain import jws, sd_jwt
from services.recognition.domain.jws import Jwk, Signer
from services.recognition.domain.moments import to_seconds

TYPE: Final = "dc+sd-jwt"
VCT: Final = "urn:huxin:score-attestation:1"
KEY_BINDING_TYPE: Final = "kb+jwt"

ALWAYS_VISIBLE: Final = frozenset(
    {
        *("iss", "aud", "sub", "former_sub", "jti", "iat", "nbf", "exp"),
        *("vct", "cnf", "status", "crosswalk"),
    }
)
DISCLOSABLE: Final = frozenset({"tier", "band", "as_of", "score_name", "purposes"})
MANDATORY: Final = DISCLOSABLE - {"score_name"}


@dataclass(frozen=True)
class StatusEntry:
    """Where the attestation's status stands: one entry of one status list."""

    uri: str
    index: int


@dataclass(frozen=True, kw_only=True)
class Attestation:
    """Invariant: one issuer, one audience, one holder key, a short life; never a score.

    `issuer` and `audience` are the gateways of home and host, `subject` is a pairwise pseudonym and
    `former_subject` the one before it, while pseudonym keys overlap; `holder_key` is a public JWK,
    `as_of` the moment the score behind the band was computed.
    """

    id: UUID
    issuer: str
    audience: str
    subject: str
    issued_at: datetime
    expires_at: datetime
    holder_key: Jwk
    status: StatusEntry
    crosswalk: int
    tier: int
    band: str
    as_of: datetime
    purposes: tuple[str, ...]
    score_name: str | None = None
    former_subject: str | None = None

    def __post_init__(self) -> None:
        if self.issuer == self.audience:
            raise Malformed("malformed", "home and host are the same city")
        if not self.as_of <= self.issued_at < self.expires_at:
            raise Malformed("malformed", "as_of, issued_at and expires_at are out of order")
        if not self.purposes:
            raise Malformed("malformed", "an attestation serves at least one purpose")

    def claims(self) -> dict[str, Any]:
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": self.subject,
            "jti": str(self.id),
            "iat": to_seconds(self.issued_at),
            "exp": to_seconds(self.expires_at),
            "vct": VCT,
            "cnf": {"jwk": dict(self.holder_key)},
            "status": {"status_list": {"idx": self.status.index, "uri": self.status.uri}},
            "crosswalk": self.crosswalk,
            "tier": self.tier,
            "band": self.band,
            "as_of": to_seconds(self.as_of),
            "purposes": sorted(self.purposes),
        }
        others = {"score_name": self.score_name, "former_sub": self.former_subject}
        return {**claims, **{name: value for name, value in others.items() if value is not None}}


def issue(attestation: Attestation, *, signer: Signer, make_salt: Callable[[], str]) -> str:
    """Sign an attestation for its holder, with every disclosure.

    `make_salt` as in sd_jwt.conceal.  Raises Refused("key_not_usable") when home may not sign.
    """
    payload, disclosures = sd_jwt.conceal(attestation.claims(), DISCLOSABLE, make_salt)
    token = jws.write(payload, typ=TYPE, signer=signer)
    return str(sd_jwt.SdJwt(token, disclosures))


def subject_of(issued: str) -> str:
    """Say how an issued attestation names its holder to its audience."""
    return str(jws.read(sd_jwt.read(issued).token).payload["sub"])


def disclosable_claims(issued: str) -> dict[str, Any]:
    """Return what an attestation of this city's own may tell a host beyond what all of them do."""
    parts = sd_jwt.read(issued)
    claims = sd_jwt.resolve(jws.read(parts.token).payload, parts.disclosures)
    return {name: claims[name] for name in sorted(DISCLOSABLE & claims.keys())}


def subjects_of(issued: str) -> frozenset[str]:
    """Say all names that an issued attestation gives its holder, with one that it follows."""
    payload = jws.read(sd_jwt.read(issued).token).payload
    return frozenset(str(payload[name]) for name in ("sub", "former_sub") if name in payload)


def present(
    issued: str,
    names: Collection[str],
    *,
    gateway: str,
    challenge: str,
    now: datetime,
    signer: Signer,
) -> str:
    """Show the named claims to one gateway, answering its challenge with the holder's key.

    What a holder's app does; here for the demo, the tests and the SDK (RFC 9901 §4.3, §7.2).
    Raises Malformed for what is bound already, Refused("bad_disclosure") for what does not resolve.
    """
    held = sd_jwt.read(issued)
    if held.key_binding:
        raise Malformed("malformed_presentation", "an issuer hands out no key binding")
    sd_jwt.resolve(jws.read(held.token).payload, held.disclosures)
    shown = sd_jwt.select(held, names)
    claims = {
        "aud": gateway,
        "nonce": challenge,
        "iat": to_seconds(now),
        "sd_hash": sd_jwt.digest(shown.bound_text),
    }
    proof = jws.write(claims, typ=KEY_BINDING_TYPE, signer=signer)
    return str(sd_jwt.SdJwt(shown.token, shown.disclosures, proof))
