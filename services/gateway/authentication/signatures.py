"""Calls between cities: HTTP Message Signatures (RFC 9421) with Content-Digest (RFC 9530).

A call is believed when its signature
(1) names a transport key of a city in the adopted roster that is in use now, while the roster is
    within its validity or grace,
(2) covers the method, the address and, with a body, the digest of the body,
(3) was made within 300 seconds of now, and has not expired if it says when,
(4) carries a nonce that was not used before, and
(5) holds.
The address is what this gateway calls itself, whatever the Host header would like.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

import falcon
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    InvalidSignature,
    algorithms,
)
from http_message_signatures.exceptions import HTTPMessageSignaturesException
from http_message_signatures.resolvers import MappingKeyResolver
from joserfc.jwk import ECKey, import_key

from contracts.errors import Forbidden, Unauthenticated
from contracts.words import CityState
from services.gateway.authentication.callers import PartnerCity
from services.gateway.keys import TransportKey, private_part, public_part
from services.plumbing.clock import Clock

WINDOW: Final = timedelta(seconds=300)
COVERED: Final = ("@method", "@target-uri")
NONCE: Final = re.compile(r"[!-~]{16,128}")
TALKING: Final = frozenset({CityState.TESTING, CityState.ONLINE, CityState.SUSPENDED})
_KEY_ID = re.compile(r';keyid="([A-Za-z0-9_-]{1,128})"')


@dataclass(frozen=True, kw_only=True)
class KnownKey:
    """A transport key of the roster, and the city that it speaks for while it is in use."""

    city: str
    state: CityState
    jwk: dict[str, Any]
    use_from: datetime
    use_until: datetime
    roster_until: datetime | None  # the end of the roster's grace, None when nobody said

    def why_not_believed(self, now: datetime) -> str | None:
        """Say why no call by this key is believed now, or None."""
        if self.roster_until is not None and now >= self.roster_until:
            return "the roster of this gateway is over, and so is its grace"
        if not self.use_from <= now < self.use_until:
            return "the key is not in use now"
        return None


class Keys(Protocol):
    """The transport keys of the adopted roster."""

    def find(self, kid: str) -> KnownKey | None: ...


class Nonces(Protocol):
    """Remembers nonces for as long as their signatures could be replayed."""

    def use(self, city: str, nonce: str, until: datetime) -> bool:
        """Say whether the nonce is fresh, and remember it."""


def algorithm_of(key: TransportKey) -> type[algorithms.HTTPSignatureAlgorithm]:
    """Return the one algorithm of a key; the caller has no say in it."""
    return algorithms.ECDSA_P256_SHA256 if isinstance(key, ECKey) else algorithms.ED25519


@dataclass(frozen=True)
class _Message:
    """A received request as the signature library reads it."""

    method: str
    url: str
    headers: dict[str, str]


class _Verifier(HTTPMessageVerifier):
    """Checks the moment by our clock and window."""

    def __init__(self, key_id: str, key: TransportKey, now: datetime) -> None:
        keys = MappingKeyResolver(public_keys={key_id: public_part(key)}, private_keys={})
        super().__init__(signature_algorithm=algorithm_of(key), key_resolver=keys)
        self._now = now

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        created = sig_input.params.get("created")
        if type(created) is not int:
            raise InvalidSignature("created is missing")
        if abs(self._now.timestamp() - created) > WINDOW.total_seconds():
            raise InvalidSignature("created is outside the window")
        expires = sig_input.params.get("expires")
        if expires is not None and expires <= self._now.timestamp():
            raise InvalidSignature("expires is in the past")


@dataclass(frozen=True, kw_only=True)
class Cities:
    """Authenticates partner cities."""

    gateway: str
    keys: Keys
    nonces: Nonces
    clock: Clock
    read_body: Callable[[falcon.Request], bytes]

    def __call__(self, request: falcon.Request) -> PartnerCity:
        """Raise Unauthenticated("unauthenticated") unsigned, "bad_signature"; Forbidden."""
        inputs = request.get_header("Signature-Input")
        if not inputs or not request.get_header("Signature"):
            raise Unauthenticated("unauthenticated", "an HTTP message signature is wanted")
        named = _KEY_ID.search(inputs)
        known = self.keys.find(named[1]) if named else None
        if named is None or known is None:
            raise Unauthenticated("bad_signature", "keyid is no transport key of the roster")
        if reason := known.why_not_believed(self.clock()):
            raise Unauthenticated("bad_signature", reason)
        if known.state not in TALKING:
            raise Forbidden("forbidden", f"city {known.city} is {known.state}")
        nonce = self._verify(request, named[1], import_key(known.jwk))
        if not self.nonces.use(known.city, nonce, self.clock() + 2 * WINDOW):
            raise Unauthenticated("bad_signature", "the nonce was used before")
        return PartnerCity(code=known.city, state=known.state)

    def _verify(self, request: falcon.Request, key_id: str, key: Any) -> str:
        """Return the nonce of a signature that holds; raise Unauthenticated."""
        body = self.read_body(request)
        message = _Message(
            method=request.method,
            url=self.gateway.rstrip("/") + request.relative_uri,
            headers=dict(request.headers),
        )
        wanted = (*COVERED, "content-digest") if body else COVERED
        try:
            (result,) = _Verifier(key_id, key, self.clock()).verify(
                message, max_age=None, require_components=wanted, body=body
            )
        except (HTTPMessageSignaturesException, ValueError) as error:
            reason = str(error) or f"it does not hold; @target-uri is {message.url}"
            raise Unauthenticated("bad_signature", reason[:200]) from error
        if result.nonce is None or not NONCE.fullmatch(result.nonce):
            form = "16 to 128 printable ASCII characters without blanks"
            raise Unauthenticated("bad_signature", f"a nonce of {form} is wanted")
        return str(result.nonce)


def sign(message: Any, *, key: TransportKey, now: datetime, nonce: str) -> None:
    """Sign a prepared request of `requests` in place, with its body's digest if it has one."""
    kid = key.thumbprint()
    keys = MappingKeyResolver(public_keys={}, private_keys={kid: private_part(key)})
    signer = HTTPMessageSigner(signature_algorithm=algorithm_of(key), key_resolver=keys)
    signer.sign(
        message,
        key_id=kid,
        created=now,
        nonce=nonce,
        label="sig1",
        covered_component_ids=COVERED,
        body=message.body or None,
    )
