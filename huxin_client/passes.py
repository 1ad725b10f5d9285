"""Passes, checked by the keys of their city while its gateway is away (RFC 7515, RFC 8037).

Whether a grant ended, or was used elsewhere, since its pass was made only the city knows: what a
device serves by its own check is at the operator's risk until the redemption is answered.
"""

import base64
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from contracts.passes import PassKeySet

TYPE: Final = "pass+jwt"
ALGORITHM: Final = "EdDSA"
TOLERANCE: Final = timedelta(seconds=60)  # between the city's clock and the device's
REDEEMED_UNTIL: Final = timedelta(minutes=15)  # after its end a pass is redeemed still
_PARTS: Final = 3
_UNREADABLE: Final = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
    InvalidSignature,
)


class NotGood(Exception):
    """A pass not to serve by; `reason` says why in one word.

    `unknown` (damaged, forged, or signed by a key that is not at hand: fetch the keys again),
    `other_city`, `other_operator`, `early` (look at the device's clock), `over` or `seen` (the
    holder opens the pass again).
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, kw_only=True)
class ShownPass:
    """What a good pass says."""

    id: str
    grant_id: UUID
    incentive_id: str
    benefit: str
    uses_left: int
    until: datetime

    @property
    def redeem_by(self) -> datetime:
        """Until when the gateway has to hear of its use."""
        return self.until + REDEEMED_UNTIL


class PassCheck:
    """A device of one operator; it serves each pass once, also when threads share it."""

    def __init__(self, keys: PassKeySet, operator_id: str) -> None:
        """Take what Everyone.show_pass_keys answers; raise ValueError for other keys."""
        self._city, self._operator_id = keys.city, operator_id
        self._keys = dict(map(_public_key, keys.keys))
        self._seen: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def check(self, token: str, *, now: datetime | None = None) -> ShownPass:
        """Return what a pass says, if it may be served by; raise NotGood."""
        now = now or datetime.now(UTC)
        claims = self._signed(token.strip())
        try:
            city, operator_id = claims["iss"], claims["aud"]
            shown, issued_at = _shown(claims), datetime.fromtimestamp(claims["iat"], UTC)
        except _UNREADABLE as error:
            raise NotGood("unknown") from error
        if city != self._city:
            raise NotGood("other_city")
        if operator_id != self._operator_id:
            raise NotGood("other_operator")
        if now < issued_at - TOLERANCE:
            raise NotGood("early")
        if now >= shown.until + TOLERANCE:
            raise NotGood("over")
        self._remember(shown, now)
        return shown

    def _signed(self, token: str) -> Mapping[str, Any]:
        """Return the claims of a token of the type that one of the keys signed.

        A second spelling of a pass is none: the gateway would not redeem it.
        """
        if not token.isascii() or token.count(".") != _PARTS - 1:
            raise NotGood("unknown")
        message, _, signature = token.rpartition(".")
        try:
            header, claims = (json.loads(_decode(part)) for part in message.split("."))
            key = self._keys[header["kid"]]
            if header != {"alg": ALGORITHM, "kid": header["kid"], "typ": TYPE}:
                raise NotGood("unknown")
            key.verify(_decode(signature), message.encode("ascii"))
        except _UNREADABLE as error:
            raise NotGood("unknown") from error
        read: Mapping[str, Any] = claims
        return read

    def _remember(self, shown: ShownPass, now: datetime) -> None:
        with self._lock:
            self._seen = {one: end for one, end in self._seen.items() if now < end}
            if shown.id in self._seen:
                raise NotGood("seen")
            self._seen[shown.id] = shown.until + TOLERANCE


def _public_key(jwk: Mapping[str, Any]) -> tuple[str, Ed25519PublicKey]:
    try:
        return str(jwk["kid"]), Ed25519PublicKey.from_public_bytes(_decode(jwk["x"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a set of Ed25519 keys with kid and x") from error


def _shown(claims: Mapping[str, Any]) -> ShownPass:
    return ShownPass(
        id=str(claims["jti"]),
        grant_id=UUID(bytes=_decode(claims["gid"])),
        incentive_id=str(claims["inc"]),
        benefit=str(claims["ben"]),
        uses_left=int(claims["use"]),
        until=datetime.fromtimestamp(claims["exp"], UTC),
    )


def _decode(text: str) -> bytes:
    """Read base64url without padding (RFC 7515 §2); raise ValueError for a second spelling."""
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii") != text:
        raise ValueError("another spelling")
    return data
