"""Settlements: what two cities owe each other for a month (ADR 0036).

Lines name grants and attestations of the home city that reads them, never a holder.
"""

from dataclasses import dataclass

from contracts.fields import (
    CityCode,
    Count,
    Digest,
    Fen,
    Identifier,
    Moment,
    MonthName,
    PageSize,
)
from contracts.scenarios import StatementLine
from contracts.statements import NetFen
from contracts.wire import command, reply
from contracts.words import DifferenceKind, Funding, SettlementState, UsageFact

MOST_SEALS = 400  # of one page of a comparison


@dataclass(frozen=True, kw_only=True)
class SettlementLine(StatementLine):
    """A line and the month it is of: an earlier one than the settlement's is an adjustment."""

    host: CityCode
    home: CityCode
    period: MonthName


@reply("scenarios.settlement.lines.v1")
@dataclass(frozen=True, kw_only=True)
class SettlementLines:
    """The next lines of a settlement, by id, then host; `next` is what to go on after."""

    lines: tuple[SettlementLine, ...]
    next: Identifier | None = None


@command("scenarios.settlement.list_lines.v1", reply=SettlementLines)
@dataclass(frozen=True, kw_only=True)
class ListSettlementLines:
    """Ask for the lines of a settlement with a city that come after one."""

    period: MonthName
    city: CityCode
    after: Identifier | None = None
    limit: PageSize = 200


# --- settlements between two cities --------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SettledSum:
    """Lines of one host, fact and funding: how many, and what they are worth.

    `adjusting` of them, worth `adjusting_fen`, are of earlier months.
    """

    host: CityCode
    home: CityCode
    fact: UsageFact
    funding: Funding | None
    lines: Count
    value_fen: Fen
    adjusting: Count
    adjusting_fen: Fen


@reply("scenarios.settlement.record.v1")
@dataclass(frozen=True, kw_only=True)
class SettlementRecord:
    """What this city and another owe each other for a month.

    `due_fen` is what the other owes for what its residents used here at the home city's expense,
    `owed_fen` the same the other way; `net_fen` is what is left for the other to pay.  `digest` is
    over the lines as they are now, `closed_digest` as they were when the month was closed.
    """

    period: MonthName
    city: CityCode
    state: SettlementState
    lines: Count
    adjustments: Count
    due_fen: NetFen
    owed_fen: NetFen
    net_fen: NetFen
    digest: Digest
    sums: tuple[SettledSum, ...] = ()
    closed_digest: Digest | None = None
    their_digest: Digest | None = None
    closed_at: Moment | None = None
    changed_at: Moment | None = None


@reply("scenarios.settlement.records.v1")
@dataclass(frozen=True, kw_only=True)
class SettlementRecords:
    """The settlements of a month with every city, by city."""

    settlements: tuple[SettlementRecord, ...]


@command("scenarios.settlement.draw.v1", reply=SettlementRecord)
@dataclass(frozen=True, kw_only=True)
class DrawSettlement:
    """Ask for the settlement of a month with another city; an open one changes as lines come."""

    period: MonthName
    city: CityCode


@command("scenarios.settlement.list.v1", reply=SettlementRecords)
@dataclass(frozen=True, kw_only=True)
class ListSettlements:
    """Ask for the settlements of a month with every city."""

    period: MonthName


@command("scenarios.settlement.close.v1", reply=SettlementRecord)
@dataclass(frozen=True, kw_only=True)
class CloseSettlement:
    """Fix the lines of a month that is over; what comes later goes into the next month."""

    period: MonthName
    city: CityCode


@command("scenarios.settlement.resolve.v1", reply=SettlementRecord)
@dataclass(frozen=True, kw_only=True)
class ResolveSettlement:
    """Move the lines that the other city does not hold alike into the next month."""

    period: MonthName
    city: CityCode


# --- comparing -----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class LineSeal:
    """A line by name, and the digest of everything it says."""

    host: CityCode
    line_id: Identifier
    seal: Digest


@dataclass(frozen=True, kw_only=True)
class LineDifference:
    """A line that two cities do not hold alike; `line` is as this city holds it, if it does."""

    host: CityCode
    line_id: Identifier
    kind: DifferenceKind
    line: SettlementLine | None = None


@reply("scenarios.settlement.comparison.v1")
@dataclass(frozen=True, kw_only=True)
class SettlementComparison:
    """What comparing came to: equal digests, or the differences of the lines that were sent.

    It went as far as `compared_until`, which is None at the end: the next page goes on after it.
    """

    period: MonthName
    city: CityCode
    state: SettlementState
    digest: Digest
    lines: Count
    differences: tuple[LineDifference, ...] = ()
    compared_until: Identifier | None = None


@command("scenarios.settlement.compare.v1", reply=SettlementComparison)
@dataclass(frozen=True, kw_only=True)
class CompareSettlement:
    """Compare a settlement with the city `city`, by its digest and a page of its lines.

    The page holds every line of theirs after `after`, by id; unless it is the last one it ends at
    `until`.
    """

    period: MonthName
    city: CityCode
    digest: Digest
    after: Identifier | None = None
    until: Identifier | None = None
    seals: tuple[LineSeal, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class ComparisonBody:
    """A settlement's digest and, when it was said to differ, the next page of its lines."""

    digest: Digest
    after: Identifier | None = None
    until: Identifier | None = None
    seals: tuple[LineSeal, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class FieldDifference:
    """A field that differs, with both values; of a line that one city lacks, the whole `line`.

    Of a line that only the other city has compared, the `seal` is all this one knows.
    """

    host: CityCode
    line_id: Identifier
    kind: DifferenceKind
    field: str
    here: str
    there: str


@reply("scenarios.settlement.differences.v1")
@dataclass(frozen=True, kw_only=True)
class SettlementDifferences:
    """Where a settlement differs, by line; `next` is what to go on after."""

    differences: tuple[FieldDifference, ...]
    next: Identifier | None = None


@command("scenarios.settlement.list_differences.v1", reply=SettlementDifferences)
@dataclass(frozen=True, kw_only=True)
class ListSettlementDifferences:
    """Ask for the differences that the last comparison found, of lines after one."""

    period: MonthName
    city: CityCode
    after: Identifier | None = None
    limit: PageSize = 200
