"""Token Status Lists (draft-ietf-oauth-status-list): what became of each attestation.

One list is a row of one- or two-bit entries, compressed, signed and served to everyone, so that a
host learns about one holder without home learning which one it asked for.
"""

import hashlib
import hmac
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any, Final, Protocol, Self

from contracts.errors import Malformed, Refused, Unauthenticated
from services.recognition.domain import jws
from services.recognition.domain.attestation import StatusEntry
from services.recognition.domain.jws import Jws, Signatures, Signer
from services.recognition.domain.moments import from_seconds, to_seconds
from services.recognition.domain.roster import City

TYPE: Final = "statuslist+jwt"
SIZE: Final = 2**17  # entries of our own lists: a crowd large enough to hide in, 32 KiB
MAX_BYTES: Final = 2**20  # of a partner's list once inflated; more is an attack, not a list
ROUNDS: Final = 4
LIFE: Final = timedelta(minutes=10)  # how long a host may go by a list of ours, or by a notice
LONGEST_GRACE: Final = timedelta(days=31)  # of a notice; each purpose has a rule of its own
SKEW: Final = timedelta(seconds=60)


class Status(IntEnum):
    """The status types of the draft, §7.1; any other value is the application's own."""

    VALID = 0
    INVALID = 1
    SUSPENDED = 2


