"""What the plan counts: each number with its target and how it is computed (ADR 0037)."""

from dataclasses import dataclass

from contracts.districts import DistrictCode
from contracts.fields import Count
from contracts.objections import DayName
from contracts.wire import command, reply
from contracts.words import PlanCounter


@dataclass(frozen=True, kw_only=True)
class CounterPart:
    """What a counter counts of one kind, such as a category; None when it is not published."""

    label: str
    value: Count | None


@dataclass(frozen=True, kw_only=True)
class CounterRecord:
    """A counter as of a day; `value` is None when it is not published.

    `of` is the whole that `value` is a share of.  It is reached or not where there is a target.
    """

    counter: PlanCounter
    title: str
    title_en: str
    computed: str
    computed_en: str
    value: Count | None
    of: Count | None = None
    target: Count | None = None
    reached: bool | None = None
    parts: tuple[CounterPart, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DistrictCoverage:
    """A district: it is reached with enough categories or enough measures on offer."""

    district: DistrictCode
    categories: Count
    measures: Count
    reached: bool


@reply("scenarios.counters.record.v1")
@dataclass(frozen=True, kw_only=True)
class PlanCounters:
    """Every counter of the plan as of the end of a day.

    With `rounded_to`, numbers of what people did are rounded down to a multiple of it.
    """

    as_of: DayName
    counters: tuple[CounterRecord, ...]
    districts: tuple[DistrictCoverage, ...]
    rounded_to: Count | None = None


@command("scenarios.counters.show.v1", reply=PlanCounters)
@dataclass(frozen=True, kw_only=True)
class ShowPlanCounters:
    """Ask for the counters as of a day, today without one: rounded for everybody, or exact."""

    as_of: DayName | None = None
    exact: bool = False
