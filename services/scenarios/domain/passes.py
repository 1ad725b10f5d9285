"""Passes: what a holder shows and an operator redeems.

A pass is the grant's id and a tag only this city can make: base64url(id ‖ HMAC-SHA256(key, id),
first 16 bytes), 43 characters.  It names no person and is worth nothing at another operator.
"""

import base64
import hashlib
import hmac
from typing import Final
from uuid import UUID

TAG_BYTES: Final = 16  # half of the digest is strong enough for a tag (RFC 2104 §5)
_CHARACTERS: Final = 43
_NOBODY: Final = UUID(int=0)


def write_pass(key: bytes, grant_id: UUID) -> str:
    """Write the pass of a grant."""
    tag = hmac.digest(key, grant_id.bytes, hashlib.sha256)[:TAG_BYTES]
    return base64.urlsafe_b64encode(grant_id.bytes + tag).rstrip(b"=").decode("ascii")


def read_pass(key: bytes, token: str) -> UUID | None:
    """Return the grant a pass names, or None for anything this city did not write.

    The same work is done for every token; the whole text is compared, in constant time, so that
    no second spelling of a pass is accepted.
    """
    grant_id = _claimed_grant(token)
    shown = token.encode("utf-8", "surrogatepass")  # any text at all may come
    is_ours = hmac.compare_digest(write_pass(key, grant_id).encode("ascii"), shown)
    return grant_id if is_ours else None


def _claimed_grant(token: str) -> UUID:
    try:
        return UUID(bytes=base64.urlsafe_b64decode(f"{token[:_CHARACTERS]}=")[:16])
    except ValueError:
        return _NOBODY
