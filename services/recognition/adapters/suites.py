"""Signature suites: the algorithms this node signs and verifies with, one entry each.

A suite is added by adding it to `SUITES`; no caller changes.  SM2 is there where the extra `sm` is
installed.  The parsing of tokens is not repeated here: a suite sees the bytes that were signed and
a key.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec
from typing import Any, Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256

from services.recognition.domain.jws import Jwk, Jws, decode, encode

KEYS_REMEMBERED: Final = 256  # of each type
SIZE: Final = 32  # bytes of a coordinate, a private key and half a signature, in both suites


class SuiteMissing(ValueError):
    """A key of a suite that this installation lacks; the text names the extra to install."""


class SignatureSuite(Protocol):
    """One algorithm and the type of key that goes with it."""

    @property
    def members(self) -> Mapping[str, str | None]:
        """The JWK members of a public key: a fixed value, or None for a coordinate."""

    def check(self, jwk: Jwk) -> None:
        """Raise ValueError unless members of the right size make a key: a point on the curve."""

    def generate(self) -> dict[str, str]:
        """Make a private JWK."""

    def sign(self, message: bytes, jwk: Jwk) -> bytes:
        """Sign with a private JWK."""

    def verify(self, message: bytes, signature: bytes, jwk: Jwk) -> bool:
        """Say whether the signature is right, by a key that `check` accepts."""


class Ed25519Suite:
    """EdDSA over Curve25519 (RFC 8032, RFC 8037)."""

    members: Mapping[str, str | None] = {"crv": "Ed25519", "kty": "OKP", "x": None}

    def check(self, jwk: Jwk) -> None:
        _ed25519(jwk["x"])

    def generate(self) -> dict[str, str]:
        key = Ed25519PrivateKey.generate()
        public = key.public_key().public_bytes_raw()
        return {
            "crv": "Ed25519",
            "kty": "OKP",
            "x": encode(public),
            "d": encode(key.private_bytes_raw()),
        }

    def sign(self, message: bytes, jwk: Jwk) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(decode(jwk["d"])).sign(message)

    def verify(self, message: bytes, signature: bytes, jwk: Jwk) -> bool:
        try:
            _ed25519(jwk["x"]).verify(signature, message)
        except InvalidSignature:
            return False
        return True


class Es256Suite:
    """ECDSA over P-256 with SHA-256; the signature is r and s side by side (RFC 7518 §3.4)."""

    members: Mapping[str, str | None] = {"crv": "P-256", "kty": "EC", "x": None, "y": None}

    def check(self, jwk: Jwk) -> None:
        _p256(jwk["x"], jwk["y"])

    def generate(self) -> dict[str, str]:
        private = generate_private_key(SECP256R1()).private_numbers()
        point = private.public_numbers
        return {
            "crv": "P-256",
            "kty": "EC",
            "x": encode(point.x.to_bytes(SIZE, "big")),
            "y": encode(point.y.to_bytes(SIZE, "big")),
            "d": encode(private.private_value.to_bytes(SIZE, "big")),
        }

    def sign(self, message: bytes, jwk: Jwk) -> bytes:
        key = derive_private_key(int.from_bytes(decode(jwk["d"]), "big"), SECP256R1())
        r, s = decode_dss_signature(key.sign(message, ECDSA(SHA256())))
        return r.to_bytes(SIZE, "big") + s.to_bytes(SIZE, "big")

    def verify(self, message: bytes, signature: bytes, jwk: Jwk) -> bool:
        if len(signature) != 2 * SIZE:
            return False
        r, s = (int.from_bytes(half, "big") for half in (signature[:SIZE], signature[SIZE:]))
        try:
            key = _p256(jwk["x"], jwk["y"])
            key.verify(encode_dss_signature(r, s), message, ECDSA(SHA256()))
        except InvalidSignature:
            return False
        return True


# One verification asks for its two keys several times; those of cities come again and again.
@lru_cache(KEYS_REMEMBERED)
def _ed25519(x: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(decode(x))


@lru_cache(KEYS_REMEMBERED)
def _p256(x: str, y: str) -> EllipticCurvePublicKey:
    east, north = (int.from_bytes(decode(each), "big") for each in (x, y))
    return EllipticCurvePublicNumbers(east, north, SECP256R1()).public_key()


def _of_extra_sm() -> dict[str, SignatureSuite]:
    """Return what the extra brings if it is installed; one that is broken stops the node here."""
    if find_spec("tongsuopy") is None:
        return {}
    from services.recognition.adapters.sm2 import Sm2Suite  # noqa: PLC0415  only with the extra

    return {"SM2": Sm2Suite()}


# RFC 9864 names the curve in `alg`; EdDSA, its older name, is what most wallets still write.
SUITES: Final[Mapping[str, SignatureSuite]] = {
    "EdDSA": Ed25519Suite(),
    "Ed25519": Ed25519Suite(),
    "ES256": Es256Suite(),
    **_of_extra_sm(),
}
EXTRAS: Final = {"SM2": "sm"}  # the extra that brings a curve


class SuiteSignatures:
    """Checks signatures by the registered suites; everything else, `none` above all, is false."""

    def __init__(self, suites: Mapping[str, SignatureSuite] = SUITES) -> None:
        self._suites = suites

    def fits(self, alg: str, jwk: Jwk) -> bool:
        """Say whether `alg` is registered and this is a key for it (RFC 8725 §3.1)."""
        suite = self._suites.get(alg)
        if suite is None or jwk.get("alg", alg) != alg or jwk.get("use", "sig") != "sig":
            return False
        return _is_key_of(suite, jwk)

    def verify(self, token: Jws, jwk: Jwk) -> bool:
        """Say whether this key made the signature."""
        suite = self._suites[token.alg] if self.fits(token.alg, jwk) else None
        return suite is not None and suite.verify(token.message, token.signature, jwk)


def public_part(jwk: Jwk) -> dict[str, Any]:
    """Keep the members that make the public key.

    Raises SuiteMissing for a key of a suite that an extra brings, ValueError for any other key of
    no known suite.
    """
    for suite in SUITES.values():
        if _is_key_of(suite, jwk):
            return {name: jwk[name] for name in suite.members}
    curve = str(jwk.get("crv"))
    if curve in EXTRAS and not is_known(jwk):
        raise SuiteMissing(f"needs huxin[{EXTRAS[curve]}]")
    raise ValueError("a key of no known suite")


def is_known(jwk: Jwk) -> bool:
    """Say whether a key names the type and curve of a suite, be it well made or not."""
    return any(
        all(jwk.get(name) == wanted for name, wanted in suite.members.items() if wanted)
        for suite in SUITES.values()
    )


def thumbprint(jwk: Jwk) -> str:
    """Name a key by its public members (RFC 7638); raises ValueError like `public_part`."""
    text = json.dumps(public_part(jwk), sort_keys=True, separators=(",", ":"))
    return encode(hashlib.sha256(text.encode()).digest())


def _is_key_of(suite: SignatureSuite, jwk: Jwk) -> bool:
    if not all(_is(jwk.get(name), wanted) for name, wanted in suite.members.items()):
        return False
    try:
        suite.check(jwk)
    except ValueError:
        return False
    return True


def _is(member: object, wanted: str | None) -> bool:
    if wanted is not None:
        return member == wanted
    try:
        return isinstance(member, str) and len(decode(member)) == SIZE
    except ValueError:
        return False
