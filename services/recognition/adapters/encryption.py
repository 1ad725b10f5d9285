"""Sealing a pseudonym key to a city, and opening what is sealed to this one (RFC 7516).

ECDH-ES with A256KW and A256GCM on P-256.  The key is sealed with its own name and host, so that
what was sealed for one place is worth nothing in another.
"""

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from contracts.errors import Refused
from contracts.pseudonyms import KEY_BYTES
from services.recognition.adapters.keys import OWNER_ONLY
from services.recognition.adapters.suites import thumbprint
from services.recognition.domain.jws import Jwk, decode, encode, read_json, write_json

ALGORITHM: Final = "ECDH-ES+A256KW"
ENCRYPTION: Final = "A256GCM"
CURVE: Final = "P-256"


@dataclass(frozen=True)
class EncryptionKey:
    """Invariant: a private key on P-256; what is printed of it is public."""

    _key: ECKey = field(repr=False)

    @classmethod
    def generate(cls) -> "EncryptionKey":
        return cls(ECKey.generate_key(CURVE))

    @property
    def public_jwk(self) -> dict[str, Any]:
        return {name: self._key.as_dict(private=False)[name] for name in ("crv", "kty", "x", "y")}

    @property
    def kid(self) -> str:
        """The key's name: its RFC 7638 thumbprint."""
        return thumbprint(self.public_jwk)

    def save(self, path: Path) -> None:
        """Write a file only its owner may read; raises FileExistsError rather than replace one."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        private = {**self.public_jwk, "d": self._key.as_dict(private=True)["d"]}
        with os.fdopen(os.open(path, flags, OWNER_ONLY), "wb") as file:
            file.write(write_json({**private, "alg": ALGORITHM, "use": "enc", "kid": self.kid}))

    @classmethod
    def load(cls, path: Path) -> "EncryptionKey":
        """Read a key file; raises OSError, Refused("key_not_usable")."""
        if stat.S_IMODE(path.stat().st_mode) & ~OWNER_ONLY:
            raise Refused("key_not_usable", f"{path.name}: others may read it; chmod 600")
        try:
            jwk = read_json(path.read_bytes())
            if jwk["alg"] != ALGORITHM or jwk["crv"] != CURVE:
                raise ValueError("another kind of key")  # noqa: TRY301 - one word for all that is wrong
            private = {name: jwk[name] for name in ("kty", "crv", "x", "y", "d")}
            return cls(ECKey.import_key(private))
        except (ValueError, KeyError, TypeError, JoseError) as error:
            text = f"{path.name}: not a private key for {ALGORITHM} on {CURVE}"
            raise Refused("key_not_usable", text) from error

    def open(self, sealed: str, *, id: str, host: str) -> bytes | None:
        """Open what is sealed to this key, or None when that cannot be done."""
        try:
            opened = jwe.decrypt_compact(sealed, self._key, algorithms=[ALGORITHM, ENCRYPTION])
            content = read_json(opened.plaintext or b"")
            secret = decode(content["k"])
        except (ValueError, KeyError, TypeError, JoseError):
            return None
        whole = (content.get("id"), content.get("host"), len(secret)) == (id, host, KEY_BYTES)
        return secret if whole else None


def seal(secret: bytes, *, id: str, host: str, to: Jwk) -> str:
    """Seal a pseudonym key to a city's encryption key."""
    header = {"alg": ALGORITHM, "enc": ENCRYPTION, "kid": thumbprint(to)}
    content = write_json({"id": id, "host": host, "k": encode(secret)})
    public = ECKey.import_key({name: to[name] for name in ("kty", "crv", "x", "y")})
    return jwe.encrypt_compact(header, content, public, algorithms=[ALGORITHM, ENCRYPTION])
