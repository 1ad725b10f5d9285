"""What counts against quotas and budgets, as scenarios tells it."""

from datetime import timedelta
from typing import Final, Protocol

from sqlalchemy import Connection, update

from contracts.rules import QuotaCount
from services.gateway.adapters.tables import quota_counts
from services.plumbing.rows import insert_once

KEPT: Final = timedelta(days=1)  # for what is heard late
AT_A_TIME: Final = 500  # so that nobody waits long for a lock


class Counting(Protocol):
    """An event that tells what counts against an incentive's quotas."""

    @property
    def incentive_id(self) -> str: ...
    @property
    def count_number(self) -> int: ...
    @property
    def counts(self) -> tuple[QuotaCount, ...]: ...


def note_counts(connection: Connection, event: Counting) -> bool:
    """Note the counts of an event where they are newer; say whether any was.

    Events of one incentive may come in any order, and each more than once.
    """
    noted = [_note(connection, event, count) for count in event.counts]
    return any(noted)


def _note(connection: Connection, event: Counting, count: QuotaCount) -> bool:
    key = {
        "incentive_id": event.incentive_id,
        "district": count.district or "",
        "period": count.window,
    }
    told = {"number": event.count_number, "units": count.units, "fen": count.fen}
    if insert_once(connection, quota_counts, **key, **told):
        return True
    newer = (
        update(quota_counts)
        .filter_by(**key)
        .where(quota_counts.c.number < event.count_number)
        .values(told)
    )
    return connection.execute(newer).rowcount > 0
