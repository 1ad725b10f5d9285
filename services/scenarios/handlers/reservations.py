"""Reservations: holding a grant's place and worth for some minutes, then taking it or not.

A reservation is decided as a grant is, and counted against every limit, quota and budget.  What it
holds goes to the grant when it is confirmed; when it is cancelled, or nobody confirms in time, it
is free again, once.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from contracts.errors import Conflict, NotFound, Refused
from contracts.quotas import (
    CancelReservation,
    ConfirmReservation,
    GrantReserved,
    ReservationEnded,
    ReservationRecord,
    ReserveGrant,
    ShowReservation,
)
from contracts.scenarios import GrantRecord
from contracts.words import IncentiveState, ReservationState
from services.scenarios.domain.bounds import Count
from services.scenarios.domain.grant import Grant
from services.scenarios.domain.reservation import Reservation
from services.scenarios.handlers.announcing import announce
from services.scenarios.handlers.attempts import Attempt
from services.scenarios.handlers.counting import count_of, take, tell_moved
from services.scenarios.handlers.grants import Standing, decided, grant_issued, recognised
from services.scenarios.handlers.records import grant_record, reservation_record
from services.scenarios.ports import UnitOfWork
from services.scenarios.ports.passes import Passes

BATCH = 200  # reservations per transaction, so that nobody waits long for a lock


def reserve_grant(
    command: ReserveGrant, *, uow: UnitOfWork, city: str, minutes: int, now: datetime
) -> ReservationRecord:
    """Hold a grant's place and worth, or refuse as handlers/grants.py refuses to issue it.

    Safe to repeat: the id names the reservation.  Raises Conflict("id_reused") when the id is
    another's, or a grant's.  The decision is on record under that id, also when it is refused; to
    confirm decides no more than whether it still stands.
    """
    attempt = Attempt(
        decision_id=command.reservation_id,
        holder=command.holder,
        incentive_id=command.incentive_id,
        city=city,
        now=now,
    )
    with attempt.recorded(uow=uow), uow:
        session, newest = uow.recognitions.with_current(command.recognition_id, command.holder)
        if uow.grants.is_taken(command.reservation_id):
            known = uow.reservations.get(command.reservation_id)
            if known is None or (known.holder, known.incentive_id) != (
                command.holder,
                command.incentive_id,
            ):
                raise Conflict("id_reused", "reservation")
        else:
            basis = recognised(command.holder, session, newest, now=now)
            attempt.recognition = basis.recognition
            known = _reserve(command, basis, attempt, uow=uow, minutes=minutes)
            attempt.record_grant(uow=uow)
            uow.commit()
        return _record(known, uow=uow, now=now)


def _reserve(
    command: ReserveGrant, basis: Standing, attempt: Attempt, *, uow: UnitOfWork, minutes: int
) -> Reservation:
    offered = uow.incentives.with_scenario(command.incentive_id, attempt.now)
    if offered is None:
        raise Refused(basis.objection or "not_offered", command.incentive_id)
    incentive, scenario = offered
    grant = decided(
        command.reservation_id,
        incentive,
        scenario,
        basis,
        district=command.district,
        uow=uow,
        now=attempt.now,
        attempt=attempt,
    )
    reservation = Reservation.of(grant, minutes)
    attempt.count(reservation.taking, uow=uow)
    step = Count(held=1, reserved_fen=reservation.value_fen)
    counted = take(incentive, reservation.taking, step, uow=uow)
    uow.reservations.add(reservation)
    event = GrantReserved(
        reservation_id=reservation.id,
        incentive_id=reservation.incentive_id,
        scenario_id=reservation.scenario_id,
        operator_id=reservation.operator_id,
        holder=reservation.holder,
        value_fen=reservation.value_fen,
        reserved_at=reservation.reserved_at,
        until=reservation.until,
        district=reservation.district,
        count_number=counted.tally.changes,
        counts=counted.told,
    )
    uow.outbox.add(event)
    return reservation


def confirm_reservation(
    command: ConfirmReservation, *, uow: UnitOfWork, city: str, passes: Passes, now: datetime
) -> GrantRecord:
    """Turn a reservation into its grant, as it was decided when it was reserved.

    What the holder's recognition says counts as it is now, and so do the grants that exclude it; no
    limit is asked again.  Safe to repeat.  Raises NotFound for anybody else's reservation, Refused
    reservation_over when it is held no longer, and otherwise what handlers/grants.py raises.
    """
    with uow:
        session, newest = uow.recognitions.with_current(command.recognition_id, command.holder)
        reservation = _own(command.reservation_id, command.holder, uow=uow)
        if reservation.state is ReservationState.CONFIRMED:
            grant = uow.grants.get(reservation.id)
            if grant is None:
                raise LookupError(f"reservation {reservation.id} was confirmed without a grant")
        else:
            reservation.check_held(now)
            basis = recognised(command.holder, session, newest, now=now)
            grant = _confirm(reservation, basis, uow=uow, city=city, now=now)
            uow.commit()
    return grant_record(grant, passes=passes, now=now)


def _confirm(
    reservation: Reservation, basis: Standing, *, uow: UnitOfWork, city: str, now: datetime
) -> Grant:
    offered = uow.incentives.with_scenario(reservation.incentive_id, now)
    reserved = uow.incentives.version(reservation.incentive_id, reservation.incentive_version)
    if offered is None or reserved is None or offered[0].state is IncentiveState.WITHDRAWN:
        raise Refused("not_offered", reservation.incentive_id)
    in_force, scenario = offered
    grant = decided(
        reservation.id,
        reserved,
        scenario,
        basis,
        district=reservation.district,
        uow=uow,
        now=now,
        reserved_at=reservation.reserved_at,
    )
    grant.issued_at, grant.district = now, reservation.district
    reservation.end(ReservationState.CONFIRMED, now)
    uow.reservations.save(reservation)
    tally = uow.tallies.confirm(reservation.incentive_id)
    uow.counters.move(reservation.incentive_id, reservation.taking, Count(held=-1, issued=1))
    uow.grants.add(grant)
    counted = count_of(in_force, grant.taking, tally, uow=uow)
    announce(grant_issued(grant, in_force, counted), uow=uow, city=city)
    uow.outbox.add(_ended(reservation, now))
    return grant


def cancel_reservation(
    command: CancelReservation, *, uow: UnitOfWork, now: datetime
) -> ReservationRecord:
    """Give back what a reservation holds.

    Safe to repeat; one that is over already stays what it became.  Raises NotFound for anybody
    else's, and Refused reservation_over for one that became a grant.
    """
    with uow:
        reservation = _own(command.reservation_id, command.holder, uow=uow)
        if reservation.state is ReservationState.CONFIRMED:
            raise Refused("reservation_over", reservation.state)
        if reservation.state_at(now) is ReservationState.HELD:
            end_reservations([reservation], ReservationState.CANCELLED, at=now, uow=uow)
            uow.commit()
        return _record(reservation, uow=uow, now=now)


def show_reservation(
    command: ShowReservation, *, uow: UnitOfWork, now: datetime
) -> ReservationRecord:
    """Show a holder one of their reservations; raises NotFound for anybody else's."""
    with uow:
        return _record(_own(command.reservation_id, command.holder, uow=uow), uow=uow, now=now)


