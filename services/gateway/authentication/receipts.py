"""Receipts of erasures: by them one asks how far an erasure is, as nobody knows whose it was."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import falcon

from services.gateway.authentication.bearer import bearer
from services.gateway.authentication.callers import Erased
from services.gateway.authentication.sessions import OwnTokens

RECEIPT_TYPE: Final = "huxin-receipt+jwt"
LIFE: Final = timedelta(days=366)


class Receipts:
    """Gives receipts and authenticates by them; nothing of them is stored."""

    def __init__(self, tokens: OwnTokens) -> None:
        self._tokens = tokens

    def give(self, erasure_id: UUID, erased_at: datetime) -> str:
        """Give the receipt of an erasure, the same each time."""
        return self._tokens.sign(RECEIPT_TYPE, {"sub": str(erasure_id)}, erased_at + LIFE)

    def __call__(self, request: falcon.Request) -> Erased:
        """Raise Unauthenticated."""
        claims = self._tokens.open(RECEIPT_TYPE, bearer(request))
        return Erased(erasure_id=UUID(claims["sub"]))
