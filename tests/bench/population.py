"""A gateway's read side with many recognised holders, and sessions of some of them."""

import json
import random
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine

from contracts.benefits import FreeUse
from contracts.periods import period_name
from contracts.pseudonyms import holder_of
from contracts.recognition import RecognitionRecord
from contracts.rules import Limit
from contracts.scenarios import IncentivePublished
from contracts.words import Category, OnWithdrawal, Period
from services.gateway.authentication.sessions import Holders, OwnTokens
from services.gateway.eligibility import projector
from services.gateway.eligibility.moments import to_microseconds
from services.gateway.keys import read_gateway_keys
from services.plumbing.clock import utc_now

COLUMNS = (
    "holder",
    "recognition_id",
    "home",
    "tier",
    "purposes",
    "recognised_us",
    "until_us",
    "ended",
    "usage",
)
PURPOSES = (Category.TRANSPORT, Category.SPORTS, Category.DRIVING_SCHOOL)
INCENTIVES = 15
KEY = bytes(range(32))


def holder_name(number: int) -> str:
    return holder_of(KEY, str(number))


def recognition_of(number: int) -> UUID:
    return UUID(int=number + 1)


def populate(engine: Engine, count: int, incentives: int = INCENTIVES) -> None:
    """Fill an empty read side: `count` holders, of every tier, who took different things.

    Rows go in by the order of their key and past SQLAlchemy and triggers, so that a million do not
    take many minutes.
    """
    with engine.begin() as connection:
        publish(connection, range(incentives))
    connection = engine.raw_connection()
    try:
        driver = connection.driver_connection
        if engine.dialect.name == "sqlite":
            marks = ", ".join("?" * len(COLUMNS))
            statement = f"INSERT INTO holders ({', '.join(COLUMNS)}) VALUES ({marks})"  # noqa: S608  own names
            driver.execute("BEGIN")
            driver.executemany(statement, rows(count))
            driver.execute("DELETE FROM changed_rows WHERE id < ?", (count,))
        else:
            driver.execute("SET LOCAL statement_timeout = 0")
            driver.execute("ALTER TABLE holders DISABLE TRIGGER USER")
            with driver.cursor().copy(f"COPY holders ({', '.join(COLUMNS)}) FROM STDIN") as copy:
                for row in rows(count):
                    copy.write_row(row)
            driver.execute("ALTER TABLE holders ENABLE TRIGGER USER")
            driver.execute("ANALYZE holders")
        driver.commit()
    finally:
        connection.close()


def rows(count: int) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of holders, by COLUMNS."""
    now = utc_now()
    purposes = json.dumps(PURPOSES)
    recognised_us, until_us = to_microseconds(now), to_microseconds(now + timedelta(days=30))
    month = period_name(Period.MONTH, now)
    usages = [
        json.dumps({f"incentive-{n}": [month, 1 + n % 2] for n in range(first, first + taken)})
        for first in range(13)
        for taken in (0, 1, 1, 2)
    ]
    for name, number in sorted((holder_name(number), number) for number in range(count)):
        yield (
            name,
            recognition_of(number).hex,
            "350100",
            number % 5 + 1,
            purposes,
            recognised_us - number,
            until_us + number,
            False,
            usages[number % len(usages)],
        )


def publish(connection: Connection, numbers: Iterable[int]) -> None:
    """Offer further incentives."""
    for number in numbers:
        projector.publish_incentive(connection, incentive(number))


def incentive(number: int) -> IncentivePublished:
    return IncentivePublished(
        incentive_id=f"incentive-{number}",
        version=1,
        scenario_id=f"scenario-{number}",
        scenario_name="信用场景",
        scenario_name_en="A scenario",
        operator_id="operator-1",
        category=list(Category)[number % len(Category)],
        title="五次免费骑行",
        title_en="Five free rides",
        benefit=FreeUse(uses=5, minutes_each=30),
        minimum_tier=number % 5 + 1,
        per_holder=Limit(count=1 + number % 3, period=Period.MONTH),
        quota=Limit(count=100_000, period=Period.MONTH),
        budget_fen=None,
        on_withdrawal=OnWithdrawal.REVOKE_OPEN,
        offered_from=utc_now() - timedelta(days=1),
        offered_until=None,
    )


def sessions(gateway: str, keys: Path, count: int, sample: int) -> list[str]:
    """Open sessions for holders picked all over the table."""
    own = OwnTokens(gateway=gateway, key=read_gateway_keys(keys).session, clock=utc_now)
    opener, now = Holders(own), utc_now()
    picked = random.Random(1).sample(range(count), sample)  # noqa: S311  the same sample in each run
    return [
        opener.open(
            RecognitionRecord(
                recognition_id=recognition_of(number),
                holder=holder_name(number),
                home="350100",
                tier=number % 5 + 1,
                purposes=PURPOSES,
                crosswalk=1,
                roster=1,
                status_age_seconds=0,
                recognised_at=now - timedelta(hours=1),
                until=now + timedelta(days=30),
            )
        ).token
        for number in picked
    ]
