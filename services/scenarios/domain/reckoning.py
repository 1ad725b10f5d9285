"""What one use comes to: what is given, and what is charged, in the units of each kind of benefit.

Minutes that are not given are charged as for everybody.  Prices are whole fen; a part of a fen is
dropped in the holder's favour, and nobody pays more than everybody does.  What an operator did not
measure is reckoned as the most the benefit gives, and nothing is said of the charge.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.scenarios.domain.benefit import (
    Benefit,
    DepositWaiver,
    Discount,
    FreeUse,
    PayLater,
    RentalExtension,
)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What an operator measured: a price or sum in fen, the minutes of a ride or a stay."""

    fen: int | None = None
    minutes: int | None = None


@dataclass(frozen=True, kw_only=True)
class Reckoning:
    """Invariant: given + charged is what everybody would be charged, or what was asked.

    `given_fen` is money that the benefit costs; `waived_fen` a deposit, which costs nothing yet.
    """

    given_fen: int = 0
    charged_fen: int | None = None
    given_minutes: int | None = None
    charged_minutes: int | None = None
    waived_fen: int | None = None


def reckon(benefit: Benefit, asked: Asked, left_fen: int) -> Reckoning:
    """Reckon one use; `left_fen` is what the grant may still give."""
    return _KINDS[benefit.TYPE](benefit, asked, left_fen)


def problems_of(benefit: Benefit, asked: Asked) -> Mapping[str, str]:
    """Name each unit that a benefit is not reckoned in; empty: all are."""
    units = _UNITS.get(benefit.TYPE, frozenset())
    measured = {"amount_fen": asked.fen, "minutes": asked.minutes}
    return {
        name: f"A {benefit.TYPE} is not reckoned in it."
        for name, value in measured.items()
        if value is not None and name not in units
    }


def rental_extension(benefit: RentalExtension, asked: Asked, _left_fen: int = 0) -> Reckoning:
    """Of a ride's minutes beyond everybody's, the extension is given."""
    if asked.minutes is None:
        return Reckoning(given_minutes=benefit.minutes)
    return _minutes(max(0, asked.minutes - benefit.baseline_minutes), benefit.minutes)


def free_use(benefit: FreeUse, asked: Asked, _left_fen: int = 0) -> Reckoning:
    """Minutes over `minutes_each` are charged as for everybody."""
    if asked.minutes is None:
        return Reckoning(given_minutes=benefit.minutes_each)
    most = asked.minutes if benefit.minutes_each is None else benefit.minutes_each
    return _minutes(asked.minutes, most)


def discount(benefit: Discount, asked: Asked, left_fen: int = 0) -> Reckoning:
    """Give the difference between everybody's price and the holder's, at most the cap.

    Both prices are percents of the one base price that was asked (PIPL 24).
    """
    if asked.fen is None:
        return Reckoning(given_fen=left_fen)
    everybody = asked.fen * (100 - benefit.baseline_percent_off) // 100
    holder = asked.fen * (100 - benefit.percent_off) // 100
    most = everybody if benefit.cap_fen is None else benefit.cap_fen
    given = min(everybody - holder, most)
    return Reckoning(given_fen=given, charged_fen=everybody - given)


def voucher(_benefit: Benefit, asked: Asked, left_fen: int) -> Reckoning:
    """Pay with what is left of it; the rest of the sum is charged."""
    if asked.fen is None:
        return Reckoning(given_fen=left_fen)
    given = min(asked.fen, left_fen)
    return Reckoning(given_fen=given, charged_fen=asked.fen - given)


def deposit_waiver(benefit: DepositWaiver, asked: Asked, _left_fen: int = 0) -> Reckoning:
    """Waive the deposit, or as much of it as the benefit covers; nothing is spent by that."""
    if asked.fen is None:
        return Reckoning(waived_fen=benefit.deposit_fen)
    waived = min(asked.fen, benefit.deposit_fen)
    return Reckoning(waived_fen=waived, charged_fen=asked.fen - waived)


def pay_later(benefit: PayLater, asked: Asked, _left_fen: int = 0) -> Reckoning:
    """Charge the whole price, later; of the minutes some are free."""
    if asked.minutes is None:
        given = benefit.extra_free_minutes or None
        return Reckoning(charged_fen=asked.fen, given_minutes=given)
    free = min(asked.minutes, benefit.extra_free_minutes)
    return Reckoning(
        charged_fen=asked.fen, given_minutes=free, charged_minutes=asked.minutes - free
    )


def certificate(_benefit: Benefit, _asked: Asked, _left_fen: int = 0) -> Reckoning:
    """Issue it; there is nothing to measure."""
    return Reckoning()


def _minutes(asked: int, most: int) -> Reckoning:
    given = min(asked, most)
    return Reckoning(given_minutes=given, charged_minutes=asked - given)


_KINDS: Final[dict[str, Callable[[Any, Asked, int], Reckoning]]] = {
    "rental_extension": rental_extension,
    "free_use": free_use,
    "discount": discount,
    "voucher": voucher,
    "deposit_waiver": deposit_waiver,
    "pay_later": pay_later,
    "certificate": certificate,
}
_UNITS: Final[dict[str, frozenset[str]]] = {
    "rental_extension": frozenset({"minutes"}),
    "free_use": frozenset({"minutes"}),
    "discount": frozenset({"amount_fen"}),
    "voucher": frozenset({"amount_fen"}),
    "deposit_waiver": frozenset({"amount_fen"}),
    "pay_later": frozenset({"amount_fen", "minutes"}),
}
