"""Two cities with usage lines between them, and what one says to the other."""

from datetime import UTC, datetime
from functools import partial
from uuid import UUID, uuid5

from contracts.settlements import CloseSettlement, CompareSettlement, ResolveSettlement
from contracts.words import Funding, UsageFact
from services.scenarios.domain.statement import UsageLine
from services.scenarios.handlers.comparing import compare_settlement, compare_with
from services.scenarios.handlers.settlements import close_settlement, resolve_settlement
from tests.builders.scenarios import FUZHOU, HANGZHOU

NOVEMBER, DECEMBER = "2026-11", "2026-12"
IN_NOVEMBER = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
IN_DECEMBER = datetime(2026, 12, 4, 2, tzinfo=UTC)
IN_JANUARY = datetime(2027, 1, 5, 2, tzinfo=UTC)


def a_line(number=1, **overrides):
    """A bike ride of Fuzhou's in Hangzhou, at the expense of Fuzhou."""
    values = {
        "id": uuid5(UUID(int=7), str(number)),
        "host": HANGZHOU,
        "home": FUZHOU,
        "grant_id": UUID(int=100 + number),
        "attestation_id": UUID(int=5),
        "incentive_id": "late-return",
        "fact": UsageFact.REDEEMED,
        "value_fen": 500,
        "at": IN_NOVEMBER,
        "funding": Funding.HOME_CITY,
    }
    return UsageLine(**{**values, **overrides})


def book(uow, *lines):
    with uow:
        for line in lines:
            uow.usage_lines.add(line)
        uow.commit()


def close(uow, own, other, *, period=NOVEMBER, now=IN_DECEMBER):
    command = CloseSettlement(period=period, city=other)
    return close_settlement(command, uow=uow, city=own, now=now)


def resolve(uow, own, other, *, period=NOVEMBER, now=IN_DECEMBER):
    command = ResolveSettlement(period=period, city=other)
    return resolve_settlement(command, uow=uow, city=own, now=now)


def ask(uow, own, asking, period, body, *, now):
    """Let a city answer another's comparison."""
    command = CompareSettlement(period=period, city=asking, **vars(body))
    return compare_settlement(command, uow=uow, city=own, now=now)


def compare(asker, answerer, *, cities=(HANGZHOU, FUZHOU), period=NOVEMBER, now=IN_DECEMBER):
    """Let one city compare its settlement with the other's."""
    own, other = cities
    asking = partial(ask, answerer, other, own, period, now=now)
    return compare_with(period, other, asking, uow=asker, city=own, now=now)
