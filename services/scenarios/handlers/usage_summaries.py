"""What everybody may know of the use of incentives in a month: no small numbers (ADR 0036)."""

from datetime import datetime

from contracts.statements import SummariseUsage, UsageCell, UsageSummary, UsageTotal
from contracts.words import UsageFact
from services.scenarios.domain.settlement import check_over
from services.scenarios.domain.suppression import Cell, suppress, total_of
from services.scenarios.ports import UnitOfWork

PUBLISHED = (UsageFact.ISSUED, UsageFact.REDEEMED)
"""The others would tell by subtraction how few of those who took something lost it again."""


def summarise_usage(
    command: SummariseUsage, *, uow: UnitOfWork, city: str, smallest_cell: int, now: datetime
) -> UsageSummary:
    """Tell everybody grants and uses of a month that is over, without small cells.

    Raises Refused("period_not_over"): a month that lasts would tell each single use as it comes.
    """
    check_over(command.period, now)
    with uow:
        usage = uow.operator_lines.usage(command.period, city)
    counts: dict[UsageFact, dict[str, dict[str, int]]] = {fact: {} for fact in PUBLISHED}
    for each in usage:
        if each.fact in counts:
            of_incentive = counts[each.fact].setdefault(each.incentive_id, {})
            of_incentive[each.home] = of_incentive.get(each.home, 0) + each.lines
    totals, cells = [], []
    for fact, by_incentive in counts.items():
        table = {
            incentive_id: {home: Cell(count) for home, count in sorted(homes.items())}
            for incentive_id, homes in sorted(by_incentive.items())
        }
        wholes = {name: total_of(list(homes.values())) for name, homes in table.items()}
        suppress(total_of(list(wholes.values())), smallest_cell)
        for name, homes in table.items():
            totals.append(UsageTotal(incentive_id=name, fact=fact, lines=wholes[name].shown))
            cells += [
                UsageCell(incentive_id=name, home=home, fact=fact, lines=cell.shown)
                for home, cell in homes.items()
            ]
    return UsageSummary(
        period=command.period,
        smallest_cell=smallest_cell,
        incentives=tuple(totals),
        cells=tuple(cells),
    )