def expire_reservations(*, uow: UnitOfWork, now: datetime, batch: int = BATCH) -> int:
    """Give back what every reservation holds whose time is up; return how many.

    Safe to repeat, and to run in several processes at a time.
    """
    expired, found = 0, batch
    while found == batch:
        with uow:
            due = uow.reservations.due(now, batch)
            end_reservations(due, ReservationState.EXPIRED, at=now, uow=uow)
            uow.commit()
        found = len(due)
        expired += found
    return expired


def end_reservations(
    reservations: Iterable[Reservation], state: ReservationState, *, at: datetime, uow: UnitOfWork
) -> None:
    """End held reservations that become no grant, within an open transaction.

    By incentive and id like grants, so that two transactions never wait for each other's tallies.
    """
    for reservation in sorted(reservations, key=lambda each: (each.incentive_id, each.id)):
        incentive = uow.incentives.in_force(reservation.incentive_id, at)
        reservation.end(state, at)
        uow.reservations.save(reservation)
        tally = uow.tallies.release(reservation.incentive_id, reservation.value_fen)
        step = Count(held=-1, reserved_fen=-reservation.value_fen)
        uow.counters.move(reservation.incentive_id, reservation.taking, step)
        uow.outbox.add(_ended(reservation, at))
        tell_moved(incentive, reservation.taking, tally, uow=uow, at=at)


def _own(id: UUID, holder: str, *, uow: UnitOfWork) -> Reservation:
    reservation = uow.reservations.get(id)
    if reservation is None or reservation.holder != holder:
        raise NotFound("not_found", "reservation")
    return reservation


def _record(reservation: Reservation, *, uow: UnitOfWork, now: datetime) -> ReservationRecord:
    reserved = uow.incentives.version(reservation.incentive_id, reservation.incentive_version)
    if reserved is None:
        raise LookupError(f"reservation {reservation.id} without its terms")
    return reservation_record(reservation, reserved.terms.benefit, now=now)


def _ended(reservation: Reservation, at: datetime) -> ReservationEnded:
    return ReservationEnded(
        reservation_id=reservation.id,
        incentive_id=reservation.incentive_id,
        scenario_id=reservation.scenario_id,
        operator_id=reservation.operator_id,
        value_fen=reservation.value_fen,
        state=reservation.state,
        ended_at=at,
    )
