"""Redemptions: an operator uses a grant by its pass.

An operator learns yes or "ordinary terms", never why not.  Every no takes the same steps and ends
in the same error; the reason goes into the log and a daily count, neither of which names a person.
"""

import logging
from datetime import datetime
from uuid import UUID

from contracts.errors import Conflict, Malformed, Refused
from contracts.passes import PassKeySet, ShowPassKeys
from contracts.periods import period_name
from contracts.scenarios import GrantRedeemed, RedeemPass, RedemptionRecord
from contracts.words import Period
from services.scenarios.domain.grant import Grant
from services.scenarios.domain.passes import Pass
from services.scenarios.domain.reckoning import Asked, problems_of
from services.scenarios.domain.redemption import Redemption
from services.scenarios.handlers.announcing import announce
from services.scenarios.handlers.records import redemption_record
from services.scenarios.handlers.spending import money_of, move_money
from services.scenarios.ports import UnitOfWork
from services.scenarios.ports.passes import Passes

logger = logging.getLogger(__name__)

NO_GRANT = UUID(int=0)  # looked up for a pass this city did not write, so that the work is equal


def redeem_pass(
    command: RedeemPass, *, uow: UnitOfWork, city: str, passes: Passes, now: datetime
) -> RedemptionRecord:
    """Use a grant once at its operator.

    Safe to repeat: the same operator, id and grant get the same record, whatever became of the
    grant and how old the pass is by then.  Every refusal is Refused("ordinary_terms"); of a pass
    that is good Malformed says in which units its benefit is not reckoned, and Conflict that the
    same id asked for something else before.
    """
    shown = passes.read(command.pass_token)
    named = shown.grant_id if shown else NO_GRANT
    with uow:
        found = uow.grants.get(named)  # first, so that a repeat waits for its original
        grant = found if shown else None
        earlier = uow.redemptions.get(command.operator_id, command.redemption_id)
        if grant and earlier and earlier.grant_id == grant.id:
            if earlier.asked != _asked(command):
                raise Conflict("id_reused", "redemption")
            return redemption_record(earlier, grant)
        suspended = uow.recognitions.is_suspended(found.basis.recognition_id if found else NO_GRANT)
        redemption, reason = _redeem(
            command, shown, grant, earlier, suspended=suspended, uow=uow, city=city, now=now
        )
        if reason:
            uow.refusals.count(command.operator_id, period_name(Period.DAY, now), reason)
        uow.commit()
    if grant is None or redemption is None:
        logger.info("redemption_refused: %s at %s", reason, command.operator_id)
        raise Refused("ordinary_terms")
    return redemption_record(redemption, grant)


def _redeem(
    command: RedeemPass,
    shown: Pass | None,
    grant: Grant | None,
    earlier: Redemption | None,
    *,
    suspended: bool,
    uow: UnitOfWork,
    city: str,
    now: datetime,
) -> tuple[Redemption | None, str]:
    """Redeem, or say why not in one word."""
    if shown is None or grant is None:
        return None, "unknown_pass"
    objection = grant.objection(command.operator_id, now) or shown.objection(now)
    if earlier:
        objection = "id_reused"
    elif not objection and uow.redemptions.is_shown(grant.id, shown.id):
        objection = "used_pass"
    elif not objection and suspended:
        objection = "recognition_suspended"
    if objection:
        return None, objection
    asked = _asked(command)
    if problems := problems_of(grant.benefit, asked):
        raise Malformed(errors=dict(problems))
    before = money_of(grant)
    redemption = grant.use(command.redemption_id, now, pass_id=shown.id, asked=asked)
    if not uow.redemptions.add(redemption):  # the id went to another pass a moment ago
        return None, "id_reused"
    move_money(grant, before, redeemed=int(redemption.uses_left == 0), uow=uow, now=now)
    event = GrantRedeemed(
        grant_id=grant.id,
        redemption_id=redemption.id,
        incentive_id=grant.incentive_id,
        scenario_id=grant.scenario_id,
        operator_id=grant.operator_id,
        home=grant.basis.home,
        attestation_id=grant.basis.attestation_id,
        value_fen=redemption.given_fen,
        uses_left=redemption.uses_left,
        redeemed_at=now,
        funding=grant.funding,
    )
    announce(event, uow=uow, city=city)
    return redemption, ""


def _asked(command: RedeemPass) -> Asked:
    return Asked(fen=command.amount_fen, minutes=command.minutes)


def show_pass_keys(_command: ShowPassKeys, *, city: str, passes: Passes) -> PassKeySet:
    """Tell by which public keys anybody can check a pass of this city."""
    return PassKeySet(city=city, keys=tuple(dict(key) for key in passes.published()))
