"""The steps of an incentive's life after it was submitted.

Each is safe to repeat: a step that was taken already changes nothing and announces nothing.  An
operator steps for incentives in scenarios of its own; without an operator the city does.
"""

from dataclasses import replace
from datetime import datetime

from contracts.catalogue import (
    MOST_LISTED,
    IncentiveRecords,
    ListIncentives,
    ListMoves,
    Moves,
    PauseIncentive,
    ReleaseIncentive,
    ResumeIncentive,
    ReviewIncentive,
    ShowIncentive,
    WithdrawIncentive,
)
from contracts.errors import Conflict, Malformed, NotFound
from contracts.scenarios import IncentiveRecord
from contracts.tags import tag_of
from contracts.words import MoveKind, Mover, ReviewOutcome
from services.scenarios.domain.bounds import quota_bounds
from services.scenarios.domain.life import Life, Move, Version
from services.scenarios.domain.scenario import Scenario
from services.scenarios.handlers.counting import tell_counts
from services.scenarios.handlers.records import (
    incentive_moved,
    incentive_published,
    incentive_record,
    move_record,
)
from services.scenarios.ports import UnitOfWork


def review_incentive(
    command: ReviewIncentive, *, uow: UnitOfWork, now: datetime
) -> IncentiveRecord:
    """Accept a version, which publishes it unless its operator holds it, or send it back.

    Raises Malformed when it is sent back without a note, NotFound, and Refused already_decided,
    version_replaced and incentive_withdrawn.
    """
    accepted = command.outcome is ReviewOutcome.ACCEPTED
    if not accepted and not command.note.strip():
        raise Malformed(errors={"note": "What has to be changed; its operator reads it."})
    step = MoveKind.ACCEPTED if accepted else MoveKind.RETURNED
    with uow:
        life, scenario = _life(command.incentive_id, None, uow=uow)
        version = _version(life, command.version, uow=uow)
        after = life.review(version, command.outcome)
        if after is life:
            return incentive_record(life, version)
        after = take_step(
            after, step, Mover.CITY, command.note, scenario=scenario, uow=uow, now=now
        )
        if accepted and not after.newest.hold:
            after = _publish(after, Mover.CITY, scenario, uow=uow, now=now)
        uow.commit()
    return incentive_record(after)


def release_incentive(
    command: ReleaseIncentive, *, uow: UnitOfWork, now: datetime
) -> IncentiveRecord:
    """Publish a version that the city has accepted.

    Raises NotFound, and Refused not_reviewed, version_replaced and incentive_withdrawn.
    """
    with uow:
        life, scenario = _life(command.incentive_id, command.operator_id, uow=uow)
        version = _version(life, command.version, uow=uow)
        if life.publish(version, now) is life:
            return incentive_record(life, version)
        after = _publish(life, Mover.OPERATOR, scenario, uow=uow, now=now)
        uow.commit()
    return incentive_record(after)


def pause_incentive(command: PauseIncentive, *, uow: UnitOfWork, now: datetime) -> IncentiveRecord:
    """Give no more grants for now.

    Raises NotFound, Conflict precondition_failed, Refused not_published and incentive_withdrawn.
    """
    with uow:
        life, scenario = _life(command.incentive_id, command.operator_id, uow=uow)
        by = _mover(command.operator_id)
        after = life.pause(by)
        if after is not life:
            check_seen(command.seen, life)
            after = take_step(
                after, MoveKind.PAUSED, by, command.note, scenario=scenario, uow=uow, now=now
            )
            uow.commit()
    return incentive_record(after)


def resume_incentive(
    command: ResumeIncentive, *, uow: UnitOfWork, now: datetime
) -> IncentiveRecord:
    """Give grants again.  Raises NotFound, Refused paused_by_city and incentive_withdrawn."""
    with uow:
        life, scenario = _life(command.incentive_id, command.operator_id, uow=uow)
        by = _mover(command.operator_id)
        after = life.resume(by)
        if after is not life:
            check_seen(command.seen, life)
            after = take_step(
                after, MoveKind.RESUMED, by, command.note, scenario=scenario, uow=uow, now=now
            )
            uow.commit()
    return incentive_record(after)


