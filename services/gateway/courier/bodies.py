"""What operators are told: of grants neither whose they are nor why they ended."""

import json
from datetime import datetime
from typing import Any, Final

from contracts import wire
from contracts.catalogue import IncentiveMoved
from contracts.evidence import EvidenceChanged
from contracts.quotas import GrantReserved, ReservationEnded
from contracts.usage import GrantEvent, usage_of
from contracts.words import UsageFact

ReservationEvent = GrantReserved | ReservationEnded

SHOWN: Final = frozenset(
    {
        "grant_id",
        "redemption_id",
        "incentive_id",
        "scenario_id",
        "operator_id",
        "value_fen",
        "uses_left",
        "quota_period",
        "period_issued",
        "budget_left_fen",
        "issued_at",
        "until",
        "redeemed_at",
        "ended_at",
        "restored_at",
        "reversed_at",
        "called_at",
        "recalled_at",
        "ends_at",
        "kept_at",
    }
)
"""A field that an event gains stays hidden until it is named here.

An operator learns neither who the person is nor that another city vouches for them, nor how often
they came; and of an end not whether a consent, a score or time was behind it.
"""


EVIDENCE: Final = ("evidence_id", "item_id", "state", "reason", "changed_at")
"""What a source hears of its evidence; not about whom it is, which it knows."""


def webhook_body(event: GrantEvent, *, city: str) -> str:
    """Return the body of a webhook: `{type, timestamp, data}`, the type such as grant.redeemed."""
    line = usage_of(event, host=city)
    data = {name: value for name, value in wire.dump(event).items() if name in SHOWN}
    return _body(f"grant.{_type(line.fact)}", line.at, data)


def evidence_body(event: EvidenceChanged) -> str:
    """Return the body of a webhook about evidence that its recipient entered."""
    data = wire.dump(event)
    return _body("evidence.changed", event.changed_at, {name: data[name] for name in EVIDENCE})


def _body(type: str, at: datetime, data: dict[str, Any]) -> str:
    said = {"type": type, "timestamp": _text(at), "data": data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


SHOWN_OF_RESERVATION: Final = frozenset(
    {
        "reservation_id",
        "incentive_id",
        "scenario_id",
        "operator_id",
        "value_fen",
        "district",
        "reserved_at",
        "until",
        "ended_at",
    }
)


def reservation_body(event: ReservationEvent) -> str:
    """Return the body of a webhook about a reservation; neither whose it is nor how it ended."""
    kind, at = (
        ("reservation.held", event.reserved_at)
        if isinstance(event, GrantReserved)
        else ("reservation.ended", event.ended_at)
    )
    shown = wire.dump(event).items()
    return _body(kind, at, {name: value for name, value in shown if name in SHOWN_OF_RESERVATION})


def move_body(event: IncentiveMoved) -> str:
    """Return the body of a webhook: what the city did, the type such as incentive.returned."""
    data = {
        "incentive_id": event.incentive_id,
        "version": event.version,
        "state": event.state,
        "note": event.note,
    }
    return _body(f"incentive.{event.move}", event.at, data)


def _type(fact: UsageFact) -> str:
    return "ended" if fact in {UsageFact.EXPIRED, UsageFact.REVOKED} else fact.value


def _text(moment: datetime) -> Any:
    return moment.isoformat().replace("+00:00", "Z")
