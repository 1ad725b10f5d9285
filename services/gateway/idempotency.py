"""Heed Idempotency-Key (draft-ietf-httpapi-idempotency-key-header; ADR 0040).

Nearly every call is safe to repeat by the ids it names; for these a key only stands for one
request.  Where a call is `kept`, its answer is given again and nothing is done.
"""

import hmac
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from contracts.errors import Malformed
from contracts.routes import ROUTES
from contracts.routes.headers import IDEMPOTENCY_KEY, KEY_PATTERN
from contracts.routes.route import Route
from services.gateway.adapters.idempotency_keys import IdempotencyKeys, Keyed
from services.gateway.calls import Call, Content, Operation
from services.gateway.json_text import to_json
from services.gateway.rates import WHO

_KEY: Final = re.compile(KEY_PATTERN.removesuffix("$") + r"\Z")
_ESCAPED: Final = re.compile(r'\\(["\\])')


class Heeding:
    """An operation that heeds the key; a call without one costs it nothing more."""

    def __init__(
        self, route: Route, operation: Operation, keys: IdempotencyKeys, secret: bytes
    ) -> None:
        self._operation, self._keys, self._secret = operation, keys, secret
        self._audience, self._who = route.audience, WHO[route.audience]
        self._is_kept = route.kept

    def __call__(self, call: Call[Any, Any]) -> Any:
        given = call.request.get_header(IDEMPOTENCY_KEY)
        if given is None:
            return self._operation(call)
        asked = self._read(call, read_key(given))
        if not self._is_kept:
            self._keys.note(asked)
            return self._operation(call)
        answer = self._keys.claim(asked)
        return Content(answer.encode()) if answer is not None else self._do(call, asked)

    def _do(self, call: Call[Any, Any], asked: Keyed) -> Content:
        data = None
        try:
            result = self._operation(call)
            data = b"" if result is None else to_json(result)
        finally:
            self._keys.settle(asked, None if data is None else data.decode())
        return Content(data)

    def _read(self, call: Call[Any, Any], key: str) -> Keyed:
        request = call.request
        caller = self._who(call.caller)
        who = f"{self._audience} {len(caller)} {caller} {key}"  # both may have blanks in them
        target = f"{request.method} {request.path}?{request.query_string}"
        return Keyed(
            id=self._digest(who.encode()),
            target=self._digest(target.encode()),
            body=self._digest(getattr(request.context, "body", b"")),
        )

    def _digest(self, text: bytes) -> str:
        """Return a digest from which nobody guesses the text, who does not have our secret."""
        return hmac.new(self._secret, text, sha256).hexdigest()


def read_key(given: str) -> str:
    """Return the key as it was meant: a quoted one and a bare one may be the same."""
    if _KEY.match(given) is None:
        raise Malformed(errors={f"header.{IDEMPOTENCY_KEY}": "Not a key of 1 to 255 characters."})
    return _ESCAPED.sub(r"\1", given[1:-1]) if given.startswith('"') else given


def heeding(
    operations: Mapping[str, Operation], keys: IdempotencyKeys, secret: bytes
) -> dict[str, Operation]:
    """Let every operation whose route takes a key heed it."""
    taking = {route.operation_id: route for route in ROUTES if route.takes_key}
    return {
        name: Heeding(taking[name], operation, keys, secret) if name in taking else operation
        for name, operation in operations.items()
    }
