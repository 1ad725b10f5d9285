"""What an endpoint of the gateway is: who may call it, what goes in, what comes out."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from contracts import http
from contracts.access import Role, Scope, let_in
from contracts.fields import Identifier

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
JOSE: Final = "application/jose"
YAML: Final = "application/yaml"
NDJSON: Final = "application/x-ndjson"
NOTICE: Final = "application/secevent+jwt"
STATUS_LIST: Final = "application/statuslist+jwt"
HTML: Final = "text/html; charset=utf-8"
CSV: Final = "text/csv; charset=utf-8"
SVG: Final = "image/svg+xml"
METRICS: Final = "text/plain; version=0.0.4; charset=utf-8"

ALWAYS: Final = ("internal",)
BUS: Final = ("unavailable", *ALWAYS)
PATH: Final = ("malformed",)
BODY: Final = ("malformed", "too_large", "too_slow", "unsupported_media_type")
TOKEN: Final = ("unauthenticated", "forbidden", "too_many_requests")
CITIZEN: Final = (*TOKEN, "bad_civil_id")
COMPARED: Final = ("malformed", "precondition_failed")
KEYED: Final = ("malformed", "id_reused", "unavailable")
SIGNED: Final = ("unauthenticated", "bad_signature", "forbidden", "too_many_requests")

_WORDS: Final[dict[str, type]] = {"operator": Scope, "administrator": Role}
_PARAMETER = re.compile(r"{([a-z_]+)}")


class Audience(StrEnum):
    """Who an endpoint is for; each proves who they are in a way of their own."""

    CITIZEN = "citizen"  # at home: a token of the city's identity provider
    HOLDER = "holder"  # at a host: the session a recognition opened
    OPERATOR = "operator"  # an OAuth 2.0 access token with the scope
    ADMINISTRATOR = "administrator"  # an identity token with a role
    CITY = "city"  # an HTTP message signature (RFC 9421) by a key of the roster
    ERASED = "erased"  # the receipt of an erasure; whose it was, nobody knows
    PUBLIC = "public"  # everyone


@dataclass(frozen=True, kw_only=True)
class Query:
    """One query parameter; `type` is an annotated field type or a vocabulary.

    One of which there may be `many` is given once for each value.
    """

    name: str
    type: Any
    required: bool = False
    many: bool = False
    summary: str
    summary_zh: str


AFTER: Final = Query(
    name="after", type=Identifier, summary="Those after this one", summary_zh="从该项之后开始"
)
"""Where a page of a list begins, for lists whose items have ids."""


@dataclass(frozen=True, kw_only=True)
class Retirement:
    """When an endpoint was deprecated (RFC 9745), stops (RFC 8594), and what takes its place."""

    deprecated_at: datetime
    sunset_at: datetime
    successor: str


@dataclass(frozen=True, kw_only=True)
class Route:
    """Invariant: what is not stated here is not served.  `errors` are codes of contracts.errors.

    `reply` is None when the answer is empty or no JSON.  `refusal` is the body of errors where it
    is not a Problem.  An answer is `fresh` when it is never the same twice, or too often asked for.
    A change is `guarded` when If-Match is compared before it is made.  A call is `kept` when
    somebody else may undo what it does: under an Idempotency-Key its answer, which holds no secret
    and names no person, is given again, and nothing is done (ADR 0040).
    A route for operators needs a `scope`, one for officials a role, and what is not GET but `reads`
    only is an auditor's as well.
    """

    method: str
    path: str
    audience: Audience
    scope: Scope | Role | None = None
    reads: bool = False
    operation_id: str
    summary: str
    summary_zh: str
    body: type | None = None
    content_type: str = JSON
    reply: type | None = None
    status: int = 200
    reply_content_type: str = JSON
    fresh: bool = False
    guarded: bool = False
    kept: bool = False
    query: tuple[Query, ...] = ()
    errors: tuple[str, ...] = ()
    refusal: type = http.Problem
    retirement: Retirement | None = None

    def __post_init__(self) -> None:
        wanted = _WORDS.get(self.audience, type(None))
        if not isinstance(self.scope, wanted):
            raise TypeError(f"{self.operation_id}: the scope has to be a {wanted.__name__}")

    @property
    def let_in(self) -> tuple[str, ...]:
        """The scopes or roles of which the caller needs one; none where the audience is enough."""
        if self.scope is None:
            return ()
        return let_in(self.scope, reads=self.reads or self.method == "GET")

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters of the path, in order."""
        return tuple(_PARAMETER.findall(self.path))

    @property
    def takes_body(self) -> bool:
        return self.body is not None or self.content_type != JSON

    @property
    def is_change(self) -> bool:
        """Whether it may change anything (RFC 9110 §9.2.1)."""
        return self.method != "GET"

    @property
    def revalidated(self) -> bool:
        """Whether the answer has an ETag, and whoever still has it gets 304."""
        return not (self.is_change or self.fresh)

    @property
    def takes_key(self) -> bool:
        """Whether an Idempotency-Key is heeded: where something changes, and by whom is known."""
        return self.is_change and self.audience is not Audience.PUBLIC

    @property
    def refusals(self) -> tuple[str, ...]:
        """All codes it may answer: its `errors`, and what its header fields lead to."""
        compared = COMPARED if self.guarded else PATH if self.is_change else ()
        return (*self.errors, *(KEYED if self.takes_key else ()), *compared)
