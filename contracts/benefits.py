"""What an incentive gives, each kind with its own units; told apart on the wire by `type`."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.fields import Fen, Percent, Positive


@dataclass(frozen=True, kw_only=True)
class RentalExtension:
    """Extra minutes before a rental counts as late."""

    TYPE: ClassVar = "rental_extension"
    minutes: Positive


@dataclass(frozen=True, kw_only=True)
class FreeUse:
    """A number of free uses, each of at most `minutes_each` minutes (null: no limit)."""

    TYPE: ClassVar = "free_use"
    uses: Positive
    minutes_each: Positive | None = None


@dataclass(frozen=True, kw_only=True)
class Discount:
    """Percent off an unchanged base price (PIPL 24), at most `cap_fen`."""

    TYPE: ClassVar = "discount"
    percent_off: Percent
    cap_fen: Fen | None = None


@dataclass(frozen=True, kw_only=True)
class Voucher:
    """A sum in fen to pay with."""

    TYPE: ClassVar = "voucher"
    face_fen: Fen


Benefit = RentalExtension | FreeUse | Discount | Voucher
