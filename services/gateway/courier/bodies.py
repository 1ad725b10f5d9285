"""What operators are told of their grants: everything but whose they are."""

import json
from datetime import datetime
from typing import Any, Final

from contracts import wire
from contracts.usage import GrantEvent, usage_of
from contracts.words import UsageFact

HIDDEN: Final = frozenset({"holder", "home", "attestation_id"})
"""An operator learns neither who the person is nor that another city vouches for them."""


def webhook_body(event: GrantEvent, *, city: str) -> str:
    """Return the body of a webhook: `{type, timestamp, data}`, the type such as grant.redeemed."""
    line = usage_of(event, host=city)
    data = {name: value for name, value in wire.dump(event).items() if name not in HIDDEN}
    return json.dumps(
        {"type": f"grant.{_type(line.fact)}", "timestamp": _text(line.at), "data": data},
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _type(fact: UsageFact) -> str:
    return "ended" if fact in {UsageFact.EXPIRED, UsageFact.REVOKED} else fact.value


def _text(moment: datetime) -> Any:
    return moment.isoformat().replace("+00:00", "Z")
