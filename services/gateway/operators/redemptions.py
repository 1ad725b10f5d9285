"""Redeeming passes."""

from contracts.errors import NotFound, Refused
from contracts.http import DepositBody, RecallBody, RedemptionBody, ReversalBody
from contracts.passes import (
    CallDeposit,
    DepositRecord,
    RecallGrant,
    RecallRecord,
    ReversalRecord,
    ReverseRedemption,
)
from contracts.scenarios import RedeemPass, RedemptionRecord
from services.gateway.authentication.callers import Operator
from services.gateway.calls import Bus, Call


class Redemptions:
    """Every no is the same no (design rule: ordinary terms apply)."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def redeem_pass(self, call: Call[Operator, RedemptionBody]) -> RedemptionRecord:
        command = RedeemPass(
            redemption_id=call.path["redemption_id"],
            operator_id=call.caller.operator_id,
            pass_token=call.body.pass_token,
            amount_fen=call.body.amount_fen,
            minutes=call.body.minutes,
        )
        try:
            record: RedemptionRecord = self._bus.call(command, cause=call.cause)
        except (Refused, NotFound) as error:
            raise Refused("ordinary_terms") from error
        return record

    def reverse_redemption(self, call: Call[Operator, ReversalBody]) -> ReversalRecord:
        command = ReverseRedemption(
            reversal_id=call.path["reversal_id"],
            redemption_id=call.body.redemption_id,
            operator_id=call.caller.operator_id,
        )
        record: ReversalRecord = self._bus.call(command, cause=call.cause)
        return record

    def recall_grant(self, call: Call[Operator, RecallBody]) -> RecallRecord:
        command = RecallGrant(
            grant_id=call.path["grant_id"],
            operator_id=call.caller.operator_id,
            **vars(call.body),
        )
        record: RecallRecord = self._bus.call(command, cause=call.cause)
        return record

    def call_deposit(self, call: Call[Operator, DepositBody]) -> DepositRecord:
        command = CallDeposit(
            redemption_id=call.path["redemption_id"],
            operator_id=call.caller.operator_id,
            called_fen=call.body.called_fen,
        )
        record: DepositRecord = self._bus.call(command, cause=call.cause)
        return record
