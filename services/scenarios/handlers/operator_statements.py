"""What an operator is owed for a month, and what became of its grants."""

from collections import defaultdict

from contracts.errors import NotFound
from contracts.pages import next_of
from contracts.statements import (
    DrawOperatorStatement,
    OperatorLine,
    OperatorStatement,
    OperatorSum,
)
from contracts.words import Funding, UsageFact
from services.scenarios.domain.settlement import WORTH
from services.scenarios.ports import UnitOfWork

ENDS = frozenset({UsageFact.EXPIRED, UsageFact.REVOKED})


def draw_operator_statement(
    command: DrawOperatorStatement, *, uow: UnitOfWork, city: str
) -> OperatorStatement:
    """Draw an operator's month from this city's own lines.

    Of an end it tells no reason: that would say whether a consent or a level was behind it.  Raises
    NotFound for an unknown one, and when `after` is none of its lines.
    """
    with uow:
        if uow.operators.get(command.operator_id) is None:
            raise NotFound("not_found", "operator")
        usage = uow.operator_lines.usage(command.period, city, command.operator_id)
        lines = uow.operator_lines.of(
            command.period, command.operator_id, command.after, command.limit
        )
    sums: dict[tuple[str, str, Funding | None], list[int]] = defaultdict(lambda: [0, 0])
    due_fen = borne_fen = 0
    for each in usage:
        found = sums[each.incentive_id, _told(each.fact), each.funding]
        found[0] += each.lines
        found[1] += each.value_fen
        worth = WORTH.get(each.fact, 0) * each.value_fen
        if each.funding in {Funding.HOST_CITY, Funding.HOME_CITY}:
            due_fen += worth
        else:
            borne_fen += worth
    return OperatorStatement(
        period=command.period,
        operator_id=command.operator_id,
        due_fen=due_fen,
        borne_fen=borne_fen,
        sums=tuple(
            OperatorSum(
                incentive_id=incentive_id, fact=fact, funding=funding, lines=lines, value_fen=fen
            )
            for (incentive_id, fact, funding), (lines, fen) in sums.items()
        ),
        lines=tuple(
            OperatorLine(
                line_id=line.id,
                grant_id=line.grant_id,
                incentive_id=line.incentive_id,
                fact=_told(line.fact),
                value_fen=line.value_fen,
                at=line.at,
                funding=line.funding,
            )
            for line in lines
        ),
        next=next_of(lines, command.limit, "id"),
    )


def _told(fact: UsageFact) -> str:
    return "ended" if fact in ENDS else fact.value
