"""What an incentive gives, each kind with its own units; told apart on the wire by `type`.

Beside what travels each kind says two things of itself: `uses`, how often a grant of it can be
redeemed, and `most_fen`, the most such a grant may cost (fen; None: no bound is stated).
"""

from dataclasses import dataclass
from typing import ClassVar

from contracts.fields import Count, Fen, Percent, PercentOfAll, Positive, Slug


@dataclass(frozen=True, kw_only=True)
class RentalExtension:
    """Extra minutes before a rental counts as late, beyond the `baseline_minutes` of everybody."""

    TYPE: ClassVar = "rental_extension"
    minutes: Positive
    baseline_minutes: Count = 0
    uses: ClassVar[int] = 1
    most_fen: ClassVar[int | None] = 0


@dataclass(frozen=True, kw_only=True)
class FreeUse:
    """A number of free uses, each of at most `minutes_each` minutes (null: no limit)."""

    TYPE: ClassVar = "free_use"
    uses: Positive
    minutes_each: Positive | None = None
    most_fen: ClassVar[int | None] = 0


@dataclass(frozen=True, kw_only=True)
class Discount:
    """Percent off an unchanged base price (PIPL 24).

    Everybody has `baseline_percent_off` anyway; `percent_off` is more.  What the grant gives is the
    difference, at most `cap_fen`.
    """

    TYPE: ClassVar = "discount"
    percent_off: Percent
    cap_fen: Fen | None = None
    baseline_percent_off: PercentOfAll = 0
    uses: ClassVar[int] = 1

    @property
    def most_fen(self) -> int | None:
        return self.cap_fen


@dataclass(frozen=True, kw_only=True)
class Voucher:
    """A sum in fen to pay with, at once or bit by bit."""

    TYPE: ClassVar = "voucher"
    face_fen: Fen
    uses: ClassVar[int] = 1

    @property
    def most_fen(self) -> int | None:
        return self.face_fen


@dataclass(frozen=True, kw_only=True)
class DepositWaiver:
    """A deposit that is not asked for: in fen at risk, not spent unless the operator calls it.

    It is at risk for `hold_days` after the use.
    """

    TYPE: ClassVar = "deposit_waiver"
    deposit_fen: Fen
    hold_days: Positive = 30
    uses: ClassVar[int] = 1

    @property
    def most_fen(self) -> int | None:
        return self.deposit_fen


@dataclass(frozen=True, kw_only=True)
class PayLater:
    """Leave first and pay within `days_to_pay`; of the stay `extra_free_minutes` are free."""

    TYPE: ClassVar = "pay_later"
    extra_free_minutes: Count = 0
    days_to_pay: Count = 0
    uses: ClassVar[int] = 1
    most_fen: ClassVar[int | None] = 0


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A certificate, such as an annual pass or a reader's card, valid for `valid_days`."""

    TYPE: ClassVar = "certificate"
    certificate: Slug
    valid_days: Positive
    uses: ClassVar[int] = 1
    most_fen: ClassVar[int | None] = 0


Benefit = RentalExtension | FreeUse | Discount | Voucher | DepositWaiver | PayLater | Certificate
