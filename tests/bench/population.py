"""A gateway's read side with many recognised holders, and sessions of some of them."""

import json
import random
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid5

from sqlalchemy import Connection, Engine, insert

from contracts.benefits import FreeUse
from contracts.pseudonyms import holder_of
from contracts.recognition import RecognitionRecord
from contracts.rules import Limit
from contracts.scenarios import IncentivePublished
from contracts.words import Category, OnWithdrawal, Period
from services.gateway.adapters.tables import holders
from services.gateway.authentication.sessions import Holders, OwnTokens
from services.gateway.eligibility import projector
from services.gateway.eligibility.index import to_microseconds
from services.gateway.keys import read_gateway_keys
from services.plumbing.clock import utc_now

NAMES = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
PURPOSES = (Category.TRANSPORT, Category.SPORTS, Category.DRIVING_SCHOOL)
INCENTIVES = 15
ROWS_AT_ONCE = 10_000
KEY = bytes(range(32))


def holder_name(number: int) -> str:
    return holder_of(KEY, str(number))


def populate(engine: Engine, count: int, incentives: int = INCENTIVES) -> None:
    """Fill an empty read side: `count` holders, every tier, and some incentives."""
    now = utc_now()
    with engine.begin() as connection:
        publish(connection, range(incentives))
    purposes = json.dumps(PURPOSES)
    usages = json.dumps({}), json.dumps({"incentive-1": ["2026-11", 1]})
    recognised_us, until_us = to_microseconds(now), to_microseconds(now + timedelta(days=30))
    rows = (
        {
            "holder": holder_name(number),
            "recognition_id": uuid5(NAMES, str(number)),
            "home": "350100",
            "tier": number % 5 + 1,
            "purposes": purposes,
            "recognised_us": recognised_us,
            "until_us": until_us,
            "ended": False,
            "usage": usages[bool(number % 3)],
        }
        for number in range(count)
    )
    batch: list[dict[str, object]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == ROWS_AT_ONCE:
            write(engine, batch)
            batch.clear()
    if batch:
        write(engine, batch)


def publish(connection: Connection, numbers: Iterable[int]) -> None:
    """Offer further incentives."""
    for number in numbers:
        projector.publish_incentive(connection, incentive(number))


def write(engine: Engine, batch: list[dict[str, object]]) -> None:
    with engine.begin() as connection:
        connection.execute(insert(holders), batch)


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
                recognition_id=uuid5(NAMES, str(number)),
                holder=holder_name(number),
                home="350100",
                tier=number % 5 + 1,
                purposes=PURPOSES,
                crosswalk=1,
                roster=1,
                status_age_seconds=0,
                recognised_at=now - timedelta(minutes=1),
                until=now + timedelta(days=30),
            )
        ).token
        for number in picked
    ]
