"""What an incentive asks beyond a tier: conditions that are declared, and quotas."""

from dataclasses import dataclass

from contracts.districts import DistrictCode
from contracts.fields import CityCode, ClockTime, Count, Expression, Fen, PeriodName, Positive, Slug
from contracts.words import Period, Weekday


@dataclass(frozen=True, kw_only=True)
class Limit:
    """At most `count` per calendar period of the host city."""

    count: Positive
    period: Period


@dataclass(frozen=True, kw_only=True)
class Hours:
    """Part of a day of the host city, `HH:MM`; past midnight when `until` is not after `since`."""

    since: ClockTime
    until: ClockTime


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """Every one of them has to hold; an empty one always does.

    `attestation_age_days` is how many whole days old the attestation may be.  `weekdays` and
    `hours` are the host city's at the moment of the decision.  `districts` are where the grant may
    be used; whoever takes it names one.  `excludes` names incentives that cannot be had together
    with this one, whichever is taken first: while a grant of one is open, the other is refused.
    `expression` is a condition in CEL; it sees what the others see.  `holder_limits` bound what one
    holder may take, beside the terms' `per_holder`.
    """

    home_cities: tuple[CityCode, ...] = ()
    attestation_age_days: Positive | None = None
    weekdays: tuple[Weekday, ...] = ()
    hours: tuple[Hours, ...] = ()
    districts: tuple[DistrictCode, ...] = ()
    excludes: tuple[Slug, ...] = ()
    expression: Expression | None = None
    holder_limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Quota:
    """At most `count` grants, or grants worth `fen`, per period: in one district or in all."""

    period: Period
    count: Positive | None = None
    fen: Fen | None = None
    district: DistrictCode | None = None


@dataclass(frozen=True, kw_only=True)
class QuotaCount:
    """What counts against quotas in one window, in a district or everywhere.

    `units` are grants issued and reservations held, `fen` what they may still cost or have cost.
    """

    window: PeriodName
    district: DistrictCode | None
    units: Count
    fen: Fen
