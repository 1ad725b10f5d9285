"""Tallies in a table: one row per incentive, at which all who change its numbers meet."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select, select, update

from contracts.words import GrantState
from services.scenarios.adapters.tables import tallies
from services.scenarios.domain.bounds import Count
from services.scenarios.domain.limits import Tally


class SqlTallies:
    """Keeps one row per incentive.  One that is locked is not read again: nobody changes it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._locked: dict[str, Tally] = {}

    def get(self, incentive_id: str) -> Tally:
        return self._one(select(*_TALLY), incentive_id)

    def lock(self, incentive_id: str) -> Tally:
        if incentive_id not in self._locked:
            found = select(*_TALLY).with_for_update()
            self._locked[incentive_id] = self._one(found, incentive_id)
        return self._locked[incentive_id]

    def issue(self, incentive_id: str, value_fen: int, budget_fen: int | None) -> Tally | None:
        step = {"issued": 1, "open": 1, "reserved_fen": value_fen}
        return self._change(incentive_id, step, within=budget_fen)

    def hold(self, incentive_id: str, value_fen: int, budget_fen: int | None) -> Tally | None:
        step = {"held": 1, "reserved_fen": value_fen}
        return self._change(incentive_id, step, within=budget_fen)

    def confirm(self, incentive_id: str) -> Tally:
        return self._must(incentive_id, held=-1, issued=1, open=1)

    def release(self, incentive_id: str, value_fen: int) -> Tally:
        return self._must(incentive_id, held=-1, reserved_fen=-value_fen)

    def use(self, incentive_id: str, step: Count, redeemed: int = 0) -> Tally:
        return self._must(
            incentive_id,
            open=-redeemed,
            redeemed=redeemed,
            reserved_fen=step.reserved_fen,
            spent_fen=step.spent_fen,
        )

    def end(self, incentive_id: str, state: GrantState, released_fen: int) -> Tally:
        return self._must(
            incentive_id, **{"open": -1, state.value: 1, "reserved_fen": -released_fen}
        )

    def restore(self, incentive_id: str, reserved_fen: int, budget_fen: int | None) -> Tally | None:
        step = {"open": 1, "revoked": -1, "reserved_fen": reserved_fen}
        return self._change(incentive_id, step, within=budget_fen if reserved_fen else None)

    def _must(self, incentive_id: str, **step: int) -> Tally:
        changed = self._change(incentive_id, step, within=None)
        if changed is None:
            raise LookupError(f"incentive {incentive_id} without its tally")
        return changed

    def _change(
        self, incentive_id: str, step: Mapping[str, int], *, within: int | None
    ) -> Tally | None:
        """Add a step, by one statement, unless a budget does not allow it."""
        after = {name: tallies.c[name] + value for name, value in step.items()}
        changed = (
            update(tallies)
            .where(tallies.c.incentive_id == incentive_id)
            .values(changes=tallies.c.changes + 1, **after)
            .returning(*_TALLY)
        )
        if within is not None:
            committed = tallies.c.reserved_fen + tallies.c.spent_fen
            changed = changed.where(committed + step["reserved_fen"] <= within)
        row = self._connection.execute(changed).mappings().one_or_none()
        if row is None:
            return None
        self._locked[incentive_id] = tally = Tally(**row)
        return tally

    def _one(self, found: Select[Any], incentive_id: str) -> Tally:
        row = self._connection.execute(found.where(tallies.c.incentive_id == incentive_id))
        return Tally(**row.mappings().one())


_TALLY = [column for column in tallies.columns if column.name != "incentive_id"]
