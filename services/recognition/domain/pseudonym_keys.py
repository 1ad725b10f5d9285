"""The pseudonym keys: under which names the issuing cities speak of people to each host.

The alliance's office makes one key for each host and seals it to the cities that issue, never to
that host: so one person is one holder there whichever city attests, and the host cannot try out
civil identifiers.  A key gives way to the next with an overlap, in which attestations carry both
names, so that the host knows the holder again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class SealedKey:
    """Invariant: sealed to cities that issue, never to the host whose holders it names.

    `sealed` has, for each city, one ciphertext for each of its encryption keys.  The key is in use
    from `use_from` until the next of its host starts; from then until `use_until` the name by it
    goes along.
    """

    id: str
    host: str
    use_from: datetime
    use_until: datetime | None
    sealed: Mapping[str, Sequence[str]]

    def __post_init__(self) -> None:
        if self.host in self.sealed:
            raise ValueError(f"key {self.id} is sealed to its own host, city {self.host}")
        if self.use_until is not None and self.use_until <= self.use_from:
            raise ValueError(f"key {self.id} ends before it starts")


@dataclass(frozen=True, kw_only=True)
class PseudonymKeys:
    """Invariant: of two documents the higher version is right; a key stands in it once."""

    version: int
    issued_at: datetime
    keys: tuple[SealedKey, ...]
    digest: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if len({key.id for key in self.keys}) != len(self.keys):
            raise ValueError("a pseudonym key stands twice")
        if len({(key.host, key.use_from) for key in self.keys}) != len(self.keys):
            raise ValueError("two keys of one host start at one moment")

    def of(self, host: str, at: datetime) -> tuple[SealedKey, ...]:
        """Return the key in use for a host and, while they overlap, the one before it."""
        started = sorted(
            (key for key in self.keys if key.host == host and key.use_from <= at),
            key=lambda key: key.use_from,
            reverse=True,
        )
        former = [key for key in started[1:2] if key.use_until is not None and at < key.use_until]
        return (*started[:1], *former)