def withdraw_incentive(
    command: WithdrawIncentive, *, uow: UnitOfWork, now: datetime
) -> IncentiveRecord:
    """End an incentive for good; its open grants end soon after (handlers/withdrawals.py)."""
    with uow:
        life, scenario = _life(command.incentive_id, command.operator_id, uow=uow)
        by = _mover(command.operator_id)
        after = life.withdraw()
        if after is not life:
            check_seen(command.seen, life)
            after = take_step(
                after, MoveKind.WITHDRAWN, by, command.note, scenario=scenario, uow=uow, now=now
            )
            uow.commit()
    return incentive_record(after)


def show_incentive(command: ShowIncentive, *, uow: UnitOfWork) -> IncentiveRecord:
    """Show a version of an incentive, by default the newest; raises NotFound."""
    with uow:
        life, _ = _life(command.incentive_id, command.operator_id, uow=uow)
        version = command.version and _version(life, command.version, uow=uow)
    return incentive_record(life, version or None)


def list_incentives(command: ListIncentives, *, uow: UnitOfWork) -> IncentiveRecords:
    """List incentives by id."""
    with uow:
        found = uow.incentives.after(
            command.after or "",
            operator_id=command.operator_id,
            state=command.state,
            most=MOST_LISTED + 1,
        )
    return IncentiveRecords(
        incentives=tuple(incentive_record(life) for life in found[:MOST_LISTED]),
        more=len(found) > MOST_LISTED,
        next=found[MOST_LISTED - 1].id if len(found) > MOST_LISTED else None,
    )


def list_moves(command: ListMoves, *, uow: UnitOfWork) -> Moves:
    """List the steps of an incentive, oldest first; raises NotFound."""
    with uow:
        life, _ = _life(command.incentive_id, command.operator_id, uow=uow)
        found = uow.incentives.moves(life.id, after=command.after or 0, most=MOST_LISTED + 1)
    return Moves(
        moves=tuple(move_record(move) for move in found[:MOST_LISTED]),
        more=len(found) > MOST_LISTED,
        next=found[MOST_LISTED - 1].number if len(found) > MOST_LISTED else None,
    )


def check_seen(seen: str | None, life: Life | None) -> None:
    """Raise Conflict when a caller who says what it saw would change something else.

    A step that was taken already is not compared: its repeat would find what itself has changed.
    """
    if seen is not None and (life is None or tag_of(incentive_record(life)) != seen):
        raise Conflict("precondition_failed", "incentive")


def take_step(
    life: Life,
    kind: MoveKind,
    by: Mover,
    note: str = "",
    *,
    scenario: Scenario,
    uow: UnitOfWork,
    now: datetime,
) -> Life:
    """Store, keep and announce a step within an open transaction; return the life with it."""
    life = replace(life, moves=life.moves + 1)
    move = Move(
        incentive_id=life.id,
        number=life.moves,
        version=life.newest.number,
        kind=kind,
        by=by,
        note=note,
        at=now,
    )
    uow.incentives.save(life)
    uow.incentives.note(move)
    uow.outbox.add(incentive_moved(move, life, scenario))
    return life


def _publish(life: Life, by: Mover, scenario: Scenario, *, uow: UnitOfWork, now: datetime) -> Life:
    """Publish the newest version within an open transaction."""
    after = take_step(
        life.publish(life.newest, now),
        MoveKind.PUBLISHED,
        by,
        scenario=scenario,
        uow=uow,
        now=now,
    )
    uow.outbox.add(incentive_published(after.offer, scenario))
    tally = uow.tallies.lock(life.id)
    if tally.changes:  # what was given before counts against the new quotas
        tell_counts(after.offer, quota_bounds(life.newest.terms, now), tally, uow=uow, at=now)
    return after


def _life(id: str, operator_id: str | None, *, uow: UnitOfWork) -> tuple[Life, Scenario]:
    """Return an incentive and its scenario; NotFound also for another operator's."""
    life = uow.incentives.life(id)
    scenario = uow.scenarios.get(life.scenario_id) if life else None
    if life is None or scenario is None or operator_id not in {None, scenario.operator_id}:
        raise NotFound("not_found", "incentive")
    return life, scenario


def _version(life: Life, number: int, *, uow: UnitOfWork) -> Version:
    version = uow.incentives.numbered(life.id, number)
    if version is None:
        raise NotFound("not_found", "version")
    return version


def _mover(operator_id: str | None) -> Mover:
    return Mover.OPERATOR if operator_id else Mover.CITY
