"""Passes: what a holder shows and an operator redeems, signed so that any device can check it.

A pass is a compact JWS (RFC 7515), EdDSA over Ed25519 (RFC 8037), of a few claims: `iss` the city,
`aud` the operator, `iat`, `exp`, `jti`, `gid` the grant (base64url of its UUID), `inc` the
incentive, `ben` the kind of benefit, `use` how many uses are left.  It names no person.  It lives
for five minutes, is redeemed once, and is worth nothing at another operator (ADR 0030).
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

TYPE: Final = "pass+jwt"
ALGORITHM: Final = "EdDSA"
LIFETIME: Final = timedelta(minutes=5)
GRACE: Final = timedelta(minutes=15)  # for a device that checked it offline, to be heard of
SKEW: Final = timedelta(seconds=60)
LONGEST: Final = 600  # characters; two ids of 64 characters each make 520
_PARTS: Final = 3

Sign = Callable[[bytes], bytes]
Check = Callable[[str, bytes, bytes], bool]
"""Says whether a signature over a message is by the key of that `kid`; never raises."""


@dataclass(frozen=True, kw_only=True)
class Pass:
    """What a pass says; `id` is its own, so that each is redeemed once."""

    id: str
    city: str
    operator_id: str
    grant_id: UUID
    incentive_id: str
    benefit: str
    uses: int
    issued_at: datetime
    until: datetime

    def objection(self, now: datetime) -> str | None:
        """Say in one word why it is not good for a redemption now, or None."""
        if now < self.issued_at - SKEW:
            return "early_pass"
        return "old_pass" if now >= self.until + GRACE else None


def write_pass(shown: Pass, kid: str, sign: Sign) -> str:
    """Write a pass, in the one way it is written."""
    header = {"alg": ALGORITHM, "kid": kid, "typ": TYPE}
    claims = {
        "iss": shown.city,
        "aud": shown.operator_id,
        "iat": int(shown.issued_at.timestamp()),
        "exp": int(shown.until.timestamp()),
        "jti": shown.id,
        "gid": encode(shown.grant_id.bytes),
        "inc": shown.incentive_id,
        "ben": shown.benefit,
        "use": shown.uses,
    }
    message = f"{_encode_json(header)}.{_encode_json(claims)}"
    return f"{message}.{encode(sign(message.encode('ascii')))}"


def read_pass(token: str, check: Check) -> Pass | None:
    """Return what a pass says, whenever it was written; None unless one of these keys signed it.

    No second spelling of a pass is accepted.
    """
    if len(token) > LONGEST or token.count(".") != _PARTS - 1 or not token.isascii():
        return None
    message, _, signature = token.rpartition(".")
    try:
        header, claims = (_decode_json(part) for part in message.split("."))
        kid, signed = header["kid"], decode(signature)
        if header != {"alg": ALGORITHM, "kid": kid, "typ": TYPE} or not isinstance(kid, str):
            return None
        if not check(kid, message.encode("ascii"), signed):
            return None
        return _read_claims(claims)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


def _read_claims(claims: Mapping[str, Any]) -> Pass:
    return Pass(
        id=claims["jti"],
        city=claims["iss"],
        operator_id=claims["aud"],
        grant_id=UUID(bytes=decode(claims["gid"])),
        incentive_id=claims["inc"],
        benefit=claims["ben"],
        uses=claims["use"],
        issued_at=datetime.fromtimestamp(claims["iat"], UTC),
        until=datetime.fromtimestamp(claims["exp"], UTC),
    )


def _encode_json(value: Mapping[str, Any]) -> str:
    return encode(json.dumps(value, separators=(",", ":")).encode("ascii"))


def _decode_json(text: str) -> Mapping[str, Any]:
    read: Mapping[str, Any] = json.loads(decode(text))
    return read


def encode(data: bytes) -> str:
    """Write base64url without padding (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Read base64url; raises ValueError for a second spelling of the same bytes."""
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if encode(data) != text:
        raise ValueError("another spelling")
    return data
