"""Sealing: what describes a person lies in the database under that person's own key.

AES-256-GCM (NIST SP 800-38D) with a random nonce in front; `place` is bound to it, so that sealed
bytes open only in the row they were written for.
"""

import json
import os
from collections.abc import Mapping
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


def new_key() -> bytes:
    """Make the key of one person."""
    return AESGCM.generate_key(KEY_BYTES * 8)


def seal(values: Mapping[str, Any], key: bytes, place: str) -> bytes:
    """Encrypt values that JSON can carry."""
    nonce = os.urandom(_NONCE_BYTES)
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
    return nonce + AESGCM(key).encrypt(nonce, text, place.encode())


def unseal(sealed: bytes, key: bytes, place: str) -> dict[str, Any]:
    """Decrypt what was sealed for this place; anything else raises cryptography's InvalidTag."""
    nonce, text = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    values: dict[str, Any] = json.loads(AESGCM(key).decrypt(nonce, text, place.encode()))
    return values
