"""Facts, and what is decided about them."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from contracts.periods import HOST_TIME
from contracts.words import DisputeGround, Gravity
from services.recognition.domain.dispute import Contest, Dispute
from services.recognition.domain.fact import Fact
from services.recognition.domain.repair import Repair
from tests.builders.attestations import NOW
from tests.builders.recognition import RESIDENT

WEEK = timedelta(days=7)


def a_day(year: int, month: int, day: int) -> datetime:
    """Return the beginning of a day in the cities."""
    return datetime(year, month, day, tzinfo=HOST_TIME)


def a_fact(**overrides: Any) -> Fact:
    """Make a fact of a few months ago that takes 100 points: of 783 it leaves the band 优秀."""
    values = {
        "id": "fz-1",
        "catalogue_item": "fz-penalty",
        "gravity": Gravity.GENERAL,
        "document_no": "榕市监罚〔2026〕12号",
        "decided_at": (NOW - timedelta(days=150)).astimezone(HOST_TIME).replace(hour=0, minute=0),
        "points": Decimal(-100),
    }
    return Fact(**{**values, **overrides})


def a_contest(**overrides: Any) -> Contest:
    values = {"resident": RESIDENT, "ground": DisputeGround.WRONG_CONTENT, "fact_id": "fz-1"}
    return Contest(**{**values, **overrides})


def a_dispute(**overrides: Any) -> Dispute:
    """Open a dispute; it names no fact yet."""
    values = {"id": uuid4(), "contest": a_contest(), "opened_at": NOW, "due_at": NOW + WEEK}
    return Dispute(**{**values, **overrides})


def a_repair(**overrides: Any) -> Repair:
    fact = a_fact()
    values = {
        "id": uuid4(),
        "resident": RESIDENT,
        "fact_id": fact.id,
        "catalogue_item": fact.catalogue_item,
        "decided_at": fact.decided_at,
        "opened_at": NOW,
        "due_at": NOW + WEEK,
    }
    return Repair(**{**values, **overrides})
