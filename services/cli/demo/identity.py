"""A stand-in for a city's identity provider: an OIDC issuer with one key of its own."""

import time

from joserfc import jwt
from joserfc.jwk import ECKey

TOKEN_SECONDS = 3600


class IdentityProvider:
    """Issues the tokens with which residents and city officials enter their home gateway."""

    def __init__(self, issuer: str, key: ECKey) -> None:
        self.issuer = issuer
        self._key = key

    def resident_token(self, civil_id: str, audience: str) -> str:
        """Return a resident's token; the civil id is read at home and goes no further."""
        return self._token(audience, sub="resident", civil_id=civil_id, roles=["resident"])

    def administrator_token(self, audience: str) -> str:
        """Return the token of an official who admits operators."""
        return self._token(audience, sub="official-1", roles=["administrator"])

    def _token(self, audience: str, **claims: object) -> str:
        now = int(time.time())
        header = {"alg": "ES256", "kid": self._key.kid, "typ": "JWT"}
        body = {
            "iss": self.issuer,
            "aud": audience,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            **claims,
        }
        return jwt.encode(header, body, self._key, algorithms=["ES256"])
