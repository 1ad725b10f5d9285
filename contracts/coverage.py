"""Coverage: which sources report an item, and of which periods they have reported everything."""

from dataclasses import dataclass

from contracts.fields import Moment, Slug
from contracts.wire import command, reply


@dataclass(frozen=True, kw_only=True)
class CoveredPeriod:
    """All that became effective since a moment, and before another, was reported."""

    since: Moment
    until: Moment


@dataclass(frozen=True, kw_only=True)
class CoverageRecord:
    """What a source has reported of an item; `source` is null for the city.

    Outside the periods nothing is known: no evidence there does not mean that there was nothing.
    """

    item_id: Slug
    source: Slug | None
    periods: tuple[CoveredPeriod, ...]
    reported_at: Moment


@reply("scenarios.coverage.records.v1")
@dataclass(frozen=True, kw_only=True)
class CoverageRecords:
    """The coverage of one item, by source."""

    item_id: Slug
    sources: tuple[CoverageRecord, ...]


@command("scenarios.coverage.report.v1", reply=CoverageRecords)
@dataclass(frozen=True, kw_only=True)
class ReportCoverage:
    """Say that a source has reported everything of an item in a period."""

    item_id: Slug
    since: Moment
    until: Moment
    source: Slug | None = None


@command("scenarios.coverage.list.v1", reply=CoverageRecords)
@dataclass(frozen=True, kw_only=True)
class ListCoverage:
    """Ask which sources have reported an item, and of which periods."""

    item_id: Slug
