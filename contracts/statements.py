"""Statements in pages: of two cities, of an operator, and what everybody may know (ADR 0036)."""

from dataclasses import dataclass
from typing import Annotated

from marshmallow import fields, validate

from contracts.fields import (
    CityCode,
    Count,
    Fen,
    Identifier,
    Moment,
    MonthName,
    PageSize,
    Reason,
    Slug,
)
from contracts.scenarios import StatementLine
from contracts.wire import command, reply
from contracts.words import Funding, UsageFact

NetFen = Annotated[
    int,
    fields.Integer(
        strict=True,
        validate=validate.Range(-10_000_000_000_000, 10_000_000_000_000),
        metadata={
            "description": "Money in fen that one side owes another; negative the other way.",
            "examples": [-1500],
        },
    ),
]

# --- lines in pages ------------------------------------------------------------------------


@reply("scenarios.statement.lines.v1")
@dataclass(frozen=True, kw_only=True)
class StatementLines:
    """The next lines of a statement, by moment, then id; `next` is what to go on after."""

    lines: tuple[StatementLine, ...]
    next: Identifier | None = None


@command("scenarios.statement.list_lines.v1", reply=StatementLines)
@dataclass(frozen=True, kw_only=True)
class ListStatementLines:
    """Ask for the lines of a statement between this city and another that come after one."""

    period: MonthName
    home: CityCode
    host: CityCode
    after: Identifier | None = None
    limit: PageSize = 200


# --- operators -----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class OperatorLine:
    """One fact about one grant, without its holder, home and attestation.

    An end is `ended`, whatever was behind it.
    """

    line_id: Identifier
    grant_id: Identifier
    incentive_id: Slug
    fact: Reason
    value_fen: Fen
    at: Moment
    funding: Funding | None = None


@dataclass(frozen=True, kw_only=True)
class OperatorSum:
    """What became of grants of one incentive, and what it is worth."""

    incentive_id: Slug
    fact: Reason
    funding: Funding | None
    lines: Count
    value_fen: Fen


@reply("scenarios.operator.statement.v1")
@dataclass(frozen=True, kw_only=True)
class OperatorStatement:
    """An operator's month: `due_fen` the host city pays it, `borne_fen` it bears itself.

    A benefit the home city pays for is paid to the operator by the host city, which has it back by
    the settlement.  `lines` are the next ones by moment; `next` is what to go on after.
    """

    period: MonthName
    operator_id: Slug
    due_fen: NetFen
    borne_fen: NetFen
    sums: tuple[OperatorSum, ...]
    lines: tuple[OperatorLine, ...]
    next: Identifier | None = None


@command("scenarios.operator.draw_statement.v1", reply=OperatorStatement)
@dataclass(frozen=True, kw_only=True)
class DrawOperatorStatement:
    """Ask for the month of an operator, and its lines after one of them."""

    period: MonthName
    operator_id: Slug
    after: Identifier | None = None
    limit: PageSize = 200


# --- for everybody -------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class UsageCell:
    """How often something happened to grants of one incentive and home; None when suppressed."""

    incentive_id: Slug
    home: CityCode
    fact: UsageFact
    lines: Count | None


@dataclass(frozen=True, kw_only=True)
class UsageTotal:
    """How often something happened to grants of one incentive; None when suppressed."""

    incentive_id: Slug
    fact: UsageFact
    lines: Count | None


@reply("scenarios.usage.summary.v1")
@dataclass(frozen=True, kw_only=True)
class UsageSummary:
    """Grants and uses of a month in this city, for everybody.

    A cell of fewer than `smallest_cell` is suppressed, and so is what would give it back by
    subtraction.
    """

    period: MonthName
    smallest_cell: Count
    incentives: tuple[UsageTotal, ...]
    cells: tuple[UsageCell, ...]


@command("scenarios.usage.summarise.v1", reply=UsageSummary)
@dataclass(frozen=True, kw_only=True)
class SummariseUsage:
    """Ask for what everybody may know of a month that is over."""

    period: MonthName
