"""The bearer token of a request (RFC 6750), and reading JWTs.

Of a token that is not genuine nothing is said; of a genuine one, which claim is wrong.
"""

from collections.abc import Mapping
from typing import Any, Final

import falcon
from joserfc import jwt
from joserfc.errors import ClaimError, JoseError
from joserfc.jwk import KeySet, OctKey
from joserfc.jws import JWSRegistry

from contracts.errors import Unauthenticated

LONGEST_TOKEN: Final = 8192


def bearer(request: falcon.Request) -> str:
    """Return the request's bearer token; raise Unauthenticated."""
    scheme, _, token = (request.get_header("Authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or not token or len(token) > LONGEST_TOKEN:
        raise Unauthenticated("unauthenticated", "a bearer token is wanted")
    return token


def open_jwt(
    token: str,
    key: OctKey | KeySet,
    registry: JWSRegistry,
    claims: jwt.JWTClaimsRegistry,
    typ: str | None = None,
) -> Mapping[str, Any]:
    """Return the claims of a token that is genuine and in force; raise Unauthenticated."""
    try:
        opened = jwt.decode(token, key, registry=registry)
    except (JoseError, ValueError, TypeError) as error:
        raise Unauthenticated("unauthenticated", "the token is not valid here") from error
    if typ is not None and opened.header.get("typ") != typ:
        raise Unauthenticated("unauthenticated", "the token is not valid here")
    try:
        claims.validate(opened.claims)
    except ClaimError as error:
        problem = f"the token is not valid here and now: {error.claim}"
        raise Unauthenticated("unauthenticated", problem) from error
    return opened.claims
