"""What schemathesis loads: it lets each case be sent by somebody who may."""

import os
from http import HTTPStatus
from pathlib import Path
from typing import Any

import schemathesis

from contracts.routes.route import NDJSON, NOTICE, Audience
from tests.fuzz.callers import read_callers
from tests.fuzz.refusals import unexplained

RENEWED_SECONDS = 120
IF_MATCH = "If-Match"
SERVED = Path(os.environ["HUXIN_FUZZ_SERVED"])
CALLERS = read_callers(Path(os.environ["HUXIN_FUZZ_CALLERS"]))

schemathesis.auth.set_from_requests(CALLERS.signature).apply_to(tag=Audience.CITY.value)


@schemathesis.serializer(NOTICE, NDJSON)
def as_it_is(_context: schemathesis.SerializationContext, value: Any) -> bytes:
    """Send what is no JSON as the text that was drawn; what is no text, as bytes that are none."""
    if isinstance(value, bytes):
        return value
    return value.encode() if isinstance(value, str) else b"\xff"


@schemathesis.auth(
    refresh_interval=RENEWED_SECONDS, cache_by_key=lambda case, _ctx: case.operation.tags[0]
).skip_for(tag=[Audience.CITY.value, Audience.PUBLIC.value])
class Bearer:
    def get(self, case: schemathesis.Case, _context: Any) -> str:
        return CALLERS.token(Audience(case.operation.tags[0]))

    def set(self, case: schemathesis.Case, data: str, _context: Any) -> None:
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_call(_context: Any, case: schemathesis.Case, _options: Any) -> None:
    """Quote an ETag that is meant well: schemathesis 4.32 takes 0 for one in its coverage phase."""
    if IF_MATCH in (case.headers or {}) and is_well_formed(case) and case.headers[IF_MATCH] == "0":
        case.headers[IF_MATCH] = '"0"'


@schemathesis.hook
def after_call(_context: Any, case: schemathesis.Case, response: schemathesis.Response) -> None:
    """Note who was let in, and found something or nothing."""
    if response.status_code in {200, 201, 204, 404}:
        with SERVED.open("a", encoding="utf-8") as served:
            served.write(f"{case.operation.tags[0]}\n")


@schemathesis.check
def malformed_by_rule(
    _context: Any, response: schemathesis.Response, case: schemathesis.Case
) -> None:
    """What fits the schema is called malformed only by what no schema can say."""
    if response.status_code == HTTPStatus.BAD_REQUEST and is_well_formed(case):
        operation_id = case.operation.definition.raw["operationId"]
        assert not (found := unexplained(operation_id, response.json())), found


def is_well_formed(case: schemathesis.Case) -> bool:
    return case.meta is not None and case.meta.generation.mode.is_positive
