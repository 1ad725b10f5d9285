"""Attestations that a partner city sends in bulk, for holders who consented."""

from contracts.errors import Malformed
from contracts.exchange import (
    LARGEST_CHUNK,
    BatchBody,
    BatchProgress,
    LineVerdicts,
    ListVerdicts,
    OpenBatch,
    ShowBatch,
    TakeLines,
)
from services.gateway.authentication.callers import PartnerCity
from services.gateway.calls import Bus, Call


class Batches:
    """A city sees the batches of its own making."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def open_batch(self, call: Call[PartnerCity, BatchBody]) -> BatchProgress:
        command = OpenBatch(
            sender=call.caller.code,
            batch_id=call.path["batch_id"],
            total=call.body.total,
            digest=call.body.digest,
        )
        progress: BatchProgress = self._bus.call(command, cause=call.cause)
        return progress

    def take_lines(self, call: Call[PartnerCity, bytes]) -> BatchProgress:
        command = TakeLines(
            sender=call.caller.code,
            batch_id=call.path["batch_id"],
            after=call.query["from"],
            lines=_lines(call.body),
        )
        progress: BatchProgress = self._bus.call(command, cause=call.cause)
        return progress

    def show_batch(self, call: Call[PartnerCity, None]) -> BatchProgress:
        command = ShowBatch(sender=call.caller.code, batch_id=call.path["batch_id"])
        progress: BatchProgress = self._bus.call(command, cause=call.cause)
        return progress

    def list_verdicts(self, call: Call[PartnerCity, None]) -> LineVerdicts:
        command = ListVerdicts(
            sender=call.caller.code,
            batch_id=call.path["batch_id"],
            after=call.query["after"] or 0,
        )
        verdicts: LineVerdicts = self._bus.call(command, cause=call.cause)
        return verdicts


def _lines(body: bytes) -> tuple[str, ...]:
    """Split a body into its lines, whatever is in them; raise Malformed."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(errors={"body": "Not UTF-8."}) from error
    lines = text.removesuffix("\n").split("\n") if text else []
    if not lines:
        raise Malformed(errors={"body": "No line."})
    if len(lines) > LARGEST_CHUNK:
        raise Malformed(errors={"body": f"More than {LARGEST_CHUNK} lines."})
    return tuple(lines)
