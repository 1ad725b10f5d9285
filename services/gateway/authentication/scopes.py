"""Whether a caller has what a route asks for; who has less is told (RFC 6750 §3.1)."""

from collections.abc import Collection

from contracts.errors import Forbidden
from services.gateway.authentication.callers import Administrator, Operator


class InsufficientScope(Forbidden):
    """The caller is known, and needs another scope or role; `wanted` names it."""

    def __init__(self, wanted: str) -> None:
        super().__init__("forbidden", f"needs {wanted}")
        self.wanted = wanted


def check_scope(caller: Operator | Administrator, let_in: Collection[str]) -> None:
    """Raise InsufficientScope unless the caller has one of the words; the first is told."""
    if caller.may.isdisjoint(let_in):
        raise InsufficientScope(next(iter(let_in)))
