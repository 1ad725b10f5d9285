"""Moments as tokens write them: whole seconds since 1970 (NumericDate, RFC 7519 §2)."""

from datetime import UTC, datetime
from typing import Final

LATEST: Final = 253_402_300_799  # 9999-12-31T23:59:59Z, the last second a datetime can hold


def to_seconds(moment: datetime) -> int:
    """Write an aware moment, cutting off the fraction; raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a naive moment has no place on the wire")
    return int(moment.timestamp())


def from_seconds(value: object) -> datetime:
    """Read a moment; raises ValueError for anything but whole seconds from 1970 to 9999."""
    if type(value) is not int or not 0 <= value <= LATEST:
        raise ValueError("not a moment in whole seconds")
    return datetime.fromtimestamp(value, UTC)
