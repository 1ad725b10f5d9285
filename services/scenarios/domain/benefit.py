"""What the rules need to know of benefits: of every kind alike, and of each kind.

A benefit that contradicts itself is no benefit: `problems_of` names its fields.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from contracts.periods import MOST_DAYS


class Benefit(Protocol):
    """Invariant: two benefits that give the same are equal."""

    @property
    def TYPE(self) -> str:  # noqa: N802  the tag of a message class
        """Which kind it is of."""

    @property
    def uses(self) -> int:
        """How often a grant of it can be redeemed."""

    @property
    def most_fen(self) -> int | None:
        """The most such a grant may cost, in fen; None: no bound is stated."""


class RentalExtension(Protocol):
    @property
    def minutes(self) -> int: ...
    @property
    def baseline_minutes(self) -> int: ...


class FreeUse(Protocol):
    @property
    def minutes_each(self) -> int | None: ...


class Discount(Protocol):
    @property
    def percent_off(self) -> int: ...
    @property
    def baseline_percent_off(self) -> int: ...
    @property
    def cap_fen(self) -> int | None: ...


class DepositWaiver(Protocol):
    @property
    def deposit_fen(self) -> int: ...
    @property
    def hold_days(self) -> int: ...


class PayLater(Protocol):
    @property
    def extra_free_minutes(self) -> int: ...
    @property
    def days_to_pay(self) -> int: ...


class Certificate(Protocol):
    @property
    def valid_days(self) -> int: ...


def problems_of(benefit: Benefit) -> Mapping[str, str]:
    """Name each field that contradicts another or gives nothing; empty: it is sound."""
    check = _CHECKS.get(benefit.TYPE)
    return _lasting(benefit) | dict(check(benefit) if check else {})


def hold_days_of(benefit: Benefit) -> int:
    """Return for how long a deposit that it waives is at risk; 0: it waives none."""
    days: int = getattr(benefit, "hold_days", 0)
    return days


def _lasting(benefit: Benefit) -> dict[str, str]:
    """Name each number of days that is too large."""
    return {
        f"benefit.{name}": f"At most {MOST_DAYS} days."
        for name in ("hold_days", "days_to_pay", "valid_days")
        if getattr(benefit, name, 0) > MOST_DAYS
    }


def _discount(benefit: Discount) -> Mapping[str, str]:
    if benefit.percent_off <= benefit.baseline_percent_off:
        return {"benefit.percent_off": "Not more than everybody has (baseline_percent_off)."}
    return {}


def _deposit_waiver(benefit: DepositWaiver) -> Mapping[str, str]:
    return {} if benefit.deposit_fen else {"benefit.deposit_fen": "At least 1 fen."}


def _pay_later(benefit: PayLater) -> Mapping[str, str]:
    if benefit.extra_free_minutes or benefit.days_to_pay:
        return {}
    return {"benefit.days_to_pay": "Days to pay, or free minutes: at least 1."}


_CHECKS: Final[dict[str, Callable[[Any], Mapping[str, str]]]] = {
    "discount": _discount,
    "deposit_waiver": _deposit_waiver,
    "pay_later": _pay_later,
}
