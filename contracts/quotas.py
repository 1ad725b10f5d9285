"""Messages of quotas: reservations, and what of an incentive was given and is left."""

from dataclasses import dataclass

from contracts.benefits import Benefit
from contracts.districts import DistrictCode
from contracts.fields import Count, Fen, Identifier, Moment, PeriodName, Positive, Pseudonym, Slug
from contracts.rules import QuotaCount
from contracts.scenarios import GrantRecord
from contracts.wire import command, event, reply
from contracts.words import Period, ReservationState

# --- reservations --------------------------------------------------------------------------


@reply("scenarios.reservation.record.v1")
@dataclass(frozen=True, kw_only=True)
class ReservationRecord:
    """A reservation as its holder sees it; confirmed, it is the grant of the same id."""

    reservation_id: Identifier
    incentive_id: Slug
    incentive_version: Positive
    scenario_id: Slug
    benefit: Benefit
    state: ReservationState
    reserved_at: Moment
    until: Moment
    district: DistrictCode | None = None


@command("scenarios.grant.reserve.v1", reply=ReservationRecord)
@dataclass(frozen=True, kw_only=True)
class ReserveGrant:
    """Hold the place and the worth of a grant for some minutes; decided as taking it would be."""

    reservation_id: Identifier
    holder: Pseudonym
    recognition_id: Identifier
    incentive_id: Slug
    district: DistrictCode | None = None


@command("scenarios.reservation.confirm.v1", reply=GrantRecord)
@dataclass(frozen=True, kw_only=True)
class ConfirmReservation:
    """Turn a reservation into the grant of the same id."""

    reservation_id: Identifier
    holder: Pseudonym
    recognition_id: Identifier


@command("scenarios.reservation.cancel.v1", reply=ReservationRecord)
@dataclass(frozen=True, kw_only=True)
class CancelReservation:
    """Give back what a reservation holds."""

    reservation_id: Identifier
    holder: Pseudonym


@command("scenarios.reservation.show.v1", reply=ReservationRecord)
@dataclass(frozen=True, kw_only=True)
class ShowReservation:
    """Ask for one reservation of a holder."""

    reservation_id: Identifier
    holder: Pseudonym


@event("scenarios.grant.reserved.v1")
@dataclass(frozen=True, kw_only=True)
class GrantReserved:
    """A place and its worth are held for a holder until a moment; it is counted in `counts`."""

    reservation_id: Identifier
    incentive_id: Slug
    scenario_id: Slug
    operator_id: Slug
    holder: Pseudonym
    value_fen: Fen
    reserved_at: Moment
    until: Moment
    district: DistrictCode | None = None
    count_number: Count = 0
    counts: tuple[QuotaCount, ...] = ()


@event("scenarios.reservation.ended.v1")
@dataclass(frozen=True, kw_only=True)
class ReservationEnded:
    """A reservation is held no longer: it became a grant, or what it held is free again."""

    reservation_id: Identifier
    incentive_id: Slug
    scenario_id: Slug
    operator_id: Slug
    value_fen: Fen
    state: ReservationState
    ended_at: Moment


# --- what was given and what is left -------------------------------------------------------


@event("scenarios.quota.counted.v1")
@dataclass(frozen=True, kw_only=True)
class QuotaCounted:
    """What was counted of an incentive, after something of it was given back or terms changed.

    Of two words about one count the one with the higher `count_number` holds.
    """

    incentive_id: Slug
    count_number: Count
    counts: tuple[QuotaCount, ...]
    counted_at: Moment


@dataclass(frozen=True, kw_only=True)
class QuotaUsage:
    """What one quota allows in its current period, what was counted, and what is left of it.

    `count` = `issued` + `held` + `free`, and `fen` = `spent_fen` + `reserved_fen` + `free_fen`,
    unless newer terms allow less than was given.
    """

    period: Period
    window: PeriodName
    district: DistrictCode | None
    count: Positive | None
    fen: Fen | None
    issued: Count
    held: Count
    free: Count | None
    reserved_fen: Fen
    spent_fen: Fen
    free_fen: Fen | None


@reply("scenarios.incentive.usage.v1")
@dataclass(frozen=True, kw_only=True)
class IncentiveUsage:
    """What an incentive gave so far, and what is left.

    `issued` = `open` + `redeemed` + `expired` + `revoked`; `budget_fen` = `spent_fen` +
    `reserved_fen` + `free_fen`.  `held` are reservations; `reserved_fen` is what they and open,
    unused grants may still cost.
    """

    incentive_id: Slug
    version: Positive
    as_of: Moment
    issued: Count
    open: Count
    redeemed: Count
    expired: Count
    revoked: Count
    held: Count
    budget_fen: Fen | None
    reserved_fen: Fen
    spent_fen: Fen
    free_fen: Fen | None
    quotas: tuple[QuotaUsage, ...]


@command("scenarios.incentive.measure.v1", reply=IncentiveUsage)
@dataclass(frozen=True, kw_only=True)
class MeasureIncentive:
    """Ask how far an incentive of one's own is used up."""

    incentive_id: Slug
    operator_id: Slug
