"""Statements: booking what hosts report, and drawing a month."""

from contracts.errors import NotFound
from contracts.pages import next_of
from contracts.recognition import UsageReported
from contracts.scenarios import DrawStatement, Statement, StatementLine
from contracts.statements import ListStatementLines, StatementLines
from contracts.words import UsageFact
from services.scenarios.domain.statement import MOST_LINES, UsageLine, draw
from services.scenarios.handlers.announcing import line_of
from services.scenarios.ports import UnitOfWork


def on_usage_reported(event: UsageReported, *, uow: UnitOfWork, city: str) -> None:
    """Book what a host reports of a grant that rests on this city's attestation.

    Safe to repeat.  Recognition has checked that the host speaks for itself.
    """
    with uow:
        uow.usage_lines.add(line_of(event, home=city))
        uow.commit()


def draw_statement(command: DrawStatement, *, uow: UnitOfWork, city: str) -> Statement:
    """Draw a month between this city and another, from this city's usage lines.

    It lists the first 1000 lines; totals and digest are over all.  Raises NotFound for a statement
    between two other cities.
    """
    if city not in (command.home, command.host):
        raise NotFound("not_found", "statement")
    with uow:
        listed = uow.usage_lines.of_month(
            command.period, home=command.home, host=command.host, most=MOST_LINES
        )
        drawn = draw(listed, uow.usage_lines.after(listed[-1]) if listed else ())
    return Statement(
        period=command.period,
        home=command.home,
        host=command.host,
        issued=drawn.counts[UsageFact.ISSUED],
        redeemed=drawn.counts[UsageFact.REDEEMED],
        expired=drawn.counts[UsageFact.EXPIRED],
        revoked=drawn.counts[UsageFact.REVOKED],
        restored=drawn.counts[UsageFact.RESTORED],
        reversed=drawn.counts[UsageFact.REVERSED],
        recalled=drawn.counts[UsageFact.RECALLED],
        kept=drawn.counts[UsageFact.KEPT],
        called=drawn.counts[UsageFact.CALLED],
        redeemed_fen=drawn.fen[UsageFact.REDEEMED],
        reversed_fen=drawn.fen[UsageFact.REVERSED],
        called_fen=drawn.fen[UsageFact.CALLED],
        digest=drawn.digest,
        lines=tuple(map(_line, drawn.lines)),
        truncated=drawn.is_truncated,
    )


def list_statement_lines(
    command: ListStatementLines, *, uow: UnitOfWork, city: str
) -> StatementLines:
    """List the next lines of a statement, by moment, then id.

    Raises NotFound for a statement between two other cities, and when `after` is none of its lines.
    """
    if city not in (command.home, command.host):
        raise NotFound("not_found", "statement")
    with uow:
        lines = uow.usage_lines.of_month(
            command.period,
            home=command.home,
            host=command.host,
            most=command.limit,
            after=command.after,
        )
    shown = tuple(map(_line, lines))
    return StatementLines(lines=shown, next=next_of(shown, command.limit, "line_id"))


def _line(line: UsageLine) -> StatementLine:
    return StatementLine(
        line_id=line.id,
        grant_id=line.grant_id,
        attestation_id=line.attestation_id,
        incentive_id=line.incentive_id,
        fact=line.fact,
        value_fen=line.value_fen,
        at=line.at,
        funding=line.funding,
    )
