"""Tallies in a table: one row per incentive, at which all who change its numbers meet."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, Select, bindparam, select, update

from contracts.words import GrantState
from services.scenarios.adapters.tables import tallies
from services.scenarios.domain.bounds import Count
from services.scenarios.domain.limits import Tally

_TALLY: Final = [column for column in tallies.columns if column.name != "incentive_id"]
_NO_STEP: Final = {f"step_{column.name}": 0 for column in _TALLY if column.name != "changes"}
_UNBOUNDED: Final = 2**63 - 1
_ONE: Final = select(*_TALLY).where(tallies.c.incentive_id == bindparam("named"))
_LOCKED: Final = _ONE.with_for_update()
_STEPPED: Final = (
    update(tallies)
    .where(
        tallies.c.incentive_id == bindparam("named"),
        tallies.c.reserved_fen + tallies.c.spent_fen <= bindparam("room", type_=BigInteger()),
    )
    .values(
        {column: column + bindparam(f"step_{column.name}", type_=column.type) for column in _TALLY}
    )
    .returning(*_TALLY)
)


class SqlTallies:
    """Keeps one row per incentive.  One that is locked is not read again: nobody changes it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._locked: dict[str, Tally] = {}

    def get(self, incentive_id: str) -> Tally:
        return self._one(_ONE, incentive_id)

    def lock(self, incentive_id: str) -> Tally:
        if incentive_id not in self._locked:
            self._locked[incentive_id] = self._one(_LOCKED, incentive_id)
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
        named = {
            **_NO_STEP,
            **{f"step_{name}": value for name, value in step.items()},
            "step_changes": 1,
            "named": incentive_id,
            "room": _UNBOUNDED if within is None else within - step["reserved_fen"],
        }
        row = self._connection.execute(_STEPPED, named).mappings().one_or_none()
        if row is None:
            return None
        self._locked[incentive_id] = tally = Tally(**row)
        return tally

    def _one(self, found: Select[Any], incentive_id: str) -> Tally:
        named = {"named": incentive_id}
        return Tally(**self._connection.execute(found, named).mappings().one())
