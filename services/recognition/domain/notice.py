"""The notice: one city's signed word to another, a Security Event Token (RFC 8417).

It is signed by the attestation key, so that it holds whoever carried it: pushed, polled, or
replayed by hand after an outage.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from contracts.errors import Forbidden, Malformed, Refused, Unauthenticated
from services.recognition.domain import jws
from services.recognition.domain.jws import Jws, Signatures, Signer
from services.recognition.domain.moments import from_seconds, to_seconds
from services.recognition.domain.roster import City

TYPE: Final = "secevent+jwt"
SKEW: Final = timedelta(seconds=60)
LONGEST: Final = 32 * 1024  # characters, as every gateway takes them (contracts.fields.Token)
OLDEST: Final = timedelta(days=62)  # no attestation lives so long, no courier tries so long
KEPT: Final = OLDEST + SKEW  # after receipt; then a repeated notice is too old to be read


@dataclass(frozen=True, kw_only=True)
class UnsignedNotice:
    """What this city has to tell the city with code `recipient`; it happened, signed or not.

    Notices of one `subject`, such as an attestation, arrive in the order of their making; one
    without keeps no order.
    """

    id: UUID
    recipient: str
    event: str
    body: Mapping[str, Any]
    subject: str = ""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Invariant: one event, from one city to one other, both named by their gateways.

    `kid` is the key that signed, of a notice that was read.
    """

    id: UUID
    issuer: str
    recipient: str
    at: datetime
    event: str
    body: Mapping[str, Any]
    kid: str = ""


def sign_notice(notice: Notice, signer: Signer) -> str:
    """Sign a notice; raises Refused("key_not_usable")."""
    claims = {
        "iss": notice.issuer,
        "aud": notice.recipient,
        "iat": to_seconds(notice.at),
        "jti": str(notice.id),
        "events": {notice.event: dict(notice.body)},
    }
    return jws.write(claims, typ=TYPE, signer=signer)


def read_notice(
    text: str, *, sender: City, recipient: str, signatures: Signatures, now: datetime
) -> Notice:
    """Check a notice that `sender` pushed to `recipient` (RFC 8417 §5, RFC 8935 §2.4).

    Raises Malformed; Forbidden for a notice of another city than its sender; Refused wrong_type,
    wrong_audience, issued_in_future, expired, unknown_key, key_not_current; Unauthenticated.
    """
    token = _read_token(text)
    if token.typ != TYPE:
        raise Refused("wrong_type", "notice")
    notice = _read_claims(token)
    if notice.issuer != sender.gateway:
        raise Forbidden("forbidden", f"not a notice of city {sender.code}")
    if notice.recipient != recipient:
        raise Refused("wrong_audience", "notice")
    if notice.at > now + SKEW:
        raise Refused("issued_in_future", "notice")
    if notice.at < now - OLDEST:
        raise Refused("expired", "notice")
    key = sender.attestation_key(token.kid, notice.at)
    if not (signatures.fits(token.alg, key.jwk) and signatures.verify(token, key.jwk)):
        raise Unauthenticated("bad_signature", f"notice of city {sender.code}")
    return notice


def _read_token(text: str) -> Jws:
    try:
        return jws.read(text, limit=LONGEST)
    except Malformed as error:
        raise Malformed(error.code, "notice", {"token": error.detail}) from error


def _read_claims(token: Jws) -> Notice:
    claims, events = token.payload, token.payload.get("events")
    errors = {
        name: "Missing." for name in ("iss", "aud", "jti") if not isinstance(claims.get(name), str)
    }
    if not isinstance(events, dict) or len(events) != 1:
        errors["events"] = "Exactly one event."
    elif not isinstance(next(iter(events.values())), dict):
        errors["events"] = "An event is an object."
    if errors:
        raise Malformed("malformed", "notice", errors)
    try:
        notice_id = UUID(claims["jti"])
    except ValueError as error:
        raise Malformed("malformed", "notice", {"jti": "Not a UUID."}) from error
    try:
        at = from_seconds(claims.get("iat"))
    except ValueError as error:
        raise Malformed("malformed", "notice", {"iat": "Not whole seconds."}) from error
    [(event, body)] = claims["events"].items()
    return Notice(
        id=notice_id,
        issuer=claims["iss"],
        recipient=claims["aud"],
        at=at,
        event=event,
        body=body,
        kid=token.kid,
    )
