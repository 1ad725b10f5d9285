"""After a redemption: it is reversed, its deposit is called, or what it held is released.

All three lock the grant before any number; a reversal locks what the grant rests on before that.
What a use moved goes back to the fen: tally, counters and budget are as if it had not been; a grant
that was used up is open again, as far as recognition and incentive allow by now.
"""

from datetime import datetime
from uuid import UUID

from contracts.errors import Conflict, NotFound
from contracts.passes import (
    CallDeposit,
    DepositCalled,
    DepositRecord,
    RedemptionReversed,
    ReversalRecord,
    ReverseRedemption,
)
from contracts.words import GrantState, IncentiveState
from services.scenarios.domain.grant import Grant
from services.scenarios.domain.recognition import Recognition
from services.scenarios.domain.redemption import Redemption
from services.scenarios.handlers.announcing import announce
from services.scenarios.handlers.corrections import decide_grant_again
from services.scenarios.handlers.recalls import withdraw_grant
from services.scenarios.handlers.spending import money_of, move_money
from services.scenarios.handlers.withdrawals import REASON as INCENTIVE_WITHDRAWN
from services.scenarios.ports import UnitOfWork

BATCH = 200  # grants per transaction, so that nobody waits long for a lock


def reverse_redemption(
    command: ReverseRedemption, *, uow: UnitOfWork, city: str, now: datetime
) -> ReversalRecord:
    """Take a redemption of the operator's own back.

    Safe to repeat.  Raises NotFound for anybody else's redemption, Refused already_reversed and
    not_reversible, Conflict id_reused when the id reversed another one.
    """
    with uow:
        named = uow.redemptions.get(command.operator_id, command.redemption_id)
        rests_on = uow.grants.recognition_of(named.grant_id) if named else None
        recognition = uow.recognitions.get(rests_on) if rests_on else None
        redemption, grant = _own(command.operator_id, command.redemption_id, uow=uow)
        known = uow.redemptions.reversed_by(command.operator_id, command.reversal_id)
        if known:
            if known.id != redemption.id:
                raise Conflict("id_reused", "reversal")
            return _reversal_record(known, grant)
        reversed_one = redemption.reverse(command.reversal_id, now)
        uow.redemptions.save(reversed_one)
        before, was_used_up = money_of(grant), grant.state is GrantState.REDEEMED
        grant.take_back(redemption)
        move_money(grant, before, redeemed=-1 if was_used_up else 0, uow=uow, now=now)
        event = RedemptionReversed(
            grant_id=grant.id,
            redemption_id=redemption.id,
            incentive_id=grant.incentive_id,
            scenario_id=grant.scenario_id,
            operator_id=grant.operator_id,
            home=grant.basis.home,
            attestation_id=grant.basis.attestation_id,
            value_fen=redemption.given_fen,
            funding=grant.funding,
            uses_left=grant.uses_left,
            reversed_at=now,
        )
        announce(event, uow=uow, city=city)
        _decide_again(grant, recognition, uow=uow, city=city, now=now)
        uow.commit()
    return _reversal_record(reversed_one, grant)


def _decide_again(
    grant: Grant, recognition: Recognition | None, *, uow: UnitOfWork, city: str, now: datetime
) -> None:
    """Catch up with what became of recognition and incentive while it was used up, or started."""
    if grant.state_at(now) is not GrantState.OPEN:
        return
    incentive = uow.incentives.in_force(grant.incentive_id, now)
    reason = None
    if recognition is None or recognition.ended_at is not None:
        reason = (recognition and recognition.ended_reason) or "recognition_ended"
    elif incentive is not None and incentive.state is IncentiveState.WITHDRAWN:
        reason = INCENTIVE_WITHDRAWN
    if reason is not None:
        if not grant.outlives_recognition:
            withdraw_grant(grant, reason, uow=uow, city=city, now=now)
    elif recognition is not None and recognition.stands(now):
        decide_grant_again(grant, recognition, uow=uow, city=city, now=now)


def call_deposit(
    command: CallDeposit, *, uow: UnitOfWork, city: str, now: datetime
) -> DepositRecord:
    """Call some of a deposit that a redemption of the operator's own waived, or give it back.

    Safe to repeat.  Raises NotFound for anybody else's redemption, Refused hold_over, Conflict
    id_reused when another sum was called before.
    """
    with uow:
        redemption, grant = _own(command.operator_id, command.redemption_id, uow=uow)
        if redemption.called_fen is not None:
            if redemption.called_fen != command.called_fen:
                raise Conflict("id_reused", "deposit")
            return _deposit_record(redemption, grant)
        called = redemption.call(command.called_fen, now)
        uow.redemptions.save(called)
        before = money_of(grant)
        grant.call(command.called_fen)
        move_money(grant, before, uow=uow, now=now)
        if command.called_fen:
            event = DepositCalled(
                grant_id=grant.id,
                redemption_id=redemption.id,
                incentive_id=grant.incentive_id,
                scenario_id=grant.scenario_id,
                operator_id=grant.operator_id,
                home=grant.basis.home,
                attestation_id=grant.basis.attestation_id,
                value_fen=command.called_fen,
                funding=grant.funding,
                called_at=now,
            )
            announce(event, uow=uow, city=city)
        uow.commit()
    return _deposit_record(called, grant)


def release_holds(*, uow: UnitOfWork, now: datetime, batch: int = BATCH) -> int:
    """Release what used grants held until now; return how many.  Safe to repeat, side by side."""
    released, found = 0, batch
    while found == batch:
        with uow:
            due = uow.grants.holding(now, batch)
            for grant in due:
                before = money_of(grant)
                grant.release()
                move_money(grant, before, uow=uow, now=now)
            uow.commit()
        found = len(due)
        released += found
    return released


def _own(operator_id: str, redemption_id: UUID, *, uow: UnitOfWork) -> tuple[Redemption, Grant]:
    """Return a redemption of an operator, and its grant under a lock; raises NotFound."""
    named = uow.redemptions.get(operator_id, redemption_id)
    grant = uow.grants.get(named.grant_id) if named else None
    redemption = uow.redemptions.get(operator_id, redemption_id)  # as it is under the lock
    if redemption is None or grant is None:
        raise NotFound("not_found", "redemption")
    return redemption, grant


def _reversal_record(redemption: Redemption, grant: Grant) -> ReversalRecord:
    if redemption.reversal_id is None or redemption.reversed_at is None:
        raise LookupError(f"redemption {redemption.id} was not reversed")
    return ReversalRecord(
        reversal_id=redemption.reversal_id,
        redemption_id=redemption.id,
        incentive_id=grant.incentive_id,
        returned_fen=redemption.given_fen,
        reversed_at=redemption.reversed_at,
    )


def _deposit_record(redemption: Redemption, grant: Grant) -> DepositRecord:
    if redemption.called_fen is None or redemption.called_at is None:
        raise LookupError(f"the deposit of redemption {redemption.id} was not called")
    return DepositRecord(
        redemption_id=redemption.id,
        incentive_id=grant.incentive_id,
        waived_fen=redemption.waived_fen or 0,
        called_fen=redemption.called_fen,
        called_at=redemption.called_at,
    )
