"""Client secrets: long random words, shown once, kept as scrypt hashes (RFC 7914).

scrypt is slow by intent and the token endpoint is open to all.  So a secret ends in a tag that only
this gateway can make for that client, and a word without it is turned away before anything slow is
done: in the same time whether or not there is such a client.
"""

import base64
import hashlib
import hmac
import secrets
from typing import Final

WORD_BYTES: Final = 32
TAG_BYTES: Final = 16  # half of the digest is strong enough for a tag (RFC 2104 §5)
_COST: Final = {"n": 2**14, "r": 8, "p": 1}  # 16 MiB, some 40 ms
_USE: Final = b"huxin:client-secret:1\x00"  # keeps one key from ever serving two uses


class ClientSecrets:
    """Invariant: a secret costs this process one scrypt for each hash, any other word none."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._memory_key = secrets.token_bytes(32)
        self._verdicts: dict[bytes, bool] = {}

    def make(self, client_id: str) -> str:
        """Return a new secret for a client."""
        return self._write(client_id, secrets.token_bytes(WORD_BYTES))

    def is_ours(self, client_id: str, secret: str) -> bool:
        """Say whether this gateway made the secret for the client, now or earlier."""
        try:
            word = base64.urlsafe_b64decode(secret)[:WORD_BYTES]
        except ValueError:
            word = b""
        written = self._write(client_id, word).encode("ascii")
        return hmac.compare_digest(written, secret.encode("utf-8", "surrogatepass"))

    def is_right(self, secret: str, hashed: str) -> bool:
        """Compare a secret that is ours with the stored hash; remember what came of it."""
        seen = hmac.digest(self._memory_key, f"{hashed}${secret}".encode(), hashlib.sha256)
        if (verdict := self._verdicts.get(seen)) is None:
            verdict = self._verdicts[seen] = _is_hashed(secret, hashed)
        return verdict

    def _write(self, client_id: str, word: bytes) -> str:
        said = _USE + word + client_id.encode("utf-8", "surrogatepass")
        tag = hmac.digest(self._key, said, hashlib.sha256)[:TAG_BYTES]
        return base64.urlsafe_b64encode(word + tag).decode("ascii")


def hash_secret(secret: str) -> str:
    """Return what may be stored of a secret: `scrypt$salt$hash`."""
    salt = secrets.token_bytes(16)
    return f"scrypt${_text(salt)}${_text(_derive(secret, salt))}"


def _is_hashed(secret: str, hashed: str) -> bool:
    _, salt, digest = hashed.split("$")
    return hmac.compare_digest(_derive(secret, base64.b64decode(salt)), base64.b64decode(digest))


def _derive(secret: str, salt: bytes) -> bytes:
    return hashlib.scrypt(secret.encode("ascii"), salt=salt, dklen=32, **_COST)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
