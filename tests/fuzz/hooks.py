"""What schemathesis loads: it lets each case be sent by somebody who may."""

import os
from pathlib import Path
from typing import Any

import schemathesis

from contracts.routes.route import NDJSON, NOTICE, Audience
from tests.fuzz.callers import read_callers

RENEWED_SECONDS = 120
CALLERS = read_callers(Path(os.environ["HUXIN_FUZZ_CALLERS"]))

schemathesis.auth.set_from_requests(CALLERS.signature).apply_to(tag=Audience.CITY.value)


@schemathesis.serializer(NOTICE, NDJSON)
def as_it_is(_context: schemathesis.SerializationContext, value: Any) -> dict[str, Any]:
    """Send what is no JSON as the text that was drawn; what is no text cannot be meant."""
    return {"data": value if isinstance(value, bytes) else str(value).encode()}


@schemathesis.auth(
    refresh_interval=RENEWED_SECONDS, cache_by_key=lambda case, _ctx: case.operation.tags[0]
).skip_for(tag=[Audience.CITY.value, Audience.PUBLIC.value])
class Bearer:
    def get(self, case: schemathesis.Case, _context: Any) -> str:
        return CALLERS.token(Audience(case.operation.tags[0]))

    def set(self, case: schemathesis.Case, data: str, _context: Any) -> None:
        case.headers["Authorization"] = f"Bearer {data}"
