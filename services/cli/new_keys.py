"""The keys of a new node: private ones on its own disk, and what the alliance is told of them."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from services.recognition.adapters.keys import PrivateKey
from services.recognition.domain.roster import KeyUse

ALGORITHM: Final = "EdDSA"
SECRETS: Final = ("resident", "pass", "session")
SECRET_BYTES: Final = 32
OWNER_ONLY: Final = 0o600


def make_keys(directory: Path, host_keys: Mapping[str, str]) -> dict[KeyUse, PrivateKey]:
    """Make every key of a node in a new directory; raises FileExistsError rather than touch one.

    `host_keys` are the pseudonym keys, in hexadecimal, of the hosts this city attests to.
    """
    directory.mkdir(mode=0o700, parents=True)
    signing = {use: PrivateKey.generate(ALGORITHM) for use in KeyUse}
    for use, key in signing.items():
        key.save(directory / f"{use}.jwk")
    for name in SECRETS:
        write_secret(directory / f"{name}.key", secrets.token_hex(SECRET_BYTES))
    write_secret(directory / "pseudonym.json", json.dumps(host_keys))
    return signing


def write_secret(path: Path, text: str) -> None:
    """Write a new file that its owner alone may read; raises FileExistsError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(path, flags, OWNER_ONLY), "w", encoding="utf-8") as file:
        file.write(text)


def roster_entry(key: PrivateKey, use: KeyUse) -> dict[str, Any]:
    """Return what the alliance needs to list a key; the dates are the alliance's to add."""
    return {"use": use, "kid": key.kid, "jwk": key.public_jwk}
