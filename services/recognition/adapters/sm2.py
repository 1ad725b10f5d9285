"""SM2 with SM3: the signature of GB/T 32918.2, for cities that have to use national algorithms.

Present only with the extra `sm` (docs/decisions/0015-sm2-suite.md).  Neither the names `SM2` of
algorithm and curve nor the form of the signature are registered for JOSE; they follow ES256.
"""

from collections.abc import Mapping
from typing import Final

from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from tongsuopy.crypto.asymciphers.ec import (
    ECDSA,
    SM2,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
    derive_private_key,
    generate_private_key,
)
from tongsuopy.crypto.exceptions import InternalError, InvalidSignature
from tongsuopy.crypto.hashes import SM3

from services.recognition.domain.jws import Jwk, decode, encode

SIZE: Final = 32  # bytes of a coordinate, a private key and half a signature
ORDER: Final = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_7203DF6B_21C6052B_53BBF409_39D54123
# SM3 over Z and the message, Z from the identity 1234567812345678 (GB/T 35276, RFC 8998 §3.2.1):
# the library's name says ECDSA, and for a key on this curve it does SM2 with that identity.
WITH_SM3: Final = ECDSA(SM3())


class Sm2Suite:
    """SM2 with SM3; the signature is r and s side by side, as with ES256 (RFC 7518 §3.4)."""

    members: Mapping[str, str | None] = {"crv": "SM2", "kty": "EC", "x": None, "y": None}

    def check(self, jwk: Jwk) -> None:
        self._public(jwk)

    def generate(self) -> dict[str, str]:
        private = generate_private_key(SM2()).private_numbers()
        point = private.public_numbers
        return {
            "crv": "SM2",
            "kty": "EC",
            "x": encode(point.x.to_bytes(SIZE, "big")),
            "y": encode(point.y.to_bytes(SIZE, "big")),
            "d": encode(private.private_value.to_bytes(SIZE, "big")),
        }

    def sign(self, message: bytes, jwk: Jwk) -> bytes:
        """Sign; raises ValueError for a number that is no private key."""
        number = int.from_bytes(decode(jwk["d"]), "big")
        if not 1 <= number <= ORDER - 2:  # the library takes any, and never returns from order - 1
            raise ValueError("not a private key for SM2")
        der = derive_private_key(number, SM2()).sign(message, WITH_SM3)
        r, s = decode_dss_signature(der)
        return r.to_bytes(SIZE, "big") + s.to_bytes(SIZE, "big")

    def verify(self, message: bytes, signature: bytes, jwk: Jwk) -> bool:
        if len(signature) != 2 * SIZE:
            return False
        key = self._public(jwk)
        r, s = (int.from_bytes(half, "big") for half in (signature[:SIZE], signature[SIZE:]))
        try:
            key.verify(encode_dss_signature(r, s), message, WITH_SM3)
        except (InvalidSignature, InternalError):  # the latter for what it calls no signature
            return False
        return True

    def _public(self, jwk: Jwk) -> EllipticCurvePublicKey:
        x, y = (int.from_bytes(decode(jwk[name]), "big") for name in ("x", "y"))
        return EllipticCurvePublicNumbers(x, y, SM2()).public_key()
