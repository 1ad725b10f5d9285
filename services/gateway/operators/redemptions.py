"""Redeeming passes."""

from contracts.errors import NotFound, Refused
from contracts.http import RedemptionBody
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
        )
        try:
            record: RedemptionRecord = self._bus.call(command, cause=call.cause)
        except (Refused, NotFound) as error:
            raise Refused("ordinary_terms") from error
        return record
