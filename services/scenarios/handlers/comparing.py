"""Comparing a settlement: one city asks with its digest, and page by page with its lines' seals.

The city that is asked answers line by line where the two differ.  Both keep what was found, each as
seen from its own side, and both digests.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from contracts.settlements import (
    MOST_SEALS,
    CompareSettlement,
    ComparisonBody,
    LineDifference,
    LineSeal,
    SettlementComparison,
    SettlementLine,
    SettlementRecord,
)
from services.scenarios.domain.settlement import Difference, Seal, by_field, by_seal, unlike
from services.scenarios.domain.statement import UsageLine
from services.scenarios.handlers.settlements import (
    check_other,
    scope_of,
    settlement_line,
    settlement_of,
    settlement_record,
)
from services.scenarios.ports import UnitOfWork

Ask = Callable[[ComparisonBody], SettlementComparison]


def compare_settlement(
    command: CompareSettlement, *, uow: UnitOfWork, city: str, now: datetime
) -> SettlementComparison:
    """Answer another city where its lines differ from this city's.

    Safe to repeat.  Raises Refused("period_not_closed").
    """
    period, other = command.period, command.city
    check_other(other, city)
    found, compared_until = [], command.until
    with uow:
        settlement = settlement_of(period, other, uow=uow)
        if settlement.compare(command.digest, now):
            uow.settlements.save(settlement)
        scope = scope_of(period, other, uow=uow, own=city)
        if command.seals is not None and command.digest != settlement.digest:
            held = uow.settled_lines.page(scope, command.after, command.until, MOST_SEALS)
            if len(held) >= MOST_SEALS:
                compared_until = held[-1].id
            span = command.after, compared_until
            found = unlike(held, (seal for seal in _seals(command.seals) if _is_in(seal, span)))
            uow.differences.replace(period, other, span, map(by_seal, found))
        lines = sum(each.lines for each in uow.settled_lines.sums(scope))
        uow.commit()
    return SettlementComparison(
        period=period,
        city=city,
        state=settlement.state,
        digest=settlement.digest,
        lines=lines,
        differences=tuple(
            LineDifference(
                host=each.host,
                line_id=each.id,
                kind=each.kind,
                line=settlement_line(each.line) if each.line else None,
            )
            for each in found
        ),
        compared_until=compared_until,
    )


def compare_with(
    period: str, other: str, ask: Ask, *, uow: UnitOfWork, city: str, now: datetime
) -> SettlementRecord:
    """Compare this city's settlement with another's, asking that city; keep what differs.

    Safe to repeat, also after it was cut off.  Raises Refused("period_not_closed"), and whatever
    asking raises.
    """
    check_other(other, city)
    with uow:
        digest = settlement_of(period, other, uow=uow).digest
    answer = ask(ComparisonBody(digest=digest))
    after: UUID | None = None
    while answer.digest != digest:
        with uow:
            scope = scope_of(period, other, uow=uow, own=city)
            held = uow.settled_lines.page(scope, after, None, MOST_SEALS)
        until = held[-1].id if len(held) >= MOST_SEALS else None
        seals = tuple(
            LineSeal(host=line.host, line_id=line.id, seal=line.entry.seal.hex()) for line in held
        )
        answer = ask(ComparisonBody(digest=digest, after=after, until=until, seals=seals))
        span = after, answer.compared_until
        with uow:
            uow.differences.replace(period, other, span, _as_seen_here(answer, held))
            uow.commit()
        after = answer.compared_until
        if after is None:
            break
    with uow:
        settlement = settlement_of(period, other, uow=uow)
        if settlement.compare(answer.digest, now):
            uow.settlements.save(settlement)
            uow.commit()
        return settlement_record(period, other, uow=uow, own=city)


def _as_seen_here(answer: SettlementComparison, held: Sequence[UsageLine]) -> list[Difference]:
    ours = {(line.id, line.host): line for line in held}
    return [
        difference
        for each in answer.differences
        for difference in by_field(
            (each.line_id, each.host),
            ours.get((each.line_id, each.host)),
            _usage_line(each.line) if each.line else None,
        )
    ]


def _usage_line(line: SettlementLine) -> UsageLine:
    return UsageLine(
        id=line.line_id,
        host=line.host,
        home=line.home,
        grant_id=line.grant_id,
        attestation_id=line.attestation_id,
        incentive_id=line.incentive_id,
        fact=line.fact,
        value_fen=line.value_fen,
        at=line.at,
        funding=line.funding,
    )


def _seals(told: tuple[LineSeal, ...]) -> list[Seal]:
    return [Seal(each.line_id, each.host, bytes.fromhex(each.seal)) for each in told]


def _is_in(seal: Seal, span: tuple[UUID | None, UUID | None]) -> bool:
    after, until = span
    return (after is None or seal.id > after) and (until is None or seal.id <= until)
