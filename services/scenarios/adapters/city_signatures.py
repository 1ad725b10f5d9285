"""Documents that the city signs for whoever is shown them: trust codes, special reports.

They are signed by the key of passes, which the city publishes at /.well-known/pass-keys; each kind
has a `typ` of its own (RFC 8725 §3.11), so that none can be taken for another, or for a pass.
"""

import json
from collections.abc import Mapping
from typing import Any

from services.scenarios.adapters.pass_keys import PassKeys
from services.scenarios.domain.passes import ALGORITHM, decode, encode


class PassKeySignatures:
    """Writes and reads compact JWS (RFC 7515), in the one way this city writes them."""

    def __init__(self, keys: PassKeys) -> None:
        self._keys = keys

    def sign(self, kind: str, claims: Mapping[str, Any]) -> str:
        header = {"alg": ALGORITHM, "kid": self._keys.published()[0]["kid"], "typ": kind}
        message = f"{_write(header)}.{_write(claims)}"
        return f"{message}.{encode(self._keys.sign(message.encode('ascii')))}"

    def read(self, kind: str, token: str) -> Mapping[str, Any] | None:
        message, _, signature = token.rpartition(".")
        try:
            header, claims = (json.loads(decode(part)) for part in message.split("."))
            kid, signed = header["kid"], decode(signature)
            if header != {"alg": ALGORITHM, "kid": kid, "typ": kind}:
                return None
            is_ours = self._keys.check(kid, message.encode("ascii"), signed)
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
        return claims if is_ours and isinstance(claims, dict) else None


def _write(value: Mapping[str, Any]) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return encode(text.encode())
