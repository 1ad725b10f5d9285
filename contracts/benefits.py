"""What an incentive gives, each kind with its own units; told apart on the wire by `type`.

Beside what travels each kind says two things of itself: `uses`, how often a grant of it can be
redeemed, and `most_fen`, the most such a grant may cost (fen; None: no bound is stated).
"""

from dataclasses import dataclass
from typing import ClassVar

from contracts.fields import Fen, Percent, Positive


@dataclass(frozen=True, kw_only=True)
class RentalExtension:
    """Extra minutes before a rental counts as late."""

    TYPE: ClassVar = "rental_extension"
    minutes: Positive
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
    """Percent off an unchanged base price (PIPL 24), at most `cap_fen`."""

    TYPE: ClassVar = "discount"
    percent_off: Percent
    cap_fen: Fen | None = None
    uses: ClassVar[int] = 1

    @property
    def most_fen(self) -> int | None:
        return self.cap_fen


@dataclass(frozen=True, kw_only=True)
class Voucher:
    """A sum in fen to pay with."""

    TYPE: ClassVar = "voucher"
    face_fen: Fen
    uses: ClassVar[int] = 1

    @property
    def most_fen(self) -> int | None:
        return self.face_fen


Benefit = RentalExtension | FreeUse | Discount | Voucher
