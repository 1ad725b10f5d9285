"""How callers prove who they are: a bearer token, client credentials, or a city's signature."""

import secrets
import threading
import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from http_message_signatures import HTTPMessageSigner, algorithms
from http_message_signatures.resolvers import MappingKeyResolver
from joserfc.jwk import ECKey, OKPKey
from requests import PreparedRequest
from requests.auth import AuthBase

from contracts.access import Scope
from contracts.http import TokenAnswer, TokenForm
from huxin_client.door import Door, Renewed

EARLY: Final = 30  # seconds before its end a token is renewed
COVERED: Final = ("@method", "@target-uri")


class Bearer(AuthBase):
    """A token from elsewhere: an identity provider's, or a session's."""

    def __init__(self, token: str | Callable[[], str]) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        token = self._token if isinstance(self._token, str) else self._token()
        request.headers["Authorization"] = f"Bearer {token}"
        return request


class ClientCredentials(Renewed):
    """Gets an access token when one is needed (RFC 6749 §4.4), and anew shortly before its end.

    Threads share it; one of them gets the token, the others wait for it.
    """

    def __init__(
        self, door: Door, client_id: str, client_secret: str, scopes: Collection[Scope] = ()
    ) -> None:
        """Ask for some scopes only; without, the token has all that the client has."""
        self._door, self._lock = door, threading.Lock()
        self._form = TokenForm(
            grant_type="client_credentials",
            client_id=client_id,
            client_secret=client_secret,
            scope=" ".join(scopes) or None,
        )
        self._token, self._until = "", 0.0

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        return Bearer(self.token())(request)

    def token(self) -> str:
        """Return an access token that is good for a while.

        Raise Problem("invalid_client"), or "invalid_scope".
        """
        with self._lock:
            if time.monotonic() >= self._until:
                answer = self._door.ask(TokenAnswer, "issue_token", self._form)
                self._token = answer.access_token
                self._until = time.monotonic() + answer.expires_in - EARLY
            return self._token

    def forget(self, request: PreparedRequest) -> None:
        """Believe the token of a request no more: its key is gone, or the machine slept."""
        with self._lock:
            if request.headers.get("Authorization") == f"Bearer {self._token}":
                self._until = 0.0


class CitySignature(AuthBase):
    """Signs each request by a city's transport key (RFC 9421), with the body's digest (RFC 9530).

    The key's thumbprint (RFC 7638) is its id in the roster.
    """

    def __init__(self, key: OKPKey | ECKey) -> None:
        self._key = key

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        kid, private = self._key.thumbprint(), self._key.private_key
        if not isinstance(private, ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey):
            raise TypeError("a transport key is an Ed25519 or P-256 private key")
        is_ec = isinstance(private, ec.EllipticCurvePrivateKey)
        keys = MappingKeyResolver(public_keys={}, private_keys={kid: private})
        signer = HTTPMessageSigner(
            signature_algorithm=algorithms.ECDSA_P256_SHA256 if is_ec else algorithms.ED25519,
            key_resolver=keys,
        )
        body: Any = request.body or None
        signer.sign(
            request,
            key_id=kid,
            created=datetime.now(UTC),
            nonce=secrets.token_urlsafe(16),
            label="sig1",
            covered_component_ids=COVERED,
            body=body,
        )
        return request
