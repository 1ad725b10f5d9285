"""The pseudonym keys that are sealed to this city, opened when they are needed."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from contracts.errors import Refused
from services.recognition.adapters.encryption import EncryptionKey
from services.recognition.domain.pseudonym_keys import PseudonymKeys, SealedKey


class SealedHolderKeys:
    """Invariant: opens only what is sealed to this city; what was opened stays in memory alone."""

    def __init__(
        self, city: str, key_file: Path, known: Callable[[], PseudonymKeys | None]
    ) -> None:
        self._city, self._known = city, known
        self._key = EncryptionKey.load(key_file) if key_file.exists() else None
        self._opened: dict[tuple[str, Sequence[str]], bytes | None] = {}

    def __call__(self, host: str, now: datetime) -> tuple[bytes, ...]:
        """Return the key for a host and, in an overlap, the former one.

        Raises Refused("key_not_usable") without the key in use.  A former key that this city never
        had is left out: it attested nobody by it.
        """
        known = self._known()
        keys = known.of(host, now) if known else ()
        current, *former = [self._open(key) for key in keys] or [None]
        if current is None:
            raise Refused("key_not_usable", f"no pseudonym key for city {host}")
        return (current, *(key for key in former if key is not None))

    def opens(self, host: str, now: datetime) -> bool:
        """Say whether this city has the key for a host."""
        known = self._known()
        return known is not None and any(map(self._open, known.of(host, now)[:1]))

    def _open(self, key: SealedKey) -> bytes | None:
        sealed = key.sealed.get(self._city, ())
        if self._key is None:
            return None
        name = (key.id, tuple(sealed))
        if name not in self._opened:
            opened = (self._key.open(text, id=key.id, host=key.host) for text in sealed)
            self._opened[name] = next((secret for secret in opened if secret is not None), None)
        return self._opened[name]
