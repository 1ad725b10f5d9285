"""Usage lines on their way from a host to a home city."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class UnreportedLine:
    """A usage line that the city `home` has to be told of; `body` is what the notice says of it."""

    id: UUID
    home: str
    body: Mapping[str, Any]
