"""The node's keys that the gateway needs, read from its keys directory once."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import (
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc.jwk import ECKey, OctKey, OKPKey, import_key

from contracts.pseudonyms import KEY_BYTES

TransportKey = ECKey | OKPKey


@dataclass(frozen=True, kw_only=True)
class GatewayKeys:
    """Invariant: none is ever shown; `repr` is empty of them.

    `resident` names people at home, `session` signs what this gateway itself will read again.
    """

    resident: bytes = field(repr=False)
    session: OctKey = field(repr=False)


def read_gateway_keys(directory: Path) -> GatewayKeys:
    """Read what the HTTP application needs; raise OSError or ValueError naming the file."""
    return GatewayKeys(
        resident=_read_secret(directory / "resident.key"),
        session=OctKey.import_key(_read_secret(directory / "session.key")),
    )


def read_transport_key(directory: Path) -> TransportKey:
    """Read the key that signs calls to other cities; raise OSError or ValueError."""
    path = directory / "transport.jwk"
    match import_key(json.loads(path.read_text(encoding="utf-8"))):
        case ECKey() | OKPKey() as key:
            private_part(key)
            return key
    raise ValueError(f"{path}: not a key on an elliptic curve")


def public_part(key: TransportKey) -> EllipticCurvePublicKey | Ed25519PublicKey:
    """Return what verifies; raise ValueError for a key of another kind."""
    match key.public_key:
        case EllipticCurvePublicKey() | Ed25519PublicKey() as public:
            return public
    raise ValueError("cities sign by Ed25519 or ECDSA")


def private_part(key: TransportKey) -> EllipticCurvePrivateKey | Ed25519PrivateKey:
    """Return what signs; raise ValueError for a public key or one of another kind."""
    match key.private_key:
        case EllipticCurvePrivateKey() | Ed25519PrivateKey() as private:
            return private
    raise ValueError("cities sign by private keys of Ed25519 or ECDSA")


def _read_secret(path: Path) -> bytes:
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError as error:
        raise ValueError(f"{path}: not hexadecimal") from error
    if len(secret) < KEY_BYTES:
        raise ValueError(f"{path}: shorter than {KEY_BYTES} bytes")
    return secret
