"""Recalls: an open grant ends after a notice.

An operator or the city recalls a grant for a reason; an incentive that calls back recalls its
grants when what they rest on ends.  The holder sees reason and end, and uses the grant until then.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from contracts.errors import Malformed, NotFound, Refused
from contracts.passes import GrantKept, GrantRecalled, RecallGrant, RecallRecord
from contracts.periods import MOST_DAYS
from contracts.words import GrantState, OnWithdrawal
from services.scenarios.domain.grant import Grant
from services.scenarios.domain.recall import AT_ONCE
from services.scenarios.domain.recognition import Recognition
from services.scenarios.handlers.announcing import announce, end_grant
from services.scenarios.ports import UnitOfWork


def recall_grant(
    command: RecallGrant, *, uow: UnitOfWork, city: str, now: datetime
) -> RecallRecord:
    """Recall an open grant; without an operator the city does.

    Safe to repeat: a recall for the same reason stands as it is.  Raises Malformed for a notice
    that is too long, NotFound for a grant of another operator, Refused already_recalled for
    another reason, and grant_ended.
    """
    if command.notice_days > MOST_DAYS:
        raise Malformed(errors={"notice_days": f"At most {MOST_DAYS} days."})
    with uow:
        grant = uow.grants.get(command.grant_id)
        if grant is None or command.operator_id not in {None, grant.operator_id}:
            raise NotFound("not_found", "grant")
        if grant.recall is None:
            if grant.state_at(now) is not GrantState.OPEN:
                raise Refused("grant_ended")
            _recall(grant, command.reason, command.notice_days, uow=uow, city=city, now=now)
            uow.commit()
        elif grant.recall.reason != command.reason:
            raise Refused("already_recalled", grant.recall.reason)
    if grant.recall is None:
        raise LookupError(f"grant {grant.id} was not recalled")
    return RecallRecord(
        grant_id=grant.id,
        incentive_id=grant.incentive_id,
        reason=grant.recall.reason,
        recalled_at=grant.recall.recalled_at,
        ends_at=min(grant.recall.ends_at, grant.until),
    )


def withdraw_grants(
    grants: Iterable[Grant], reason: str, *, uow: UnitOfWork, city: str, now: datetime
) -> None:
    """Revoke open grants, or recall those that are called back, within an open transaction.

    One order for everybody, so that two transactions never wait for each other's tallies.
    """
    for grant in sorted(grants, key=lambda grant: (grant.incentive_id, grant.id)):
        withdraw_grant(grant, reason, uow=uow, city=city, now=now)


def withdraw_grant(grant: Grant, reason: str, *, uow: UnitOfWork, city: str, now: datetime) -> None:
    """Revoke or recall an open grant, as its terms say; an earlier end of a notice stands."""
    if grant.on_withdrawal is not OnWithdrawal.CALL_BACK or reason in AT_ONCE:
        end_grant(grant, GrantState.REVOKED, reason, at=now, uow=uow, city=city)
        return
    ends_at = now + timedelta(days=grant.notice_days)
    if grant.recall is None or ends_at < grant.recall.ends_at:
        _recall(grant, reason, grant.notice_days, uow=uow, city=city, now=now)


def keep_grant(
    grant: Grant, recognition: Recognition, tier: int, *, uow: UnitOfWork, city: str, now: datetime
) -> None:
    """Take the recall of a grant back within an open transaction."""
    grant.keep(recognition, tier)
    uow.grants.save(grant)
    event = GrantKept(
        grant_id=grant.id,
        incentive_id=grant.incentive_id,
        scenario_id=grant.scenario_id,
        operator_id=grant.operator_id,
        home=grant.basis.home,
        attestation_id=grant.basis.attestation_id,
        value_fen=grant.reserved_fen,
        funding=grant.funding,
        recalled=grant.recalls,
        kept_at=now,
        until=grant.until,
    )
    announce(event, uow=uow, city=city)


def _recall(
    grant: Grant, reason: str, days: int, *, uow: UnitOfWork, city: str, now: datetime
) -> None:
    recall = grant.warn(reason, days, now)
    uow.grants.save(grant)
    event = GrantRecalled(
        grant_id=grant.id,
        incentive_id=grant.incentive_id,
        scenario_id=grant.scenario_id,
        operator_id=grant.operator_id,
        home=grant.basis.home,
        attestation_id=grant.basis.attestation_id,
        value_fen=grant.reserved_fen,
        funding=grant.funding,
        reason=reason,
        recalled=grant.recalls,
        recalled_at=now,
        ends_at=min(recall.ends_at, grant.until),
    )
    announce(event, uow=uow, city=city)
