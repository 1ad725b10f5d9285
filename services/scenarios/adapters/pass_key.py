"""The key under which this city makes passes, from its file."""

from pathlib import Path
from typing import Final

from contracts.errors import Malformed

FILE: Final = "pass.key"
KEY_BYTES: Final = 32  # as long as the digest (RFC 2104 §3)


def read_pass_key(directory: Path) -> bytes:
    """Read pass.key; raises OSError, or Malformed naming the file."""
    path = directory / FILE
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except ValueError:
        raise Malformed("malformed", f"{path.name}: not hexadecimal") from None
    if len(key) < KEY_BYTES:
        raise Malformed("malformed", f"{path.name}: fewer than {KEY_BYTES} bytes")
    return key
