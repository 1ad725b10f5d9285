"""The office's book of pseudonym keys: the one place that has them in clear.

Whoever has it can name every person to every host, so it never leaves the office, and no node reads
it.  What cities get is made from it, sealed to each.
"""

import json
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from contracts.pseudonyms import KEY_BYTES
from contracts.words import CityState
from huxin_client.shell.language import spoken
from services.cli.new_keys import write_secret
from services.recognition.adapters.encryption import seal
from services.recognition.domain.jws import decode, encode, read_json
from services.recognition.domain.moments import from_seconds, to_seconds
from services.recognition.domain.pseudonym_keys import PseudonymKeys, SealedKey
from services.recognition.domain.roster import City, KeyUse, Roster

ISSUING = frozenset({CityState.TESTING, CityState.ONLINE, CityState.SUSPENDED})
LEAST_OVERLAP = timedelta(days=31)  # the longest an attestation lives


@dataclass(frozen=True, kw_only=True)
class BookKey:
    """A key of one host, in clear."""

    id: str
    host: str
    use_from: datetime
    use_until: datetime | None
    secret: bytes = field(repr=False)


@dataclass(frozen=True)
class Book:
    """Invariant: of one host at most two keys count at a time, and the later one is in use."""

    keys: tuple[BookKey, ...] = ()

    @classmethod
    def load(cls, path: Path) -> "Book":
        """Read a book; raises OSError, ValueError."""
        try:
            return cls(tuple(_read(entry) for entry in read_json(path.read_bytes())["keys"]))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(
                spoken(f"{path}: not a book of pseudonym keys", f"{path}：不是假名密钥簿")
            ) from error

    def save(self, path: Path) -> None:
        """Write a file that its owner alone may read, in place of the former one."""
        part = path.with_name(f"{path.name}.part")
        part.unlink(missing_ok=True)
        keys = [_written(key) for key in self.keys]
        write_secret(part, json.dumps({"keys": keys}, indent=2) + "\n")
        part.replace(path)

    def with_key(
        self, host: str, *, use_from: datetime, overlap: timedelta = LEAST_OVERLAP
    ) -> "Book":
        """Add the next key of a host; its last one counts on for the overlap.

        Raises ValueError for a start before that of the last one, while two keys count already, or
        for an overlap in which not every attestation could be renewed.
        """
        if overlap < LEAST_OVERLAP:
            days = LEAST_OVERLAP.days
            raise ValueError(
                spoken(f"an overlap is {days} days or more", f"新旧密钥的重叠期不少于 {days} 天")
            )
        new = BookKey(
            id=str(uuid4()),
            host=host,
            use_from=use_from,
            use_until=None,
            secret=secrets.token_bytes(KEY_BYTES),
        )
        former = sorted(self._of(host), key=lambda key: key.use_from)
        if former and former[-1].use_from >= use_from:
            start = former[-1].use_from
            raise ValueError(
                spoken(
                    f"the last key of city {host} starts {start}",
                    f"城市 {host} 的上一把密钥自 {start} 起启用",
                )
            )
        for key in former[:-1]:
            if key.use_until is None or key.use_until > use_from:
                end = key.use_until
                raise ValueError(
                    spoken(
                        f"two keys of city {host} count until {end}",
                        f"城市 {host} 在 {end} 之前已有两把密钥并存",
                    )
                )
        kept = [
            replace(key, use_until=use_from + overlap) if former and key is former[-1] else key
            for key in self.keys
        ]
        return Book((*kept, new))

    def seal(self, roster: Roster, *, version: int, now: datetime) -> PseudonymKeys:
        """Seal every key that counts to the cities that issue, but not to its own host."""
        return PseudonymKeys(
            version=version,
            issued_at=now,
            keys=tuple(
                _sealed(key, roster, now)
                for key in self.keys
                if key.use_until is None or key.use_until > now
            ),
        )

    def _of(self, host: str) -> list[BookKey]:
        return [key for key in self.keys if key.host == host]


def _sealed(key: BookKey, roster: Roster, now: datetime) -> SealedKey:
    return SealedKey(
        id=key.id,
        host=key.host,
        use_from=key.use_from,
        use_until=key.use_until,
        sealed={
            code: texts
            for code, city in roster.cities.items()
            if code != key.host and city.state in ISSUING and (texts := _texts(key, city, now))
        },
    )


def _texts(key: BookKey, city: City, now: datetime) -> tuple[str, ...]:
    return tuple(
        seal(key.secret, id=key.id, host=key.host, to=listed.jwk)
        for listed in city.keys_for(KeyUse.ENCRYPTION)
        if listed.use_until > now
    )


def _written(key: BookKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "host": key.host,
        "use_from": to_seconds(key.use_from),
        "use_until": None if key.use_until is None else to_seconds(key.use_until),
        "k": encode(key.secret),
    }


def _read(entry: dict[str, Any]) -> BookKey:
    until = entry["use_until"]
    return BookKey(
        id=str(entry["id"]),
        host=str(entry["host"]),
        use_from=from_seconds(entry["use_from"]),
        use_until=None if until is None else from_seconds(until),
        secret=decode(entry["k"]),
    )
