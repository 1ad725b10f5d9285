"""What the alliance publishes for all cities: JSON signed by one of the alliance's own keys."""

from collections.abc import Mapping
from typing import Any

from contracts.errors import Malformed, Unauthenticated
from services.recognition.adapters.suites import public_part, thumbprint
from services.recognition.domain import jws
from services.recognition.domain.jws import Jwk, Signatures


def open_document(
    text: str, *, typ: str, alliance_keys: Mapping[str, Jwk], signatures: Signatures
) -> dict[str, Any]:
    """Read a document, whoever brought it, if the alliance signed it as this type.

    Raises Malformed, or Unauthenticated("bad_signature").
    """
    token = jws.read(text.strip(), limit=jws.LARGE)
    key = alliance_keys.get(token.kid)
    if key is None:
        raise Unauthenticated("bad_signature", f"{typ}: not an alliance key: {token.kid[:43]}")
    if not (signatures.fits(token.alg, key) and signatures.verify(token, key)):
        raise Unauthenticated("bad_signature", typ)
    if token.typ != typ:
        raise Malformed("malformed", f"not a {typ}")
    return token.payload


def read_key_set(text: str) -> dict[str, Jwk]:
    """Read a JWK Set (RFC 7517 §5) by key names; raises Malformed unless every key is usable."""
    try:
        keys = jws.read_json(text.encode())["keys"]
        return {thumbprint(jwk): public_part(jwk) for jwk in keys}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Malformed("malformed", "not a JWK Set of known suites") from error
