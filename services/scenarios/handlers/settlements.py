"""Settlements: drawing a month between two cities, closing it, settling what differs (ADR 0036)."""

from datetime import datetime

from contracts.errors import NotFound, Refused
from contracts.pages import next_of
from contracts.settlements import (
    CloseSettlement,
    DrawSettlement,
    FieldDifference,
    ListSettlementDifferences,
    ListSettlementLines,
    ListSettlements,
    ResolveSettlement,
    SettledSum,
    SettlementDifferences,
    SettlementLine,
    SettlementLines,
    SettlementRecord,
    SettlementRecords,
)
from contracts.words import SettlementState
from services.scenarios.domain.settlement import Settlement, balance, check_over, digest_of
from services.scenarios.domain.statement import UsageLine
from services.scenarios.ports import UnitOfWork
from services.scenarios.ports.settlements import Scope


def draw_settlement(command: DrawSettlement, *, uow: UnitOfWork, city: str) -> SettlementRecord:
    """Draw a month between this city and another; raises NotFound for what is no other city."""
    check_other(command.city, city)
    with uow:
        _check_known(command.period, command.city, uow=uow, own=city)
        return settlement_record(command.period, command.city, uow=uow, own=city)


def list_settlements(command: ListSettlements, *, uow: UnitOfWork, city: str) -> SettlementRecords:
    """Draw a month with every city there are lines with, or with which it is closed."""
    with uow:
        closed = uow.settlements.cities(command.period)
        others = sorted({*uow.settled_lines.cities(city, command.period), *closed})
        records = [settlement_record(command.period, other, uow=uow, own=city) for other in others]
    return SettlementRecords(settlements=tuple(records))


def list_settlement_lines(
    command: ListSettlementLines, *, uow: UnitOfWork, city: str
) -> SettlementLines:
    """List the next lines of a settlement, of both directions."""
    check_other(command.city, city)
    with uow:
        scope = scope_of(command.period, command.city, uow=uow, own=city)
        lines = uow.settled_lines.page(scope, command.after, None, command.limit)
    shown = tuple(map(settlement_line, lines))
    return SettlementLines(lines=shown, next=next_of(shown, command.limit, "line_id"))


def close_settlement(
    command: CloseSettlement, *, uow: UnitOfWork, city: str, now: datetime
) -> SettlementRecord:
    """Fix the lines of a month that is over, and the late ones of months before it.

    Safe to repeat.  Raises NotFound for what is no other city; Refused period_not_over,
    period_out_of_order.
    """
    period, other = command.period, command.city
    check_other(other, city)
    check_over(period, now)
    with uow:
        if uow.settlements.get(period, other) is None:
            _check_known(period, other, uow=uow, own=city)
            _check_order(period, other, uow=uow, own=city)
            scope = Scope(own=city, city=other, period=period, is_closed=True)
            uow.settled_lines.fix(scope)
            digest = digest_of(uow.settled_lines.seals(scope))
            if uow.settlements.add(Settlement.close(period, other, digest, now)):
                uow.commit()
    with uow:
        return settlement_record(period, other, uow=uow, own=city)


def resolve_settlement(
    command: ResolveSettlement, *, uow: UnitOfWork, city: str, now: datetime
) -> SettlementRecord:
    """Leave to a later month what the other city does not hold alike, as last compared.

    When the other city has done so too, comparing finds the rest the same.  Safe to repeat.  Raises
    Refused period_not_closed, not_disputed.
    """
    period, other = command.period, command.city
    with uow:
        settlement = settlement_of(period, other, uow=uow)
        if not settlement.is_final:
            scope = Scope(own=city, city=other, period=period, is_closed=True)
            uow.settled_lines.release(scope, uow.differences.held(period, other))
            before = settlement.digest
            settlement.move(digest_of(uow.settled_lines.seals(scope)), now)
            if settlement.digest != before:
                uow.settlements.save(settlement)
                uow.commit()
    with uow:
        return settlement_record(period, other, uow=uow, own=city)


def list_settlement_differences(
    command: ListSettlementDifferences, *, uow: UnitOfWork
) -> SettlementDifferences:
    """List the next differences that the last comparison found, line by line."""
    with uow:
        found = uow.differences.of(command.period, command.city, command.after, command.limit)
    return SettlementDifferences(
        differences=tuple(
            FieldDifference(
                host=each.host,
                line_id=each.id,
                kind=each.kind,
                field=each.field,
                here=each.here,
                there=each.there,
            )
            for each in found
        ),
        next=next_of(found, command.limit, "id"),
    )


def check_other(other: str, own: str) -> None:
    if other == own:
        raise NotFound("not_found", "settlement")


def settlement_of(period: str, city: str, *, uow: UnitOfWork) -> Settlement:
    """Return and lock a closed settlement, within an open transaction."""
    settlement = uow.settlements.get(period, city)
    if settlement is None:
        raise Refused("period_not_closed", period)
    return settlement


def scope_of(period: str, city: str, *, uow: UnitOfWork, own: str) -> Scope:
    is_closed = uow.settlements.get(period, city) is not None
    return Scope(own=own, city=city, period=period, is_closed=is_closed)


def settlement_record(period: str, city: str, *, uow: UnitOfWork, own: str) -> SettlementRecord:
    """Show a settlement within an open transaction."""
    settlement = uow.settlements.get(period, city)
    scope = Scope(own=own, city=city, period=period, is_closed=settlement is not None)
    sums = uow.settled_lines.sums(scope)
    owed = balance(sums, own)
    digest = settlement.digest if settlement else digest_of(uow.settled_lines.seals(scope))
    return SettlementRecord(
        period=period,
        city=city,
        state=settlement.state if settlement else SettlementState.OPEN,
        lines=sum(each.lines for each in sums),
        adjustments=sum(each.adjusting for each in sums),
        due_fen=owed.due_fen,
        owed_fen=owed.owed_fen,
        net_fen=owed.net_fen,
        digest=digest,
        sums=tuple(SettledSum(**each._asdict()) for each in sums),
        closed_digest=settlement.closed_digest if settlement else None,
        their_digest=settlement.their_digest if settlement else None,
        closed_at=settlement.closed_at if settlement else None,
        changed_at=settlement.changed_at if settlement else None,
    )


def settlement_line(line: UsageLine) -> SettlementLine:
    return SettlementLine(
        line_id=line.id,
        host=line.host,
        home=line.home,
        period=line.month,
        grant_id=line.grant_id,
        attestation_id=line.attestation_id,
        incentive_id=line.incentive_id,
        fact=line.fact,
        value_fen=line.value_fen,
        at=line.at,
        funding=line.funding,
    )


def _check_known(period: str, other: str, *, uow: UnitOfWork, own: str) -> None:
    """Raise NotFound for a city that neither the alliance nor a line or a closed month names."""
    if uow.plan.knows(other) or uow.settlements.get(period, other) is not None:
        return
    if not uow.settled_lines.sums(scope_of(period, other, uow=uow, own=own)):
        raise NotFound("not_found", f"city {other}")


def _check_order(period: str, other: str, *, uow: UnitOfWork, own: str) -> None:
    earlier = uow.settled_lines.unsettled_before(own, other, period)
    if earlier is not None or uow.settlements.closed_since(period, other):
        raise Refused("period_out_of_order", earlier or period)
