"""What scenarios asks of the city's key, for documents that others check without asking."""

from collections.abc import Mapping
from typing import Any, Protocol


class CitySignatures(Protocol):
    def sign(self, kind: str, claims: Mapping[str, Any]) -> str:
        """Return a compact JWS (RFC 7515) of `typ` kind, by the key that the city publishes."""

    def read(self, kind: str, token: str) -> Mapping[str, Any] | None:
        """Return the claims of what this city signed as that kind; None for anything else."""
