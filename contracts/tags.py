"""Tags of what somebody saw (RFC 9110 §8.8.3): the gateway gives them, a service compares them."""

import json
from hashlib import sha256
from typing import Any, Final

from contracts.schemas import schema_of

LENGTH: Final = 32  # hexadecimal digits


def tag(data: bytes) -> str:
    """Return the tag of a representation's bytes."""
    return sha256(data).hexdigest()[:LENGTH]


def tag_of(record: Any) -> str:
    """Return the tag that the gateway's answer with this record bears."""
    said = schema_of(record.__class__).dump(record)
    return tag(json.dumps(said, ensure_ascii=False).encode())
