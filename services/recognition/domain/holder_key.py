"""The holder's key: what an attestation is bound to, so that only the holder can present it."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from contracts.errors import Malformed
from services.recognition.domain.jws import Signatures

ALGORITHMS: Final = ("EdDSA", "ES256", "SM2")  # as far as this node has their suites
PUBLIC: Final = ("kty", "crv", "x", "y")
PRIVATE: Final = "d"  # in both key types (RFC 7518 §6.2.2, RFC 8037 §2)


def read_holder_key(jwk: Mapping[str, Any], signatures: Signatures) -> dict[str, Any]:
    """Return the members that make the public key, and no other.

    Raises Malformed naming `holder_key` unless it is a public Ed25519, P-256 or SM2 JWK.
    """
    if PRIVATE in jwk:
        raise Malformed(errors={"holder_key": "A private key; send the public one."})
    if not any(signatures.fits(alg, jwk) for alg in ALGORITHMS):
        raise Malformed(errors={"holder_key": "Not an Ed25519, P-256 or SM2 key (JWK)."})
    return {name: jwk[name] for name in PUBLIC if name in jwk}


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """Name a public key of these types by its members (RFC 7638)."""
    members = {name: jwk[name] for name in PUBLIC if name in jwk}
    text = json.dumps(members, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
