"""Pseudonyms: how a person is named where nobody may learn their civil identifier.

A bare hash of a civil identifier is no protection, since all identifiers can be tried in minutes
(GB 11643 leaves few unknown digits).  So the hash is keyed, and the key decides who can link:

- `holder_of`: under the key of one host, which issuing cities share and that host does not have.
  One person is one holder at a host whichever city attests, and two hosts cannot compare notes.
- `resident_of`: under home's own key, which never leaves home.

Both take the identifier in the one form that `contracts.identifiers` gives it.
"""

import base64
import hashlib
import hmac
from typing import Final

KEY_BYTES: Final = 32  # as long as the digest (RFC 2104 §3)


def holder_of(key: bytes, civil_id: str) -> str:
    """Name a person to the host whose key this is: 43 characters, meaningless anywhere else."""
    return _keyed(b"huxin:holder:1\x00", key, civil_id)


def resident_of(key: bytes, civil_id: str) -> str:
    """Name a person inside home."""
    return _keyed(b"huxin:resident:1\x00", key, civil_id)


def _keyed(use: bytes, key: bytes, civil_id: str) -> str:
    """Hash under a key; the prefix keeps one key from ever serving two uses."""
    if len(key) < KEY_BYTES:
        raise ValueError(f"a pseudonym key has at least {KEY_BYTES} bytes")
    digest = hmac.digest(key, use + civil_id.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
