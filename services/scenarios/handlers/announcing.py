"""What happened to a grant is announced and booked in the same transaction as it happens."""

from dataclasses import replace
from datetime import datetime

from contracts.corrections import GrantRestored
from contracts.recognition import UsageReported
from contracts.scenarios import GrantEnded
from contracts.usage import GrantEvent, usage_of
from contracts.words import GrantState, IncentiveState
from services.scenarios.domain.bounds import Count
from services.scenarios.domain.grant import Grant
from services.scenarios.domain.recognition import Recognition
from services.scenarios.domain.statement import UsageLine
from services.scenarios.handlers.counting import has_room, tell_moved
from services.scenarios.ports import UnitOfWork


def announce(event: GrantEvent, *, uow: UnitOfWork, city: str) -> None:
    """Announce an event and book its line, within an open transaction."""
    uow.outbox.add(event)
    line = line_of(usage_of(event, host=city), home=event.home)
    uow.usage_lines.add(replace(line, operator_id=event.operator_id))


def line_of(usage: UsageReported, *, home: str) -> UsageLine:
    return UsageLine(
        id=usage.line_id,
        host=usage.host,
        home=home,
        grant_id=usage.grant_id,
        attestation_id=usage.attestation_id,
        incentive_id=usage.incentive_id,
        fact=usage.fact,
        value_fen=usage.value_fen,
        at=usage.at,
        funding=usage.funding,
    )


def end_grant(
    grant: Grant, state: GrantState, reason: str, *, at: datetime, uow: UnitOfWork, city: str
) -> None:
    """End an open grant within an open transaction."""
    released = grant.reserved_fen
    incentive = uow.incentives.in_force(grant.incentive_id, at)  # before its tally, as everybody
    grant.end(state, reason, at)
    uow.grants.save(grant)
    tally = uow.tallies.end(grant.incentive_id, state, released)
    uow.counters.move(grant.incentive_id, grant.taking, Count(reserved_fen=-released))
    if released:
        tell_moved(incentive, grant.taking, tally, uow=uow, at=at)
    event = GrantEnded(
        grant_id=grant.id,
        incentive_id=grant.incentive_id,
        scenario_id=grant.scenario_id,
        operator_id=grant.operator_id,
        home=grant.basis.home,
        attestation_id=grant.basis.attestation_id,
        value_fen=released,
        state=state,
        reason=reason,
        ended_at=at,
        restored=grant.restored,
        funding=grant.funding,
    )
    announce(event, uow=uow, city=city)


def restore_grant(
    grant: Grant, recognition: Recognition, tier: int, *, uow: UnitOfWork, city: str, now: datetime
) -> None:
    """Open a restorable grant again within an open transaction, unless money is short.

    Of an incentive that was withdrawn meanwhile nothing is opened again.

    In number limits and quotas count it since it was issued, revoked or not, so its place there is
    still its own; its worth has to be free in the budget and in the quotas of when it was issued.
    """
    incentive = uow.incentives.in_force(grant.incentive_id, now)
    if incentive and incentive.state is IncentiveState.WITHDRAWN:
        return
    budget_fen = incentive.terms.budget_fen if incentive else None
    grant.restore(recognition, tier)
    step = Count(reserved_fen=grant.reserved_fen)
    if incentive and not has_room(incentive, grant.taking, step, uow=uow):
        return
    tally = uow.tallies.restore(grant.incentive_id, grant.reserved_fen, budget_fen)
    if tally is None:
        return
    uow.counters.move(grant.incentive_id, grant.taking, step)
    if step:
        tell_moved(incentive, grant.taking, tally, uow=uow, at=now)
    uow.grants.save(grant)
    event = GrantRestored(
        grant_id=grant.id,
        incentive_id=grant.incentive_id,
        scenario_id=grant.scenario_id,
        operator_id=grant.operator_id,
        home=grant.basis.home,
        attestation_id=grant.basis.attestation_id,
        value_fen=grant.reserved_fen,
        uses_left=grant.uses_left,
        restored=grant.restored,
        restored_at=now,
        until=grant.last_until,
        funding=grant.funding,
    )
    announce(event, uow=uow, city=city)
