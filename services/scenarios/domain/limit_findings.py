"""What limits, quotas and the budget say of a taking: findings, as conditions have them.

Numbers are written with what they count in: `30/2026-11`, `5000fen/2026-11@330106`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from contracts.words import Condition
from services.scenarios.domain.bounds import Bound, Count, Taking, bounds_of, serves
from services.scenarios.domain.decision import Finding
from services.scenarios.domain.incentive import Terms

FEN: Final = "fen"


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What was counted before a taking: for each bound in its order, and against the budget."""

    district: str | None
    bounds: Sequence[Count]
    committed_fen: int


def limit_findings(terms: Terms, taking: Taking, counted: Counts) -> tuple[Finding, ...]:
    """Judge every limit, quota and the budget, in the order in which they are asked."""
    bounds = bounds_of(terms, taking)
    found = [*_of_districts(terms, taking.district)]
    for bound, count in zip(bounds, counted.bounds, strict=True):
        found += _of_bound(bound, count, step_of(terms))
    if terms.budget_fen is not None:
        after = counted.committed_fen + step_of(terms).fen
        found.append(
            Finding(
                condition=Condition.BUDGET,
                held=after <= terms.budget_fen,
                asked=f"{terms.budget_fen}{FEN}",
                found=f"{counted.committed_fen}{FEN}",
            )
        )
    return tuple(found)


def step_of(terms: Terms) -> Count:
    """Return what one grant under the terms adds to what is counted."""
    return Count(issued=1, reserved_fen=terms.benefit.most_fen or 0)


def _of_districts(terms: Terms, district: str | None) -> Iterator[Finding]:
    named = {quota.district for quota in terms.quotas if quota.district}
    if named:
        yield Finding(
            condition=Condition.DISTRICT,
            held=serves(terms, district),
            asked=" ".join(sorted(named)),
            found=district or "",
        )


def _of_bound(bound: Bound, count: Count, step: Count) -> Iterator[Finding]:
    condition = Condition.QUOTA if bound.holder is None else Condition.HOLDER_LIMIT
    place = f"/{bound.window.name}" + (f"@{bound.district}" if bound.district else "")
    if bound.units is not None:
        yield Finding(
            condition=condition,
            held=count.units + step.units <= bound.units,
            asked=f"{bound.units}{place}",
            found=f"{count.units}{place}",
        )
    if bound.fen is not None:
        yield Finding(
            condition=condition,
            held=step.fen <= 0 or count.fen + step.fen <= bound.fen,
            asked=f"{bound.fen}{FEN}{place}",
            found=f"{count.fen}{FEN}{place}",
        )
