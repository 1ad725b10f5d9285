"""The keys of a new node: private ones on its own disk, and what the alliance is told of them."""

import os
import secrets
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Protocol

from huxin_client.shell.language import spoken
from services.recognition.adapters.encryption import EncryptionKey
from services.recognition.adapters.keys import PrivateKey
from services.recognition.domain.roster import KeyUse

ALGORITHM: Final = "EdDSA"
ALGORITHMS: Final = (ALGORITHM, "ES256")
SECRETS: Final = ("resident", "session")
SECRET_BYTES: Final = 32
OWNER_ONLY: Final = 0o600


class NewKey(StrEnum):
    """What a single new key may be for: a use of the roster, or this city's own passes."""

    ATTESTATION = KeyUse.ATTESTATION
    TRANSPORT = KeyUse.TRANSPORT
    ENCRYPTION = KeyUse.ENCRYPTION
    PASS = "pass"  # noqa: S105  the word, not a password


class CityKey(Protocol):
    """A private key of a city; what is listed of it is public."""

    @property
    def public_jwk(self) -> dict[str, Any]: ...
    @property
    def kid(self) -> str: ...
    def save(self, path: Path) -> None: ...


def make_keys(directory: Path, algorithm: str = ALGORITHM) -> dict[KeyUse, CityKey]:
    """Make every key of a node in a new directory; raises FileExistsError rather than touch one."""
    directory.mkdir(mode=0o700, parents=True)
    keys = {use: make_key(use, algorithm) for use in KeyUse}
    for use, key in keys.items():
        key.save(directory / f"{use}.jwk")
    make_key(NewKey.PASS).save(directory / "pass.jwk")
    for name in SECRETS:
        write_secret(directory / f"{name}.key", secrets.token_hex(SECRET_BYTES))
    return keys


def make_key(use: NewKey | KeyUse, algorithm: str = ALGORITHM) -> CityKey:
    """Make one key, in memory; raises ValueError for an algorithm that cities do not sign by.

    Passes are signed by Ed25519 alone: the shortest, so that a pass fits a QR code.
    """
    if algorithm not in ALGORITHMS:
        known = ", ".join(ALGORITHMS)
        raise ValueError(
            spoken(f"{algorithm} is not one of {known}", f"{algorithm} 不是 {known} 之一")
        )
    if use is NewKey.PASS and algorithm != ALGORITHM:
        raise ValueError(
            spoken(f"passes are signed by {ALGORITHM} alone", f"权益码只能用 {ALGORITHM} 签名")
        )
    return EncryptionKey.generate() if use == KeyUse.ENCRYPTION else PrivateKey.generate(algorithm)


def write_secret(path: Path, text: str) -> None:
    """Write a new file that its owner alone may read; raises FileExistsError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(path, flags, OWNER_ONLY), "w", encoding="utf-8") as file:
        file.write(text)


def roster_entry(key: CityKey, use: KeyUse) -> dict[str, Any]:
    """Return what the alliance needs to list a key; the dates are the alliance's to add."""
    return {"use": use, "kid": key.kid, "jwk": key.public_jwk}
