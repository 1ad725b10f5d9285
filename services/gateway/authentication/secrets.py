"""Client secrets: long random words, shown once, kept as scrypt hashes (RFC 7914)."""

import base64
import hashlib
import hmac
import secrets
from typing import Final

SECRET_BYTES: Final = 32
_COST: Final = {"n": 2**14, "r": 8, "p": 1}  # 16 MiB, some 40 ms


def make_secret() -> str:
    """Return a new secret."""
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_secret(secret: str) -> str:
    """Return what may be stored of a secret: `scrypt$salt$hash`."""
    salt = secrets.token_bytes(16)
    return f"scrypt${_text(salt)}${_text(_derive(secret, salt))}"


def is_secret(secret: str, hashed: str) -> bool:
    """Compare a secret with its hash, in a time that tells nothing."""
    _, salt, digest = hashed.split("$")
    return hmac.compare_digest(_derive(secret, base64.b64decode(salt)), base64.b64decode(digest))


def _derive(secret: str, salt: bytes) -> bytes:
    return hashlib.scrypt(secret.encode("utf-8", "surrogatepass"), salt=salt, dklen=32, **_COST)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


NOBODYS: Final = hash_secret(make_secret())
"""Compared with when there is no such client, which so takes as long as a wrong secret."""
