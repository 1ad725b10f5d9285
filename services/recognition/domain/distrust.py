"""Distrust: a city's own word that one of its keys may be in other hands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Distrust:
    """Invariant: covers all that a city's key signed since a moment, and nothing from before.

    Signatures tell their moment in whole seconds, so the second of `since` is covered.
    `notice_id` names the notice that told of it; of a city's own key there is none.
    """

    home: str
    kid: str
    since: datetime
    notice_id: UUID | None = None

    @property
    def begins_at(self) -> datetime:
        return self.since.replace(microsecond=0)

    def covers(self, signed_at: datetime) -> bool:
        return signed_at >= self.begins_at


class Distrusts(Protocol):
    """Keys of cities that may be in other hands, this city's own among them."""

    def get(self, home: str, kid: str) -> Distrust | None: ...
    def add(self, distrust: Distrust, now: datetime) -> None:
        """Remember a key; of several moments the earliest stands."""

    def every(self) -> Sequence[Distrust]: ...
