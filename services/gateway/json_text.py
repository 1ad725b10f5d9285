"""Write a body class as JSON."""

import json
from typing import Any

from contracts.schemas import schema_of


def to_json(body: Any) -> bytes:
    """Return the JSON of a body by its class's own schema."""
    return json.dumps(schema_of(body.__class__).dump(body), ensure_ascii=False).encode()
