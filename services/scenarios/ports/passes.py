"""What scenarios asks of the keys under which this city writes passes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from services.scenarios.domain.grant import Grant
from services.scenarios.domain.passes import Pass


class Passes(Protocol):
    def write(self, grant: Grant, now: datetime) -> tuple[str, datetime]:
        """Write a fresh pass of an open grant; return it and its end."""

    def read(self, token: str) -> Pass | None:
        """Return what a pass says, however old; None for what this city did not write."""

    def published(self) -> Sequence[Mapping[str, Any]]:
        """Return the public keys (JWK) by which passes are checked, the one in use first."""
