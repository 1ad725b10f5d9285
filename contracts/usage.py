"""The usage line that an event of a grant makes in a statement: host and home derive it alike.

The host books it, and recognition reports it to home, each from the same event.
So both hold equal lines, and a line that comes twice is recognised by its id.
"""

from typing import Final
from uuid import UUID, uuid5

from contracts.corrections import GrantRestored
from contracts.passes import DepositCalled, GrantKept, GrantRecalled, RedemptionReversed
from contracts.recognition import UsageReported
from contracts.scenarios import GrantEnded, GrantIssued, GrantRedeemed
from contracts.words import UsageFact

GrantEvent = (
    (GrantIssued | GrantRedeemed | GrantEnded | GrantRestored)
    | (RedemptionReversed | DepositCalled)
    | (GrantRecalled | GrantKept)
)

_LINES: Final = UUID("07aed11e-a8cb-4310-8cc6-6c63a1964718")
"""The namespace of line ids (RFC 9562 §5.5); both cities must use this one."""


def usage_of(event: GrantEvent, *, host: str) -> UsageReported:
    """Derive the line of an event; the same event gives the same line wherever it is derived."""
    match event:
        case GrantIssued():
            fact, at, which = UsageFact.ISSUED, event.issued_at, ""
        case GrantRedeemed():
            fact, at, which = UsageFact.REDEEMED, event.redeemed_at, str(event.redemption_id)
        case GrantEnded():
            fact, at = UsageFact(event.state), event.ended_at
            which = str(event.restored) if event.restored else ""
        case GrantRestored():
            fact, at, which = UsageFact.RESTORED, event.restored_at, str(event.restored)
        case RedemptionReversed():
            fact, at, which = UsageFact.REVERSED, event.reversed_at, str(event.redemption_id)
        case DepositCalled():
            fact, at, which = UsageFact.CALLED, event.called_at, str(event.redemption_id)
        case GrantRecalled():
            fact, at, which = UsageFact.RECALLED, event.recalled_at, str(event.recalled)
        case GrantKept():
            fact, at, which = UsageFact.KEPT, event.kept_at, str(event.recalled)
    return UsageReported(
        line_id=uuid5(_LINES, f"{event.grant_id}:{fact}:{which}"),
        host=host,
        grant_id=event.grant_id,
        attestation_id=event.attestation_id,
        incentive_id=event.incentive_id,
        fact=fact,
        value_fen=event.value_fen,
        at=at,
        funding=event.funding,
    )
