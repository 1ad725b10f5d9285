"""Holding what is counted against the grants and reservations themselves, and putting it right.

One incentive at a time, while its tally is locked: whoever takes something of it waits meanwhile.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Engine, delete, func, select, update

from contracts.words import GrantState
from services.scenarios.adapters.quota_tables import reservations
from services.scenarios.adapters.recount import IS_HELD
from services.scenarios.adapters.tables import counters, grants, incentives, tallies
from services.scenarios.domain.bounds import Count, CounterKey, Taking

BATCH: Final = 2000  # rows, read in a few milliseconds


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A number that is not what the grants and reservations say; it names no holder."""

    incentive_id: str
    where: str
    number: str
    stored: int
    counted: int


def audit(engine: Engine, *, repair: bool) -> Iterator[Difference]:
    """Yield each difference of each incentive, and put it right when that is asked for.

    Safe to repeat, and while the node runs.
    """
    with engine.connect() as connection:
        ids = connection.execute(select(incentives.c.id).order_by(incentives.c.id)).scalars().all()
    for incentive_id in ids:
        with engine.begin() as connection:
            found = list(_differences(connection, incentive_id))
            if found and repair:
                _put_right(connection, incentive_id)
        yield from found


def _differences(connection: Connection, incentive_id: str) -> Iterator[Difference]:
    same = tallies.c.incentive_id == incentive_id
    stored = connection.execute(select(tallies).where(same).with_for_update()).mappings().one()
    kept = _kept(connection, incentive_id)
    whole, counts = _count(connection, incentive_id, set(kept))
    expected = {**vars(whole), **_states(connection, incentive_id)}
    places = [("tally", stored, expected)]
    places += [(_name(key), kept[key], vars(counts.get(key, Count()))) for key in sorted(kept)]
    for where, is_stored, is_counted in places:
        for number, counted in is_counted.items():
            if is_stored[number] != counted:
                yield Difference(
                    incentive_id=incentive_id,
                    where=where,
                    number=number,
                    stored=is_stored[number],
                    counted=counted,
                )


def _name(key: CounterKey) -> str:
    return " ".join(part for part in (key.period, key.district, key.holder and "a holder") if part)


def _kept(connection: Connection, incentive_id: str) -> dict[CounterKey, Any]:
    found = connection.execute(select(counters).where(counters.c.incentive_id == incentive_id))
    return {
        CounterKey(row["holder"], row["district"], row["period"]): row for row in found.mappings()
    }


def _states(connection: Connection, incentive_id: str) -> dict[str, int]:
    found = (
        select(grants.c.state, func.count().label("number"))
        .where(grants.c.incentive_id == incentive_id)
        .group_by(grants.c.state)
    )
    states = Counter({row.state: row.number for row in connection.execute(found)})
    return {state.value: states[state] for state in GrantState}


def _count(
    connection: Connection, incentive_id: str, keys: set[CounterKey]
) -> tuple[Count, dict[CounterKey, Count]]:
    """Count everything of an incentive, in all and for each of these counters."""
    whole, counts = Count(), dict.fromkeys(keys, Count())
    for taking, step in _steps(connection, incentive_id):
        whole += step
        for key in keys.intersection(taking.keys):
            counts[key] += step
    return whole, counts


def _steps(connection: Connection, incentive_id: str) -> Iterator[tuple[Taking, Count]]:
    streamed = {"yield_per": BATCH}
    issued = select(
        grants.c.holder,
        grants.c.district,
        grants.c.counted_at,
        grants.c.reserved_fen,
        grants.c.spent_fen,
    ).where(grants.c.incentive_id == incentive_id)
    for row in connection.execute(issued.execution_options(**streamed)):
        taking = Taking(holder=row.holder, district=row.district, at=row.counted_at)
        yield taking, Count(issued=1, reserved_fen=row.reserved_fen, spent_fen=row.spent_fen)
    held = select(
        reservations.c.holder,
        reservations.c.district,
        reservations.c.reserved_at,
        reservations.c.value_fen,
    ).where(IS_HELD, reservations.c.incentive_id == incentive_id)
    for each in connection.execute(held.execution_options(**streamed)):
        taking = Taking(holder=each.holder, district=each.district, at=each.reserved_at)
        yield taking, Count(held=1, reserved_fen=each.value_fen)


def _put_right(connection: Connection, incentive_id: str) -> None:
    """Write the tally anew; counters begin again from the grants when they are asked for."""
    whole, _ = _count(connection, incentive_id, set())
    connection.execute(
        update(tallies)
        .where(tallies.c.incentive_id == incentive_id)
        .values(changes=tallies.c.changes + 1, **vars(whole), **_states(connection, incentive_id))
    )
    connection.execute(delete(counters).where(counters.c.incentive_id == incentive_id))