class StatusList:
    """Invariant: `bits` is 1 or 2, entry 0 is in the least significant bits of the first byte."""

    def __init__(self, bits: int, data: bytes) -> None:
        if bits not in {1, 2}:
            raise Malformed("malformed", "a status list has 1 or 2 bits per entry")
        self.bits = bits
        self._data = bytearray(data)

    @classmethod
    def blank(cls, size: int = SIZE, bits: int = 2) -> Self:
        """Start a list in which every entry is valid."""
        return cls(bits, bytes(-(-size * bits // 8)))

    def __len__(self) -> int:
        return len(self._data) * 8 // self.bits

    def __getitem__(self, index: int) -> int:
        """Read an entry; raises IndexError outside the list."""
        byte, shift = self._place(index)
        return self._data[byte] >> shift & self._mask

    def __setitem__(self, index: int, status: int) -> None:
        """Write an entry; raises IndexError outside the list, ValueError if it does not fit."""
        byte, shift = self._place(index)
        if not 0 <= status <= self._mask:
            raise ValueError(f"status {status} does not fit into {self.bits} bits")
        self._data[byte] = self._data[byte] & ~(self._mask << shift) | status << shift

    def compress(self) -> str:
        """Write the `lst` member (draft §4.1: zlib at the highest level, then base64url)."""
        return jws.encode(zlib.compress(self._data, level=9))

    @classmethod
    def inflate(cls, bits: int, lst: str) -> Self:
        """Read a `lst` member; raises Malformed for bad data or more than MAX_BYTES."""
        stream = zlib.decompressobj()
        try:
            data = stream.decompress(jws.decode(lst), MAX_BYTES)
        except (ValueError, zlib.error) as error:
            raise Malformed("malformed", "status list: not compressed data") from error
        if not stream.eof or stream.unused_data:
            raise Malformed("malformed", "status list: too long, cut off, or followed by more")
        return cls(bits, data)

    @property
    def _mask(self) -> int:
        return (1 << self.bits) - 1

    def _place(self, index: int) -> tuple[int, int]:
        if not 0 <= index < len(self):
            raise IndexError(index)
        return divmod(index * self.bits, 8)


@dataclass(frozen=True, kw_only=True)
class StatusToken:
    """A status list as its city signed it.

    Invariant: `fresh_until` counts from the signature, not from the fetch, so a list that waited
    in a cache is not believed for a second full term.
    """

    uri: str
    issued_at: datetime
    fresh_until: datetime
    statuses: StatusList


@dataclass(frozen=True)
class StatusReading:
    """What a status list said of one entry, and when its city said so.

    `fresh_until` is the end its city gave the list; no purpose believes it for longer than `grace`
    beyond that.
    """

    value: int
    as_of: datetime
    fresh_until: datetime
    grace: timedelta = timedelta(0)


class Statuses(Protocol):
    """Says what is known of an entry, or None when nothing is."""

    def read(self, entry: StatusEntry) -> StatusReading | None: ...


@dataclass(frozen=True)
class NoticeStatuses:
    """What home says of an attestation that it gives by a notice: its list, or this very notice.

    While the list cannot be had, or is older, home's word of the moment `at` counts as one of a
    list of that moment would.  A list that says it was taken back is believed, of any age; of a
    suspension there is a notice, with the moment that it began and another for its end.
    """

    statuses: Statuses
    at: datetime

    def read(self, entry: StatusEntry) -> StatusReading:
        listed = self.statuses.read(entry)
        taken_back = listed and listed.value not in {Status.VALID, Status.SUSPENDED}
        newer = listed and listed.value == Status.VALID and listed.as_of >= self.at
        if listed and (taken_back or newer):
            return listed
        return StatusReading(Status.VALID, self.at, self.at + LIFE, LONGEST_GRACE)


def sign_status_list(
    statuses: StatusList, *, uri: str, now: datetime, ttl: timedelta, signer: Signer
) -> str:
    """Sign a list; it may be used until `ttl` after now (draft §5.1)."""
    seconds = int(ttl.total_seconds())
    claims: dict[str, Any] = {
        "sub": uri,
        "iat": to_seconds(now),
        "exp": to_seconds(now) + seconds,
        "ttl": seconds,
        "status_list": {"bits": statuses.bits, "lst": statuses.compress()},
    }
    return jws.write(claims, typ=TYPE, signer=signer)


def read_status_list(
    text: str, *, uri: str, city: City, signatures: Signatures, now: datetime
) -> StatusToken:
    """Check a list fetched from `uri` of a city (draft §8.3).

    Raises Malformed for what cannot be read, Unauthenticated("bad_signature") for another's
    signature, Refused for a key the roster does not carry, a list from the future or one that is
    over ("status_unavailable").
    """
    token = jws.read(text, limit=jws.LARGE)
    issued_at, starts_at, fresh_until, statuses = _claims(token, uri)
    key = city.attestation_key(token.kid, issued_at)
    if not (signatures.fits(token.alg, key.jwk) and signatures.verify(token, key.jwk)):
        raise Unauthenticated("bad_signature", f"status list of city {city.code}")
    if max(issued_at, starts_at) > now + SKEW or now >= fresh_until:
        raise Refused("status_unavailable", "status list not of this time")
    return StatusToken(
        uri=uri,
        issued_at=issued_at,
        fresh_until=fresh_until,
        statuses=StatusList.inflate(statuses["bits"], statuses["lst"]),
    )


def _claims(token: Jws, uri: str) -> tuple[datetime, datetime, datetime, dict[str, Any]]:
    claims, statuses = token.payload, token.payload.get("status_list")
    if token.typ != TYPE or claims.get("sub") != uri:
        raise Malformed("malformed", "not the status list that was asked for")
    if not isinstance(statuses, dict) or not isinstance(statuses.get("lst"), str):
        raise Malformed("malformed", "status list: no list in it")
    if type(statuses.get("bits")) is not int:
        raise Malformed("malformed", "status list: bits")
    try:
        issued_at = from_seconds(claims.get("iat"))
        ends = [from_seconds(claims["exp"])] if "exp" in claims else []
        if "ttl" in claims:
            from_seconds(claims["ttl"])  # a whole number, of the same size
            ends.append(from_seconds(claims["iat"] + claims["ttl"]))
        starts_at = from_seconds(claims["nbf"]) if "nbf" in claims else issued_at
    except ValueError as error:
        raise Malformed("malformed", "status list: moments") from error
    if not ends:
        raise Malformed("malformed", "status list: neither exp nor ttl")
    return issued_at, starts_at, min(ends), statuses


def index_of(number: int, secret: bytes, size: int = SIZE) -> int:
    """Say which entry the attestation with this running number of a list gets.

    A secret shuffle of 0..size-1: no entry is given twice, nothing has to be stored but the next
    number, and entries that lie side by side say nothing about when they were issued (draft §13.2).
    A Feistel network of keyed hashes; numbers that fall outside `size` go through it again.
    """
    if not 0 <= number < size:
        raise ValueError("the list is full")
    half = (max(size - 1, 1).bit_length() + 1) // 2
    while True:
        left, right = divmod(number, 1 << half)
        for turn in range(ROUNDS):
            mixed = hmac.digest(secret, bytes([turn]) + right.to_bytes(4, "big"), hashlib.sha256)
            left, right = right, left ^ int.from_bytes(mixed[:4], "big") & (1 << half) - 1
        number = left << half | right
        if number < size:
            return number
