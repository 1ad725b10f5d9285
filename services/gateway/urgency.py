"""Who goes first when a service has more callers than it can serve (ADR 0045)."""

from enum import IntEnum
from typing import Any, Final

from contracts import exchange, passes, quotas, scenarios, settlements, statements, trials
from contracts import trust_codes as codes


class Urgency(IntEnum):
    """The lower goes first."""

    TILL = 0  # somebody stands at a till, with a code in the hand
    ORDINARY = 1
    BULK = 2  # whoever sends it comes again by itself


_TILL: Final = frozenset(
    {
        scenarios.RedeemPass,
        scenarios.ShowGrant,
        passes.ReverseRedemption,
        passes.CallDeposit,
        codes.CheckTrustCode,
        codes.ShowTrustCode,
    }
)
_BULK: Final = frozenset(
    {
        exchange.OpenBatch,
        exchange.TakeLines,
        exchange.ShowBatch,
        scenarios.DrawStatement,
        settlements.CloseSettlement,
        settlements.CompareSettlement,
        settlements.DrawSettlement,
        settlements.ListSettlementDifferences,
        settlements.ListSettlementLines,
        statements.DrawOperatorStatement,
        statements.ListStatementLines,
        statements.SummariseUsage,
        quotas.MeasureIncentive,
        trials.TryIncentive,
    }
)


def urgency_of(command: Any) -> Urgency:
    """Say how urgent a command is; what is named nowhere is ordinary."""
    kind = type(command)
    if kind in _TILL:
        return Urgency.TILL
    return Urgency.BULK if kind in _BULK else Urgency.ORDINARY
