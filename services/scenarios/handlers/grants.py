"""Grants: taking an incentive, and looking at what one has.

The order of checks, each with its refusal; the first that fails is the answer.  domain/decision.py
judges 5 to 15, on the newest recognition of the holder, which replaces earlier ones.

1. The grant is there already: the same holder and incentive get it again, else id_reused; so it is
   when a reservation has the id, which is confirmed and not taken.
2. The recognition the session rests on has arrived here: else not_yet_visible, ask again.
3. It is the holder's own: else not_recognised.
4. A version of the incentive is in force: else not_offered, unless 5 has an answer.
5. That recognition, and the newest of the holder, stand: else recognition_ended,
   recognition_suspended for the time being, or not_recognised when the time is up.
6. The holder consented to the scenario's category: else purpose_not_covered.
7. It is offered now, neither paused nor withdrawn: else not_offered.
8. The tier is high enough: else tier_below_minimum.
9. The home city is among those asked for: else home_not_covered.
10. The attestation is young enough: else attestation_too_old.
11. It is one of the weekdays: else outside_weekdays.
12. It is one of the hours: else outside_hours.
13. It is to be used in one of the districts: else outside_district.
14. No open grant excludes it: else excluded_by_other.
15. The expression holds: else condition_not_met.
16. Quotas that name districts name this one: else outside_district.  The holder has had fewer in
    each period: else holder_limit_reached.
17. Every quota has a grant, or its worth, left: else quota_exhausted.
18. The budget covers the most it may cost: else budget_exhausted.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from contracts.errors import Conflict, NotFound, Refused, Unavailable
from contracts.pages import next_of
from contracts.scenarios import (
    GrantIssued,
    GrantRecord,
    GrantRecords,
    IssueGrant,
    ListGrants,
    ShowGrant,
)
from services.scenarios.domain.bounds import Count, CounterKey
from services.scenarios.domain.decision import decide
from services.scenarios.domain.facts import Facts, barring
from services.scenarios.domain.grant import Grant
from services.scenarios.domain.incentive import Incentive
from services.scenarios.domain.recognition import Recognition
from services.scenarios.domain.scenario import Scenario
from services.scenarios.handlers.announcing import announce
from services.scenarios.handlers.attempts import Attempt
from services.scenarios.handlers.counting import Counted, take
from services.scenarios.handlers.records import grant_record
from services.scenarios.ports import UnitOfWork
from services.scenarios.ports.passes import Passes

MOST_LISTED = 100


def issue_grant(
    command: IssueGrant, *, uow: UnitOfWork, city: str, passes: Passes, now: datetime
) -> GrantRecord:
    """Give a holder an incentive, or refuse by the first check that fails (see above).

    Safe to repeat: the id names the grant.  A refusal takes nothing from any limit.  Either is on
    record, with what it rested on, before it is told.
    """
    attempt = Attempt(
        decision_id=command.grant_id,
        holder=command.holder,
        incentive_id=command.incentive_id,
        city=city,
        now=now,
    )
    with attempt.recorded(uow=uow):
        grant = _issue(command, attempt, uow=uow)
    return grant_record(grant, passes=passes, now=now)


def _issue(command: IssueGrant, attempt: Attempt, *, uow: UnitOfWork) -> Grant:
    now = attempt.now
    with uow:
        # One holder at a time: repeats, and the end of the recognition, wait here.
        session, newest = uow.recognitions.with_current(command.recognition_id, command.holder)
        if uow.grants.is_taken(command.grant_id):  # 1
            return _repeated(command, uow=uow)
        basis = recognised(command.holder, session, newest, now=now)  # 2, 3
        attempt.recognition = basis.recognition
        offered = uow.incentives.with_scenario(command.incentive_id, now)
        if offered is None:  # 4
            raise Refused(basis.objection or "not_offered", command.incentive_id)
        incentive, scenario = offered
        grant = decided(  # 5-15
            command.grant_id,
            incentive,
            scenario,
            basis,
            district=command.district,
            uow=uow,
            now=now,
            attempt=attempt,
        )
        attempt.count(grant.taking, uow=uow)
        step = Count(issued=1, reserved_fen=grant.value_fen)
        counted = take(incentive, grant.taking, step, uow=uow)  # 16-18
        uow.grants.add(grant)
        announce(grant_issued(grant, incentive, counted), uow=uow, city=attempt.city)
        attempt.record_grant(uow=uow)
        uow.commit()
    return grant


def _repeated(command: IssueGrant, *, uow: UnitOfWork) -> Grant:
    grant = uow.grants.get(command.grant_id)  # a reservation has the id otherwise
    if grant is None or (grant.holder, grant.incentive_id) != (
        command.holder,
        command.incentive_id,
    ):
        raise Conflict("id_reused", "grant")
    return grant


class Standing(NamedTuple):
    """What a decision rests on, and why one of session and newest recognition does not stand."""

    recognition: Recognition
    objection: str | None


def recognised(
    holder: str, session: Recognition | None, newest: Recognition | None, *, now: datetime
) -> Standing:
    """Return what a decision rests on; raises not_yet_visible and not_recognised."""
    if session is None:  # 2
        raise Unavailable("not_yet_visible")
    if session.holder != holder or newest is None:  # 3
        raise Refused("not_recognised")
    return Standing(newest, session.objection(now) or newest.objection(now))


def decided(
    grant_id: UUID,
    incentive: Incentive,
    scenario: Scenario,
    basis: Standing,
    *,
    district: str | None,
    uow: UnitOfWork,
    now: datetime,
    reserved_at: datetime | None = None,
    attempt: Attempt | None = None,
) -> Grant:
    """Decide by a version of an incentive, and note it; return the grant, not yet counted.

    Days, hours and dates are those of when it was reserved, if it was; all else is as it is now.
    """
    recognition, objection = basis
    held = uow.grants.held_by(recognition.holder, now)
    facts = Facts.of(
        recognition,
        scenario.category,
        at=reserved_at or now,
        objection=objection,
        district=scenario.district or district,
        open_grants=frozenset(held),
        barring=barring(incentive.id, held),
    )
    decision = decide(incentive, scenario.category, facts)
    if attempt is not None:
        attempt.incentive, attempt.scenario, attempt.decision = incentive, scenario, decision
    return Grant.issue(grant_id, incentive, scenario, recognition, decision)


def grant_issued(grant: Grant, incentive: Incentive, counted: Counted) -> GrantIssued:
    """Tell of a grant, and how far the limits it counts in are used up."""
    terms = incentive.terms
    period = terms.per_holder.window(grant.counted_at).name
    quota_period, to_all = None, 0
    if terms.quota:
        quota_period = terms.quota.window(grant.counted_at).name
        to_all = counted.counts[CounterKey("", "", quota_period)].units
    budget_fen = terms.budget_fen
    return GrantIssued(
        grant_id=grant.id,
        incentive_id=incentive.id,
        scenario_id=grant.scenario_id,
        operator_id=grant.operator_id,
        holder=grant.holder,
        home=grant.basis.home,
        attestation_id=grant.basis.attestation_id,
        value_fen=grant.value_fen,
        holder_period=period,
        holder_issued=counted.counts[CounterKey(grant.holder, "", period)].units,
        quota_period=quota_period,
        period_issued=to_all,
        budget_left_fen=None if budget_fen is None else counted.tally.free_fen(budget_fen),
        issued_at=grant.issued_at,
        until=grant.until,
        funding=grant.funding,
        count_number=counted.tally.changes,
        counts=counted.told,
        excludes=tuple(terms.conditions.excludes) if terms.conditions else (),
    )


def show_grant(
    command: ShowGrant, *, uow: UnitOfWork, passes: Passes, now: datetime
) -> GrantRecord:
    """Show a holder one of their grants; raises NotFound for anybody else's."""
    with uow:
        grant = uow.grants.get(command.grant_id)
    if grant is None or grant.holder != command.holder:
        raise NotFound("not_found", "grant")
    return grant_record(grant, passes=passes, now=now)


def list_grants(
    command: ListGrants, *, uow: UnitOfWork, passes: Passes, now: datetime
) -> GrantRecords:
    """List a holder's grants, newest first; raises NotFound when `after` names none of them."""
    with uow:
        grants = uow.grants.newest_of(command.holder, MOST_LISTED, command.after)
    return GrantRecords(
        grants=tuple(grant_record(grant, passes=passes, now=now) for grant in grants),
        next=next_of(grants, MOST_LISTED, "id"),
    )
