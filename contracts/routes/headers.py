"""Header fields of requests that more than one endpoint takes."""

from typing import Final

IDEMPOTENCY_KEY: Final = "Idempotency-Key"
KEY_PATTERN: Final = (
    r"^(?:[0-9A-Za-z!#$%&'*+.^_`|~:/-]{1,255}" + r'|"(?:[ !#-\[\]-~]|\\["\\]){1,255}")$'
)
"""A string of RFC 8941 §3.3.3, or what is in it without the quotes, where that is a token."""

IF_MATCH: Final = "If-Match"
IF_NONE_MATCH: Final = "If-None-Match"
TAG_PATTERN: Final = r'^"[0-9a-f]{32}"$'
"""The ETag of one answer of this gateway (contracts/tags.py)."""
