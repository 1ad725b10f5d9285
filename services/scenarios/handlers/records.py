"""How what is stored reads in replies and events."""

from datetime import datetime, timedelta
from typing import Any, cast

from contracts import catalogue as contract
from contracts.benefits import Benefit
from contracts.catalogue import IncentiveMoved
from contracts.quotas import ReservationRecord
from contracts.rules import Limit
from contracts.scenarios import (
    GrantRecord,
    IncentivePublished,
    IncentiveRecord,
    RedemptionRecord,
    ScenarioRecord,
)
from contracts.words import GrantState
from services.scenarios.domain import benefit, limits
from services.scenarios.domain.grant import VOUCHER, Grant
from services.scenarios.domain.incentive import Incentive, Terms
from services.scenarios.domain.life import Life, Move, Version
from services.scenarios.domain.redemption import Redemption
from services.scenarios.domain.reservation import Reservation
from services.scenarios.domain.scenario import Scenario
from services.scenarios.ports.passes import Passes


def scenario_record(scenario: Scenario) -> ScenarioRecord:
    return ScenarioRecord(
        scenario_id=scenario.id,
        operator_id=scenario.operator_id,
        name=scenario.name,
        name_en=scenario.name_en,
        category=scenario.category,
        district=scenario.district,
        kind=scenario.kind,
    )


def incentive_record(life: Life, version: Version | None = None) -> IncentiveRecord:
    """Show a version of an incentive, by default the newest."""
    shown = version or life.newest
    return IncentiveRecord(
        incentive_id=life.id,
        version=shown.number,
        scenario_id=life.scenario_id,
        state=life.state,
        version_state=shown.state,
        published_at=shown.published_at,
        hold=shown.hold,
        **_terms(shown.terms),
    )


def incentive_published(incentive: Incentive, scenario: Scenario) -> IncentivePublished:
    return IncentivePublished(
        incentive_id=incentive.id,
        version=incentive.version,
        scenario_id=scenario.id,
        scenario_name=scenario.name,
        scenario_name_en=scenario.name_en,
        operator_id=scenario.operator_id,
        category=scenario.category,
        district=scenario.district,
        published_at=incentive.published_at,
        **_terms(incentive.terms),
    )


def incentive_moved(move: Move, life: Life, scenario: Scenario) -> IncentiveMoved:
    return IncentiveMoved(
        incentive_id=life.id,
        scenario_id=scenario.id,
        operator_id=scenario.operator_id,
        state=life.state,
        **vars(move_record(move)),
    )


def move_record(move: Move) -> contract.Move:
    return contract.Move(
        number=move.number,
        version=move.version,
        move=move.kind,
        by=move.by,
        at=move.at,
        note=move.note,
    )


def _terms(terms: Terms) -> dict[str, Any]:
    """Say terms as a message does: the same names, limits in the message's own type."""
    said = dict(vars(terms))
    said["per_holder"] = _limit(terms.per_holder)
    said["quota"] = _limit(terms.quota) if terms.quota else None
    return said


def grant_record(grant: Grant, *, passes: Passes, now: datetime) -> GrantRecord:
    """Show a grant to its holder; there is a fresh pass to show while it is open."""
    state = grant.state_at(now)
    token, pass_until = passes.write(grant, now) if state is GrantState.OPEN else (None, None)
    return GrantRecord(
        grant_id=grant.id,
        incentive_id=grant.incentive_id,
        incentive_version=grant.basis.incentive_version,
        scenario_id=grant.scenario_id,
        benefit=_benefit(grant.benefit),
        state=state,
        uses_left=grant.uses_left,
        issued_at=grant.issued_at,
        until=grant.until,
        pass_token=token,
        pass_until=pass_until,
        left_fen=_left_of_voucher(grant.benefit, grant.left_fen),
        recall_reason=grant.recall.reason if grant.recall else None,
        recall_ends_at=grant.recall.ends_at if grant.recall else None,
        ended_reason=grant.ended_reason,
    )


def reservation_record(
    reservation: Reservation, given: benefit.Benefit, *, now: datetime
) -> ReservationRecord:
    return ReservationRecord(
        reservation_id=reservation.id,
        incentive_id=reservation.incentive_id,
        incentive_version=reservation.incentive_version,
        scenario_id=reservation.scenario_id,
        benefit=_benefit(given),
        state=reservation.state_at(now),
        reserved_at=reservation.reserved_at,
        until=reservation.until,
        district=reservation.district,
    )


def redemption_record(redemption: Redemption, grant: Grant) -> RedemptionRecord:
    return RedemptionRecord(
        redemption_id=redemption.id,
        incentive_id=grant.incentive_id,
        scenario_id=grant.scenario_id,
        benefit=_benefit(grant.benefit),
        uses_left=redemption.uses_left,
        redeemed_at=redemption.redeemed_at,
        given_fen=redemption.given_fen,
        charged_fen=redemption.charged_fen,
        given_minutes=redemption.given_minutes,
        charged_minutes=redemption.charged_minutes,
        waived_fen=redemption.waived_fen,
        left_fen=_left_of_voucher(grant.benefit, redemption.left_fen),
        reversible_until=redemption.reversible_until,
        held_until=redemption.held_until,
        pay_by=_days_after(redemption.redeemed_at, grant.benefit, "days_to_pay"),
        valid_until=_days_after(redemption.redeemed_at, grant.benefit, "valid_days"),
    )


def _left_of_voucher(given: benefit.Benefit, left_fen: int) -> int | None:
    return left_fen if given.TYPE == VOUCHER else None


def _days_after(moment: datetime, given: benefit.Benefit, name: str) -> datetime | None:
    """Return the end of days that a benefit of some kinds gives after its use."""
    days = getattr(given, name, 0)
    return moment + timedelta(days=days) if days else None


def _benefit(given: benefit.Benefit) -> Benefit:
    """Name a benefit's type: every one stored here came in by a contract."""
    return cast("Benefit", given)


def _limit(limit: limits.Limit) -> Limit:
    return Limit(count=limit.count, period=limit.period)
